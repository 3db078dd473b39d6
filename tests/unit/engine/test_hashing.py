from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from bgest_analysis.engine import hashing
from bgest_analysis.engine.hashing import HashCache


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def settle(path: Path) -> None:
    """Make a file look as if nobody had touched it for an hour, as far as can be set."""
    found = path.stat()
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns - 3600 * 10**9))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("uno", encoding="utf-8")
    return path


def later(cache: HashCache) -> HashCache:
    """Return the cache of a run ten seconds on."""
    cache.save()
    return HashCache(cache.file)


class CountingReads:
    def __init__(self) -> None:
        self.read: list[str] = []
        self.real = hashing.sha256_file

    def __call__(self, path: Path | str) -> str:
        self.read.append(os.fspath(path))
        return self.real(path)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> CountingReads:
    counting = CountingReads()
    monkeypatch.setattr(hashing, "sha256_file", counting)
    return counting


def ten_seconds_on() -> object:
    now = hashing.time.time_ns
    return patch.object(hashing.time, "time_ns", lambda: now() + 10 * 10**9)


def test_content_is_hashed(file: Path, tmp_path: Path) -> None:
    assert HashCache(tmp_path / "c.json").digest(file) == sha("uno")


def test_missing_file_has_no_hash(tmp_path: Path) -> None:
    cache = HashCache(tmp_path / "c.json")
    assert cache.digest(tmp_path / "nessuno") is None
    assert cache.digest(tmp_path / "nessuno" / "sotto") is None


def test_a_settled_file_is_read_once(file: Path, tmp_path: Path, reads: CountingReads) -> None:
    with ten_seconds_on():
        cache = HashCache(tmp_path / "c.json")
        cache.digest(file)
        again = later(cache)
        assert again.digest(file) == sha("uno")
    assert reads.read == [str(file)]


def test_a_young_file_is_read_again(file: Path, tmp_path: Path, reads: CountingReads) -> None:
    cache = HashCache(tmp_path / "c.json")
    cache.digest(file)
    later(cache).digest(file)
    assert len(reads.read) == 2


def test_a_file_from_the_future_is_never_believed(
    file: Path, tmp_path: Path, reads: CountingReads
) -> None:
    os.utime(file, ns=(0, hashing.time.time_ns() + 10**15))
    with ten_seconds_on():
        cache = HashCache(tmp_path / "c.json")
        cache.digest(file)
        later(cache).digest(file)
    assert len(reads.read) == 2


@pytest.mark.parametrize("how", ["size", "mtime", "inode", "ctime"])
def test_any_change_that_stat_sees_is_read(
    file: Path, tmp_path: Path, reads: CountingReads, how: str
) -> None:
    with ten_seconds_on():
        cache = HashCache(tmp_path / "c.json")
        cache.digest(file)
        before = file.stat()
        change(file, how)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + (how == "mtime")))
        again = later(cache)
        assert again.digest(file) == sha(file.read_text(encoding="utf-8"))
    assert len(reads.read) == 2


def change(file: Path, how: str) -> None:
    if how == "size":
        file.write_text("uno e due", encoding="utf-8")
    if how == "inode":
        other = file.with_name("b.csv")
        other.write_text("due", encoding="utf-8")
        os.replace(other, file)
    if how == "ctime":
        file.write_text("due", encoding="utf-8")  # same size; mtime is put back by the test


def test_rehash_believes_nothing(file: Path, tmp_path: Path, reads: CountingReads) -> None:
    with ten_seconds_on():
        cache = HashCache(tmp_path / "c.json")
        cache.digest(file)
        cache.save()
        assert HashCache(cache.file, rehash=True).digest(file) == sha("uno")
    assert len(reads.read) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"versione": 2, "voci": {}}',
        '{"versione": 1}',
        '{"versione": 1, "voci": []}',
        '{"versione": 1, "voci": {"x": [1]}}',
        '{"versione": 1, "voci": {"x": [1, 2, 3, 4, "5", "y"]}}',
        "\xff\xfe",
    ],
)
def test_a_damaged_cache_is_started_anew(file: Path, tmp_path: Path, text: str) -> None:
    store = tmp_path / "c.json"
    store.write_bytes(text.encode("latin-1"))
    cache = HashCache(store)
    assert cache.digest(file) == sha("uno")
    cache.save()
    assert json.loads(store.read_text(encoding="utf-8"))["voci"].keys() == {str(file)}


def test_moving_a_known_file_reads_nothing(
    file: Path, tmp_path: Path, reads: CountingReads
) -> None:
    with ten_seconds_on():
        cache = HashCache(tmp_path / "c.json")
        cache.digest(file)
        target = tmp_path / "b.csv"
        os.replace(file, target)
        cache.moved(file, target)
        assert later(cache).digest(target) == sha("uno")
    assert reads.read == [str(file)]


def test_a_vanished_file_is_forgotten(file: Path, tmp_path: Path) -> None:
    cache = HashCache(tmp_path / "c.json")
    cache.digest(file)
    cache.save()
    file.unlink()
    again = HashCache(cache.file)
    assert again.digest(file) is None
    again.save()
    assert json.loads(cache.file.read_text(encoding="utf-8"))["voci"] == {}
