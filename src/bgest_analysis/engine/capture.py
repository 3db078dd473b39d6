"""What a cell shows, gathered as nbclient would have received it from a kernel."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import nbformat as untyped_nbformat
from jupyter_client.session import json_packer, json_unpacker

nbformat: Any = untyped_nbformat


class Capture:
    """The outputs of the cell being run; nothing is kept between cells.

    Whatever writes to the file descriptors beneath Python (C code, subprocesses) goes to
    temporary files and joins the cell's streams in its place.
    """

    def __init__(self) -> None:
        self._outputs: list[Any] = []
        self._shown: dict[str, list[Any]] = {}
        self._clear_next = False
        self._beneath: dict[str, IO[bytes]] = {}

    def begin(self, outputs: list[Any]) -> None:
        """Send what follows to a cell's outputs."""
        self._outputs = outputs
        self._clear_next = False

    def text(self, name: str, text: str) -> None:
        """Add to a stream (``stdout``, ``stderr``)."""
        self.drain()
        self._stream(name, text)

    def _stream(self, name: str, text: str) -> None:
        self._forget_if_due()
        for item in self._outputs:
            if item.output_type == "stream" and item.name == name:
                item.text += text
                return
        self._outputs.append(nbformat.v4.new_output("stream", name=name, text=text))

    def show(self, kind: str, data: Any, metadata: Any, **parts: Any) -> Any:
        """Add a result or display and return it."""
        self.drain()
        self._forget_if_due()
        item = nbformat.v4.new_output(kind, data=as_sent(data), metadata=as_sent(metadata), **parts)
        self._outputs.append(item)
        return item

    def remember(self, display_id: str, item: Any) -> None:
        """Note under which id a display can be changed later, from any cell."""
        self._shown.setdefault(display_id, []).append(item)

    def update(self, display_id: str, data: Any, metadata: Any) -> None:
        """Change the displays of an id wherever they stand."""
        for item in self._shown.get(display_id, []):
            item["data"] = nbformat.from_dict(as_sent(data))
            item["metadata"] = nbformat.from_dict(as_sent(metadata))

    def error(self, name: str, words: str, traceback: list[str]) -> None:
        """Add an error."""
        self.drain()
        item = nbformat.v4.new_output("error", ename=name, evalue=words, traceback=traceback)
        self._outputs.append(item)

    def clear(self, wait: bool) -> None:
        """Forget the cell's outputs, now or when the next one comes."""
        self.drain()
        self._clear_next = wait
        if not wait:
            self._outputs.clear()

    def _forget_if_due(self) -> None:
        if self._clear_next:
            self._outputs.clear()
            self._clear_next = False

    @contextmanager
    def streams(self) -> Iterator[None]:
        """Take over ``sys.stdout``, ``sys.stderr`` and what lies beneath them."""
        _flush()
        python = sys.stdout, sys.stderr
        saved = os.dup(1), os.dup(2)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            self._beneath = {"stdout": out, "stderr": err}
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            sys.stdout, sys.stderr = Stream(self, "stdout", 1), Stream(self, "stderr", 2)
            try:
                yield
            finally:
                _flush()
                sys.stdout, sys.stderr = python
                for target, descriptor in zip((1, 2), saved, strict=True):
                    os.dup2(descriptor, target)
                    os.close(descriptor)
                self._beneath = {}

    def drain(self) -> None:
        """Take in what was written beneath Python since the last time."""
        for name, file in self._beneath.items():
            if os.fstat(file.fileno()).st_size:
                file.seek(0)
                text = file.read().decode("utf-8", "replace")
                file.seek(0)
                file.truncate()
                self._stream(name, text)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def as_sent(content: Any) -> Any:
    """Return data as it comes out of a kernel's message: plain JSON, bytes in base64."""
    return json_unpacker(json_packer(content or {}))


class Stream(io.TextIOBase):
    """A text stream that writes into the current cell."""

    def __init__(self, capture: Capture, name: str, descriptor: int) -> None:
        super().__init__()
        self._capture = capture
        self._descriptor = descriptor
        self.name = name

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "UTF-8"

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        if text:
            self._capture.text(self.name, text)
        return len(text)
