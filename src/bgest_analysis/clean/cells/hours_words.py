"""Durations in words: "mezz'ora", "un'ora e mezza", "tre quarti d'ora"."""

from __future__ import annotations

import re

_UNITS = {
    "un": 1,
    "una": 1,
    "uno": 1,
    "due": 2,
    "tre": 3,
    "quattro": 4,
    "cinque": 5,
    "sei": 6,
    "sette": 7,
    "otto": 8,
    "nove": 9,
    "dieci": 10,
    "undici": 11,
    "dodici": 12,
}
_TENS = {"quindici": 15, "venti": 20, "trenta": 30, "quaranta": 40, "cinquanta": 50}
_TENS_MORE = {"quarantacinque": 45, "venticinque": 25, "trentacinque": 35, "sessanta": 60}
_NOVANTA = {"novanta": 90, "centoventi": 120}
_NUMBERS = {**_UNITS, **_TENS, **_TENS_MORE, **_NOVANTA}

_HALF = r"(?:mezz'ora|mezz' ora|mezzora|mezza ora|mezz ora|1/2 ora|½ ora|1/2 h|½ h|1/2h|½h)"
_QUARTER = r"(?:un quarto d'ora|1 quarto d'ora|quarto d'ora|1/4 d'ora|1/4 di ora|¼ d'ora)"
_QUARTERS = r"(?:tre quarti d'ora|3 quarti d'ora|3/4 d'ora|3/4 di ora|¾ d'ora)"
_TAILS = {
    r"mezza|mezzo|1/2|½|mezz'ora|mezzora": 30,
    r"un quarto|1/4|¼|un quarto d'ora": 15,
    r"tre quarti|3/4|¾": 45,
}
_WHOLE = re.compile(r"^(\d{1,2}|[a-z]+)(?: |')?(?:ora|ore|h)?$")
_MINUTES = re.compile(r"^([a-z]+) minuti$")
_AND = re.compile(r"^(.+?)(?:\s+e\s+|\s*(?=[½¼¾])|\s+(?=1/2|1/4|3/4))(.+)$")
_FIXED = {_HALF: 30, _QUARTER: 15, _QUARTERS: 45}


def minutes_in_words(text: str) -> int | None:
    """Return the minutes of a duration in words (folded to lower case), ``None`` if unknown."""
    for pattern, minutes in _FIXED.items():
        if re.fullmatch(pattern, text):
            return minutes
    if found := _MINUTES.match(text):
        return _NUMBERS.get(found[1])
    if found := _AND.match(text):
        return _sum(_hours(found[1]), _tail(found[2]))
    return _named_hours(text)


def _sum(hours: int | None, rest: int | None) -> int | None:
    return None if hours is None or rest is None else hours + rest


def _hours(text: str) -> int | None:
    """Return the minutes of whole hours: "un'ora", "2 ore", "due"."""
    plain = text.strip().replace("un'ora", "un ora").replace("un' ora", "un ora")
    found = _WHOLE.match(plain)
    if found is None:
        return None
    number = int(found[1]) if found[1].isdigit() else _NUMBERS.get(found[1])
    return None if number is None else number * 60


def _named_hours(text: str) -> int | None:
    """Return the minutes of "un'ora" or "due ore"; a bare "due" has no unit and is refused."""
    return _hours(text) if re.search(r"(?:ora|ore|h)$", text) else None


def _tail(text: str) -> int | None:
    plain = text.strip()
    for pattern, minutes in _TAILS.items():
        if re.fullmatch(pattern, plain):
            return minutes
    found = re.match(r"^([a-z]+|\d{1,2})(?: (?:minuti|min)\.?)?$", plain)
    if found is None:
        return None
    number = int(found[1]) if found[1].isdigit() else _NUMBERS.get(found[1])
    return number if number is not None and number < 60 else None
