from pathlib import Path

import pytest

from bgest_analysis.errors import StudyError, UsageError
from bgest_analysis.read.addresses import address_of, load_addresses
from bgest_analysis.read.layout import layouts

OWN = """
[[fonte]]
codice = "p3"
tabella = "popolazione"
titolo = "P3 {anno}"
editore = "ISTAT"
licenza = "CC BY 4.0"
citazione = "Fonte: ISTAT"
indirizzo = "https://altrove.example/{anno}.zip"
nome = "P3_{anno}.csv"
tracciati = ["istat_p3"]
"""


def test_the_shipped_table_is_whole() -> None:
    addresses = load_addresses()

    known = {entry.code for entry in layouts()}
    assert {"strasa", "posas", "rcs", "p2", "p3", "popolazione_sdmx", "irpef"} <= set(addresses)
    assert all(set(address.tracciati) <= known for address in addresses.values())
    assert all("{" not in address.url(2024) for address in addresses.values())
    assert all("{" not in address.file_name(2024) for address in addresses.values())


def test_the_data_warehouse_is_asked_up_to_the_year_before() -> None:
    address = load_addresses()["popolazione_sdmx"]

    assert "endPeriod=2023" in address.url(2024)
    assert address.accetta == "text/csv"


def test_a_study_corrects_an_address(tmp_path: Path) -> None:
    (tmp_path / "indirizzi.toml").write_text(OWN, encoding="utf-8")

    addresses = load_addresses(tmp_path)

    assert addresses["p3"].url(2025) == "https://altrove.example/2025.zip"
    assert addresses["p2"] == load_addresses()["p2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[fonte", "non si legge"),
        ("altro = 1", r"solo voci \[\[fonte\]\]"),
        (OWN.replace('licenza = "CC BY 4.0"\n', ""), "chiavi licenza"),
        (OWN + 'colore = "rosso"\n', "chiavi colore"),
        (OWN.replace("https://altrove.example", "file:///etc"), "deve cominciare con http"),
        (OWN.replace("P3_{anno}.csv", "../P3.csv"), "senza cartelle"),
        (OWN.replace("P3_{anno}.csv", "P3.exe"), "senza cartelle"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "indirizzi.toml").write_text(text, encoding="utf-8")

    with pytest.raises(StudyError, match=said):
        load_addresses(tmp_path)


def test_an_unknown_source_is_told_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"«boh».*posas"):
        address_of("boh", load_addresses())
