"""What is installed: every package has a known, allowed licence, and stands in the bill."""

import json

import pytest

from tools.fornitura.bill import BILL, LOCK, PIN, Package, made, read_lock, refused
from tools.fornitura.vulnerabilities import _tell


def test_bill_and_licences_are_in_step_with_the_lock():
    for path, text in made().items():
        assert path.read_text(encoding="utf-8") == text, "run: python -m tools.fornitura.bill"


def test_the_bill_holds_every_package_of_the_lock_once():
    document = json.loads(BILL.read_text(encoding="utf-8"))
    pins = [pin for pin in map(PIN.match, LOCK.read_text(encoding="utf-8").splitlines()) if pin]
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert [(c["name"], c["version"]) for c in document["components"]] == [
        (pin[1], pin[2]) for pin in pins
    ]
    references = [component["bom-ref"] for component in document["components"]]
    assert len(set(references)) == len(references) > 100
    assert document["dependencies"][0]["dependsOn"] == references
    assert all(component["licenses"][0]["expression"] for component in document["components"])


@pytest.mark.parametrize(
    ("licence", "refused_"),
    [
        ("MIT", False),
        ("MIT AND GPL-3.0-only", True),
        ("GPL-3.0-only OR MIT", False),
        ("(MIT AND ISC) OR AGPL-3.0-only", False),
        ("", True),
    ],
)
def test_a_licence_nobody_allowed_is_refused(licence, refused_):
    package = Package("x", "1", "", ("0" * 64,), licence)
    assert bool(refused([package], ["MIT", "ISC"])) is refused_


def test_a_package_of_unknown_licence_or_without_checksum_stops():
    with pytest.raises(SystemExit, match="ignoto"):
        read_lock("ignoto==1.0 \\\n    --hash=sha256:" + "0" * 64, {})
    with pytest.raises(SystemExit, match="noto"):
        read_lock("noto==1.0", {"noto": "MIT"})


def test_a_package_that_was_skipped_is_not_a_package_in_order(capsys):
    known = {"name": "a", "version": "1", "vulns": []}
    bad = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}]}
    skipped = {"name": "c", "skip_reason": "not found"}
    assert [_tell(rows) for rows in ([known], [known, bad], [known, skipped])] == [0, 1, 5]
    assert "b 2: PYSEC-1" in capsys.readouterr().out
