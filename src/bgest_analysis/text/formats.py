"""Italian and English numbers, dates, shares and money, for people to read.

A *spec* names a format: ``int``, ``dec1`` (decimals), ``sdec1`` (with its sign), ``qty1`` (at most
one decimal), ``pct1`` (a fraction shown as a percentage), ``prob3`` (a p-value, "< 0,001" where it
is less), ``eur0``, ``eur2``, ``date``, ``text``. A missing value prints
"n.d."; a protected one prints what it is known to be below, never 0.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LANGUAGES = ("it", "en")
MISSING = {"it": "n.d.", "en": "n/a"}
CONCEALED = {"it": "n.p.", "en": "n.p."}
LOCALES = {"it": "it_IT", "en": "en_GB"}
MINUS = "\u2212"
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Hidden:
    """A value that is not shown, to protect people.

    Parameters
    ----------
    below
        The value is known to lie in 1..below-1; ``None`` for a cell hidden so that another
        cannot be computed.
    """

    below: int | None = None

    def render(self, language: str) -> str:
        return CONCEALED[language] if self.below is None else f"<{self.below}"


def is_missing(value: Any) -> bool:
    """Tell whether a scalar stands for "not known" (None, NaN, NaT, pandas.NA)."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA refuses to be a truth value
        return True


@lru_cache(maxsize=1 << 14)  # every document of a dossier prints the same numbers
def _decimal(value: float, decimals: int, language: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    rounded = round(value, decimals)
    plain = abs(rounded) if rounded == 0 else rounded
    text = format_decimal(plain, format=pattern, locale=LOCALES[language])
    return str(text).replace("-", MINUS)


def _date(value: Any, language: str) -> str:
    day = dt.date.fromisoformat(str(value)[:10])
    return f"{day:%d/%m/%Y}"


def _signed(value: float, decimals: int, language: str) -> str:
    text = _decimal(value, decimals, language)
    return text if round(value, decimals) <= 0 else "+" + text


def _money(value: float, decimals: int, language: str) -> str:
    amount = _decimal(value, decimals, language)
    return f"{amount}{NO_BREAK}€" if language == "it" else f"€{amount}"


def _quantity(value: float, decimals: int, language: str) -> str:
    whole = float(round(value, decimals)).is_integer()
    return _decimal(value, 0 if whole else decimals, language)


def _probability(value: float, decimals: int, language: str) -> str:
    least = 10.0**-decimals
    if value < least:
        return f"< {_decimal(least, decimals, language)}"
    return _decimal(value, decimals, language)


_FORMATS: Mapping[str, Callable[[float, int, str], str]] = {
    "dec": _decimal,
    "sdec": _signed,
    "qty": _quantity,
    "prob": _probability,
    "pct": lambda value, decimals, language: _decimal(100 * value, decimals, language) + "%",
    "eur": _money,
}


def format_value(value: Any, spec: str, language: str) -> str:
    """Format one value for a reader.

    Parameters
    ----------
    value
        A number, string, date, ``Hidden`` or missing value.
    spec
        One of the specs of this module; ``""`` leaves integers ungrouped (years, codes).
    language
        ``"it"`` or ``"en"``.

    Raises
    ------
    ValueError
        If the spec is unknown or does not fit the value.
    """
    if isinstance(value, Hidden):
        return value.render(language)
    if is_missing(value):
        return MISSING[language]
    if spec in ("", "text"):
        return _plain(value, language)
    if spec == "date":
        return _date(value, language)
    if spec == "int":
        return _decimal(float(value), 0, language)
    kind, decimals = spec.rstrip("0123456789"), spec.lstrip("abcdefghijklmnopqrstuvwxyz")
    if kind not in _FORMATS or not decimals:
        raise ValueError(f"unknown format {spec!r}")
    if not math.isfinite(value):
        return "∞" if value > 0 else MINUS + "∞"
    return _FORMATS[kind](float(value), int(decimals), language)


def _plain(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return {"it": ("no", "sì"), "en": ("no", "yes")}[language][value]
    if isinstance(value, float):
        return _decimal(value, 2, language)
    if isinstance(value, dt.date):
        return _date(value, language)
    return str(value)
