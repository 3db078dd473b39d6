"""Text as it can be printed: no control characters, nothing that reverses reading order."""

from __future__ import annotations

import re

from markupsafe import Markup

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """Return a text without control characters, bidirectional overrides and lone surrogates.

    Tabs and line feeds stay. XML cannot hold the first, and the second could make a number or a
    name read otherwise than it is.
    """
    return _UNPRINTABLE.sub("", text)


def printable_value(value: object) -> object:
    """Clean a value of a template on its way out; what is already markup stays markup."""
    if not isinstance(value, str) or not _UNPRINTABLE.search(value):
        return value
    clean = printable(str(value))
    return Markup(clean) if isinstance(value, Markup) else clean  # noqa: S704 (was markup before)
