"""One file from the web to the disk: one query at a time, spaced, resumed if it broke off.

Nothing here looks at the content; ``fetch`` does, before the file takes its place.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bgest_analysis.errors import MachineLacks, SourceError

PAUSE_SECONDS = 15.0
LARGEST_DOWNLOAD = 400_000_000
BLOCK = 1 << 16
USER_AGENT = "bgest-analysis (ricerca universitaria; una richiesta alla volta)"
LAST_QUERIES = ".ultime_richieste.json"
PARTIAL = ".parziale"
_NO_NETWORK = (
    urllib.error.URLError,
    TimeoutError,
    ConnectionError,
    http.client.HTTPException,
    OSError,
)


class Answer(Protocol):
    """What a web server answers: ``http.client.HTTPResponse`` fits."""

    status: int

    @property
    def headers(self) -> Mapping[str, str]: ...

    def read(self, amount: int, /) -> bytes: ...

    def close(self) -> None: ...


Ask = Callable[[str, Mapping[str, str], float], Answer]


@dataclass(frozen=True)
class Web:
    """The ways out of the program, so that a test can put others in their place.

    Parameters
    ----------
    ask
        Sends a GET: address, headers, seconds to wait.
    sleep, clock
        Waiting, and seconds since the epoch.
    """

    ask: Ask
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time


@dataclass(frozen=True)
class Downloaded:
    """A complete download: its file, or ``None`` where the server says nothing has changed."""

    path: Path | None
    etag: str = ""
    modified: str = ""


def ask_web(url: str, headers: Mapping[str, str], seconds: float) -> Answer:
    """Send a GET over http or https (no other scheme, not even by redirection)."""
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
    ]
    opener = urllib.request.OpenerDirector()
    for handler in handlers:
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - handlers above
    try:
        answer: Answer = opener.open(request, None, seconds)
    except urllib.error.HTTPError as error:
        if error.code != http.client.NOT_MODIFIED:
            raise
        return _NotModified(dict(error.headers.items()))
    return answer


@dataclass
class _NotModified:
    """The answer that there is nothing new, which urllib raises as an error."""

    headers: Mapping[str, str]
    status: int = http.client.NOT_MODIFIED

    def read(self, amount: int, /) -> bytes:
        return b""

    def close(self) -> None:
        """Nothing to close."""


def download(
    web: Web, url: str, target: Path, headers: Mapping[str, str], seconds: float
) -> Downloaded:
    """Fetch an address into ``target`` + ``.parziale``, going on from where it broke off.

    Raises
    ------
    MachineLacks
        Without network, or if the transfer breaks off: asked again, it goes on.
    SourceError
        If the server refuses, or has no such file.
    """
    partial = target.with_name(target.name + PARTIAL)
    marks = partial.with_name(partial.name + ".json")
    sent = {"User-Agent": USER_AGENT, **headers, **_resume(partial, marks)}
    _wait_turn(web, url, target.parent)
    with _network(url, target):
        answer = web.ask(url, sent, seconds)
        try:
            return _receive(answer, partial, marks, url)
        finally:
            answer.close()


@contextmanager
def _network(url: str, target: Path) -> Iterator[None]:
    """Turn failures of the network into messages."""
    try:
        yield
    except urllib.error.HTTPError as error:
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            target.with_name(target.name + PARTIAL).unlink(missing_ok=True)
        raise _refused(error.code, url) from error
    except _NO_NETWORK as error:
        raise MachineLacks(
            "la rete non risponde: non riesco a raggiungere {sito} ({motivo}). Controllare la "
            "connessione e riprovare (si riprende da dove si era arrivati), oppure scaricare il "
            "file a mano da {indirizzo} e metterlo in {cartella}",
            sito=urllib.parse.urlsplit(url).hostname or url,
            motivo=type(getattr(error, "reason", error)).__name__,
            indirizzo=url,
            cartella=target.parent.name,
        ) from error


def _refused(code: int, url: str) -> SourceError:
    reasons = {
        403: "il sito rifiuta la richiesta; se se ne sono fatte molte, riprovare fra due giorni",
        404: "il sito non ha questo file: l'edizione non c'è ancora, o l'indirizzo è cambiato "
        "(correggerlo in indirizzi.toml)",
        429: "troppe richieste: il sito blocca chi ne fa più di cinque al minuto; riprovare fra "
        "due giorni",
    }
    reason = reasons.get(code, "il sito ha un guasto; riprovare più tardi")
    return SourceError("{indirizzo}: risposta {codice}. " + reason, indirizzo=url, codice=code)


def _wait_turn(web: Web, url: str, folder: Path) -> None:
    """Leave at least ``PAUSE_SECONDS`` between two queries to one site, across runs too."""
    site = urllib.parse.urlsplit(url).hostname or ""
    register = folder / LAST_QUERIES
    last = _last_queries(register)
    waiting = last.get(site, 0.0) + PAUSE_SECONDS - web.clock()
    if 0 < waiting <= PAUSE_SECONDS:
        web.sleep(waiting)
    register.write_text(json.dumps({**last, site: web.clock()}), encoding="utf-8")


def _last_queries(register: Path) -> dict[str, float]:
    try:
        content = json.loads(register.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    times = content.items() if isinstance(content, dict) else ()
    return {str(k): float(v) for k, v in times if isinstance(v, int | float)}


def _resume(partial: Path, marks: Path) -> dict[str, str]:
    """Ask for the rest of a broken download, if it is known to be of the same file."""
    try:
        mark = json.loads(marks.read_text(encoding="utf-8"))["segno"]
        size = partial.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    if not size or not isinstance(mark, str) or not mark:
        return {}
    return {"Range": f"bytes={size}-", "If-Range": mark}


def _receive(answer: Answer, partial: Path, marks: Path, url: str) -> Downloaded:
    etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    if answer.status == http.client.NOT_MODIFIED:
        return Downloaded(None, etag, modified)
    if answer.status not in (http.client.OK, http.client.PARTIAL_CONTENT):
        raise _refused(answer.status, url)
    going_on = answer.status == http.client.PARTIAL_CONTENT
    marks.write_text(json.dumps({"segno": etag or modified}), encoding="utf-8")
    received = _write_blocks(answer, partial, going_on)
    promised = answer.headers.get("Content-Length", "")
    if promised.isdigit() and received < int(promised):
        raise http.client.IncompleteRead(b"", int(promised) - received)
    marks.unlink(missing_ok=True)
    return Downloaded(partial, etag, modified)


def _write_blocks(answer: Answer, partial: Path, going_on: bool) -> int:
    received = 0
    with partial.open("ab" if going_on else "wb") as file:
        while block := answer.read(BLOCK):
            received += len(block)
            if file.tell() + len(block) > LARGEST_DOWNLOAD:
                raise SourceError("il file in arrivo è troppo grande: nessuna tabella nota lo è")
            file.write(block)
    return received
