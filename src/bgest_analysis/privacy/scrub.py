"""Masking of personal values in what a run leaves behind: logs, tracebacks, stored errors.

Two nets: the values read from personal columns (``Secrets``, in memory only), and the shapes of
identifiers, for those that slipped into other columns.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterable
from pathlib import Path

from bgest_analysis.privacy.names import fold

MASK = "[…]"
SHORTEST_SECRET = 3
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_SHAPES = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"\b[A-Za-z]{6}[0-9LMNPQRSTUVlmnpqrstuv]{2}[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{2}"
               r"[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{3}[A-Za-z]\b"),
    re.compile(r"(?<![\w./-])(?:\+|00)\d{1,3}[ ./-]?\d{2,4}(?:[ ./-]?\d{2,4}){1,4}(?![\w.])"),
    re.compile(r"(?<![\w.])3\d{2}[ ./-]?\d{3}[ ./-]?\d{3,4}(?![\w.])"),
    re.compile(r"(?<![\w.])0\d{1,3}[ ./-]?\d{5,8}(?![\w.])"),
    re.compile(r"\b[A-Za-z]{2}\d{2} ?[A-Za-z] ?(?:\d{4} ?){5}\d{2}\b"),
    re.compile(r"\b[A-Za-z]{1,2} ?\d{7,9}\b"),
    re.compile(r"(?<![\w.,])\d{12,16}(?![\w.,])"),
)  # fmt: skip


class Secrets:
    """Values that must not be printed; holds them in memory and shows none of them."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._whole: set[str] = set()
        self.add(values)

    def add(self, values: Iterable[str]) -> None:
        """Take further values; their words count one by one, whatever case or accents."""
        for value in values:
            text = value.strip()
            if len(text) >= SHORTEST_SECRET:
                self._whole.add(text)
                self._words.update(w for w in map(_key, _WORD.findall(text)) if _counts(w))

    def __len__(self) -> int:
        return len(self._whole)

    def __repr__(self) -> str:
        return f"Secrets({len(self)})"

    def mask(self, text: str) -> str:
        """Return a text without the values and without anything shaped like an identifier."""
        for value in sorted(self._whole, key=len, reverse=True):
            if not value.isalpha() and value in text:
                text = text.replace(value, MASK)
        for shape in _SHAPES:
            text = shape.sub(MASK, text)
        return _WORD.sub(self._mask_word, text)

    def _mask_word(self, found: re.Match[str]) -> str:
        return MASK if _key(found[0]) in self._words else found[0]


def _key(word: str) -> str:
    return fold(word).replace(" ", "") or word.lower()


def _counts(word: str) -> bool:
    return len(word) >= SHORTEST_SECRET and not (word.isdigit() and len(word) < 6)


class MaskingFormatter(logging.Formatter):
    """A formatter whose lines and tracebacks are masked last, after everything is filled in."""

    def __init__(self, fmt: str, secrets: Secrets) -> None:
        super().__init__(fmt)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line, traceback included, without personal values."""
        return self._secrets.mask(super().format(record))


def summarise_error(error: BaseException) -> str:
    """Return types and places of an error and its causes; no message, no source line."""
    lines = []
    current: BaseException | None = error
    while current is not None:
        frames = traceback.extract_tb(current.__traceback__)
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        lines.append(" <- ".join([type(current).__name__, *reversed(places)]))
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


def masked_traceback(error: BaseException, secrets: Secrets) -> str:
    """Return the full traceback for the local log, values masked."""
    return secrets.mask("".join(traceback.format_exception(error)))
