from __future__ import annotations

from pathlib import Path

import pytest

from bgest_analysis.engine.fingerprint import code_hash, installed, lock_hash, pinned
from bgest_analysis.engine.hashing import HashCache


@pytest.fixture
def package(tmp_path: Path) -> Path:
    files = {
        "a.py": "x = 1",
        "cli/main.py": "y = 1",
        "text/locale/en.mo": "z",
        "notebooks/01.ipynb": "{}",
        "__pycache__/a.pyc": "c",
        ".nascosto": "n",
    }
    for name, text in files.items():
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "package"


def hashed(package: Path) -> str:
    return code_hash(HashCache(package.parent / "none.json"), package)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("a.py", True),
        ("text/locale/en.mo", True),
        ("new.csv", True),
        ("cli/main.py", False),
        ("notebooks/01.ipynb", False),
        ("__pycache__/a.pyc", False),
        (".nascosto", False),
    ],
)
def test_what_counts_as_code(package: Path, name: str, counts: bool) -> None:
    before = hashed(package)
    (package / name).write_text("changed", encoding="utf-8")
    assert (hashed(package) != before) is counts


def test_a_renamed_file_counts(package: Path) -> None:
    before = hashed(package)
    (package / "a.py").rename(package / "b.py")
    assert hashed(package) != before


LOCK = "# made by uv\nnumpy==2.4.0 \\\n    --hash=sha256:aa\nPython_Calamine==0.5 ; x\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("numpy-2.4.0", "python_calamine-0.5.3", "pytest-9.0"):
        (tmp_path / "site" / f"{name}.dist-info").mkdir(parents=True)
    return tmp_path / "site"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK, encoding="utf-8")
    return path


def test_names_are_read_from_the_lock(lock: Path) -> None:
    assert pinned(lock) == {"numpy", "python-calamine"}


def test_only_locked_packages_count(site: Path, lock: Path) -> None:
    assert installed(site, pinned(lock)) == ["numpy-2.4.0", "python-calamine-0.5.3"]
    assert len(installed(site, None)) == 3


def test_another_version_installed_by_hand_is_seen(site: Path, lock: Path, tmp_path: Path) -> None:
    cache = HashCache(tmp_path / "none.json")
    before = lock_hash(cache, lock, site)
    (site / "pytest-9.0.dist-info").rename(site / "pytest-9.1.dist-info")
    assert lock_hash(cache, lock, site) == before
    (site / "numpy-2.4.0.dist-info").rename(site / "numpy-2.4.1.dist-info")
    assert lock_hash(cache, lock, site) != before


def test_another_lock_is_seen(site: Path, lock: Path, tmp_path: Path) -> None:
    cache = HashCache(tmp_path / "none.json")
    before = lock_hash(cache, lock, site)
    lock.write_text(LOCK.replace("aa", "bbb"), encoding="utf-8")
    assert lock_hash(cache, lock, site) != before
