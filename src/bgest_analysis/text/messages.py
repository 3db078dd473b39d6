"""Messages: an Italian template and its values, put into a language only when printed.

The template is both the Italian text and the key of the translation (gettext). Values are
formatted by the spec in the braces: ``Message("{n:int} residenti, {quota:pct1}", {...})``.
"""

from __future__ import annotations

import gettext
import math
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bgest_analysis.text.formats import Hidden, format_value, is_missing

DOMAIN = "bgest"
INFINITE = "infinito"
LOCALE_DIR = Path(__file__).parent / "locale"


# Italian elides the article before numbers read with a vowel: 8..., 11, and 1 as a measure.
_BEFORE_VOWEL = re.compile(
    r"\b([Ii]l|[Dd]el|[Nn]el|[Ss]ul|[Dd]?[Aa]l) (?=0?8/|8|11(?!\d)|1(?:,\d+)?%)"
)


def _elided(text: str) -> str:
    return _BEFORE_VOWEL.sub(lambda found: _ARTICLES.get(found[1], f"{found[1]}l") + "'", text)


_ARTICLES = {"il": "l", "Il": "L"}


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE_DIR, languages=[language], fallback=language == "it")


def translate(template: str, language: str) -> str:
    """Return the template in a language; Italian, the source language, is returned as it is."""
    if language == "it" or not template:
        return template
    return _translations(language).gettext(template)


class _Formatter(string.Formatter):
    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return value.render(self.language)
        if isinstance(value, list | tuple):
            return ", ".join(self.format_field(item, format_spec) for item in value)
        return format_value(value, format_spec, self.language)

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        return kwargs[field_name], field_name  # no attributes, no indexing


@dataclass(frozen=True)
class Message:
    """A sentence for a reader: an Italian template and the values that go into it."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, language: str) -> str:
        """Return the sentence in a language (``"it"``, ``"en"``)."""
        text = translate(self.template, language)
        printed = _Formatter(language).vformat(text, (), dict(self.values))
        return _elided(printed) if language == "it" and self.values else printed

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON data; ``from_json`` is its inverse."""
        return {"m": self.template, "v": {k: encode_value(v) for k, v in self.values.items()}}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Message:
        """Rebuild a message from ``to_json``."""
        return Message(data["m"], {k: decode_value(v) for k, v in data["v"].items()})


def T(template: str, **values: Any) -> Message:  # noqa: N802
    """Make a message; the name is short because every text a reader meets goes through it."""
    return Message(template, values)


def encode_value(value: Any) -> Any:
    """Turn a message, cell or option value into JSON data that ``decode_value`` reads back."""
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, Hidden):
        return {"soppresso": value.below}
    if isinstance(value, list | tuple):
        return [encode_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode_value(item) for key, item in value.items()}
    if is_missing(value):
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float) and math.isinf(plain):
        return {INFINITE: plain > 0}  # notebooks write it as a word
    return plain


def decode_value(value: Any) -> Any:
    """Inverse of ``encode_value`` (dates stay ISO strings, missing is None)."""
    if isinstance(value, list):
        return [decode_value(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"m", "v"}:
        return Message.from_json(value)
    if value.keys() == {"soppresso"}:
        return Hidden(value["soppresso"])
    if value.keys() == {INFINITE}:
        return math.inf if value[INFINITE] else -math.inf
    return {key: decode_value(item) for key, item in value.items()}
