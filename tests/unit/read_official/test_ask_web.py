"""The real way out, against a server on this machine."""

import http.server
import threading
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from bgest_analysis.errors import MachineLacks, SourceError
from bgest_analysis.read.download import Web, ask_web, download

CONTENT = b"0123456789" * 20


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self._answer(302, b"", Location="/file")
        elif self.path == "/elsewhere":
            self._answer(302, b"", Location="file:///etc/hostname")
        elif self.path == "/missing":
            self._answer(404, b"no")
        elif self.headers.get("If-None-Match") == '"v1"':
            self._answer(304, b"")
        elif "Range" in self.headers:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            self._answer(206, CONTENT[start:], ETag='"v1"')
        else:
            self._answer(200, CONTENT, ETag='"v1"')

    def _answer(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def web() -> Web:
    return Web(ask_web, sleep=lambda seconds: None, clock=lambda: 0.0)


@pytest.mark.parametrize("page", ["/file", "/moved"])
def test_a_file_comes_whole(site: str, web: Web, tmp_path: Path, page: str) -> None:
    got = download(web, site + page, tmp_path / "a.csv", {}, 5)

    assert got.path is not None
    assert (got.path.read_bytes(), got.etag) == (CONTENT, '"v1"')


def test_nothing_new(site: str, web: Web, tmp_path: Path) -> None:
    got = download(web, site + "/file", tmp_path / "a.csv", {"If-None-Match": '"v1"'}, 5)

    assert got.path is None


def test_the_rest_of_a_broken_download(site: str, web: Web, tmp_path: Path) -> None:
    (tmp_path / "a.csv.parziale").write_bytes(CONTENT[:70])
    (tmp_path / "a.csv.parziale.json").write_text('{"segno": "\\"v1\\""}', encoding="utf-8")

    got = download(web, site + "/file", tmp_path / "a.csv", {}, 5)

    assert got.path is not None
    assert got.path.read_bytes() == CONTENT


def test_what_is_missing_is_refused(site: str, web: Web, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="risposta 404"):
        download(web, site + "/missing", tmp_path / "a.csv", {}, 5)


def test_a_redirection_to_a_file_of_this_machine_is_not_followed(site: str) -> None:
    with pytest.raises(urllib.error.HTTPError):
        ask_web(site + "/elsewhere", {}, 5)


def test_nobody_answers(web: Web, tmp_path: Path) -> None:
    with pytest.raises(MachineLacks, match="la rete non risponde"):
        download(web, "http://127.0.0.1:9/file", tmp_path / "a.csv", {}, 2)
