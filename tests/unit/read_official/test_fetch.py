"""Fetching without a network: the web is a list of answers, the clock a number."""

import datetime as dt
import hashlib
import tomllib
import urllib.error
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bgest_analysis.errors import MachineLacks, SourceError
from bgest_analysis.read.addresses import Address
from bgest_analysis.read.download import LAST_QUERIES, PARTIAL, PAUSE_SECONDS, Web
from bgest_analysis.read.fetch import Outcome, fetch, read_provenance
from tests.lib.official_samples import balance_file, balance_rows, zip_bytes

TODAY = dt.date(2026, 1, 31)
P3 = Address(
    "p3",
    "popolazione",
    "Bilancio {anno}",
    "ISTAT",
    "CC BY 4.0",
    "Fonte: ISTAT",
    "https://demo.example/p3/P3_{anno}.zip",
    "P3_{anno}_it_Comuni.csv",
    ("istat_p3",),
)
NAME = "P3_2025_it_Comuni.csv"


def p3_text(rows: int = 5) -> bytes:
    return balance_file(balance_rows(foreign=True)[:rows], foreign=True).encode("utf-8-sig")


@dataclass
class Page:
    """One answer of the server."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    breaks_at: int | None = None
    sent: int = 0

    def read(self, amount: int) -> bytes:
        if self.breaks_at is not None and self.sent >= self.breaks_at:
            raise ConnectionResetError("cut")
        stop = (
            self.sent + amount
            if self.breaks_at is None
            else min(self.sent + amount, self.breaks_at)
        )
        block = self.content[self.sent : stop]
        self.sent += len(block)
        return block

    def close(self) -> None:
        pass


class Server:
    """Answers in order, remembers what it was asked and how long it was waited for."""

    def __init__(self, *answers: Page | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.now = 1000.0
        self.slept: list[float] = []

    def web(self) -> Web:
        return Web(self._ask, self._sleep, lambda: self.now)

    def _ask(self, url: str, headers: Mapping[str, str], seconds: float) -> Page:
        self.asked.append((url, headers))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def zipped(text: bytes, name: str = NAME) -> bytes:
    return zip_bytes({name: text})


def fetch_p3(folder: Path, server: Server, **options):
    return fetch(P3, 2025, folder, server.web(), today=TODAY, **options)


def test_a_file_comes_out_of_its_archive_with_its_provenance(tmp_path: Path) -> None:
    page = Page(zipped(p3_text()), headers={"ETag": '"v1"', "Last-Modified": "ieri"})
    server = Server(page)

    got = fetch_p3(tmp_path / "istat", server)

    assert got.outcome is Outcome.SCARICATO
    assert got.path == tmp_path / "istat" / NAME
    assert got.path.read_bytes() == p3_text()
    assert (got.rows, got.sha256) == (6, hashlib.sha256(p3_text()).hexdigest())
    beside = tomllib.loads(
        (tmp_path / "istat" / "P3_2025_it_Comuni.source.toml").read_text("utf-8")
    )
    assert beside == {
        "titolo": "Bilancio 2025",
        "editore": "ISTAT",
        "licenza": "CC BY 4.0",
        "url": "https://demo.example/p3/P3_2025.zip",
        "citazione": "Fonte: ISTAT",
        "data_pubblicazione": "ieri",
        "data_accesso": "2026-01-31",
        "annata": "2025",
        "origine": "pubblica",
        "etag": '"v1"',
        "sha256": got.sha256,
        "righe": 6,
    }
    assert sorted(p.name for p in got.path.parent.iterdir()) == [
        LAST_QUERIES,
        "P3_2025_it_Comuni.csv",
        "P3_2025_it_Comuni.source.toml",
    ]
    assert "bgest-analysis" in server.asked[0][1]["User-Agent"]


def test_what_is_here_is_not_asked_again(tmp_path: Path) -> None:
    fetch_p3(tmp_path, Server(Page(zipped(p3_text()))))

    again = fetch_p3(tmp_path, Server())

    assert (again.outcome, again.rows) == (Outcome.PRESENTE, 6)


def test_asked_again_the_publisher_says_that_nothing_changed(tmp_path: Path) -> None:
    fetch_p3(tmp_path, Server(Page(zipped(p3_text()), headers={"ETag": '"v1"'})))
    server = Server(Page(status=304))

    again = fetch_p3(tmp_path, server, again=True)

    assert again.outcome is Outcome.INVARIATO
    assert server.asked[0][1]["If-None-Match"] == '"v1"'


def test_a_new_content_sets_the_earlier_copy_aside(tmp_path: Path) -> None:
    first = fetch_p3(tmp_path, Server(Page(zipped(p3_text(5)))))

    second = fetch_p3(tmp_path, Server(Page(zipped(p3_text(4)))), again=True)

    assert second.outcome is Outcome.AGGIORNATO
    assert second.path.read_bytes() == p3_text(4)
    kept = tmp_path / "precedenti" / f"P3_2025_it_Comuni_{first.sha256[:8]}.csv"
    assert kept.read_bytes() == p3_text(5)
    assert kept.with_name(kept.stem + ".source.toml").is_file()


REFUSED = [
    (b"<!DOCTYPE html><html>Errore</html>", "pagina web"),
    (zipped(p3_text())[:-40], "danneggiato o scaricato a met"),
    (zipped(p3_text().replace(b"al 31 dicembre - Totale", b"a fine anno - Totale")), "Mancano"),
    (
        zipped(b"cod_istat;anno;residenti;stranieri;stato_dato\n016001;2025;1;1;definitivo\n"),
        "il tracciato",
    ),
    (zipped(balance_file([], foreign=True).encode()), "non ha nessuna riga"),
    (zip_bytes({"a.csv": b"a;b\n", "b.csv": b"a;b\n"}), "più tabelle"),
    (b"", "vuoto"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_what_is_not_the_file_is_refused_and_the_earlier_copy_stays(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    fetch_p3(tmp_path, Server(Page(zipped(p3_text()))))
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.name != LAST_QUERIES}

    with pytest.raises(SourceError, match="la copia che c'era resta al suo posto") as refusal:
        fetch_p3(tmp_path, Server(Page(content)), again=True)

    assert refusal.value.exit_code == 1
    assert reason in str(refusal.value)
    after = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.name != LAST_QUERIES}
    assert after == before


def test_refused_at_the_first_time_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="non è stato salvato nulla"):
        fetch_p3(tmp_path, Server(Page(b"<html>")))

    assert [p.name for p in tmp_path.iterdir()] == [LAST_QUERIES]


@pytest.mark.parametrize(
    "failure",
    [urllib.error.URLError(OSError("no route")), TimeoutError(), ConnectionRefusedError()],
)
def test_without_network_the_message_says_what_to_do(tmp_path: Path, failure: Exception) -> None:
    with pytest.raises(MachineLacks, match="la rete non risponde") as refusal:
        fetch_p3(tmp_path, Server(failure))

    assert refusal.value.exit_code == 5
    assert "scaricare il file a mano da https://demo.example/p3/P3_2025.zip" in str(refusal.value)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "correggerlo in indirizzi.toml"),
        (403, "riprovare fra due giorni"),
        (429, "più di cinque al minuto"),
        (500, "riprovare più tardi"),
    ],
)
def test_refusals_of_the_server(tmp_path: Path, status: int, said: str) -> None:
    failure = urllib.error.HTTPError("https://demo.example", status, "x", None, None)

    with pytest.raises(SourceError, match=said) as refusal:
        fetch_p3(tmp_path, Server(failure))

    assert f"risposta {status}" in str(refusal.value)


def test_a_broken_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    content = zipped(p3_text())
    marks = {"ETag": '"v1"', "Content-Length": str(len(content))}
    with pytest.raises(MachineLacks, match="si riprende da dove si era arrivati"):
        fetch_p3(tmp_path, Server(Page(content, headers=marks, breaks_at=100)))
    assert (tmp_path / (NAME + PARTIAL)).stat().st_size == 100
    server = Server(
        Page(
            content[100:],
            status=206,
            headers={"ETag": '"v1"', "Content-Length": str(len(content) - 100)},
        )
    )

    got = fetch_p3(tmp_path, server)

    assert server.asked[0][1]["Range"] == "bytes=100-"
    assert server.asked[0][1]["If-Range"] == '"v1"'
    assert got.path.read_bytes() == p3_text()


def test_a_server_that_starts_over_is_followed(tmp_path: Path) -> None:
    content = zipped(p3_text())
    with pytest.raises(MachineLacks):
        fetch_p3(tmp_path, Server(Page(content, headers={"ETag": '"v1"'}, breaks_at=50)))

    got = fetch_p3(tmp_path, Server(Page(content, headers={"ETag": '"v2"'})))

    assert got.path.read_bytes() == p3_text()


def test_less_than_promised_is_a_broken_download(tmp_path: Path) -> None:
    content = zipped(p3_text())
    short = Page(content[:-10], headers={"Content-Length": str(len(content))})

    with pytest.raises(MachineLacks):
        fetch_p3(tmp_path, Server(short))

    assert not (tmp_path / NAME).exists()


def test_queries_to_one_site_are_fifteen_seconds_apart_across_runs(tmp_path: Path) -> None:
    server = Server(Page(zipped(p3_text())), Page(zipped(p3_text())), Page(zipped(p3_text())))
    fetch_p3(tmp_path, server)
    server.now += 4
    fetch_p3(tmp_path, server, again=True)
    server.now += 60
    fetch_p3(tmp_path, server, again=True)

    assert server.slept == [PAUSE_SECONDS - 4]
    assert PAUSE_SECONDS >= 15


def test_a_file_changed_by_hand_is_not_taken_for_the_downloaded_one(tmp_path: Path) -> None:
    got = fetch_p3(tmp_path, Server(Page(zipped(p3_text()))))
    got.path.write_bytes(got.path.read_bytes() + b"x")

    with pytest.raises(SourceError, match="non è più quello scaricato"):
        fetch_p3(tmp_path, Server())


def test_a_provenance_that_cannot_be_read_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "a.source.toml").write_text("= rotto", encoding="utf-8")

    assert read_provenance(tmp_path / "a.csv") == {}
    assert read_provenance(tmp_path / "b.csv") == {}
