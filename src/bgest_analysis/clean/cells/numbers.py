"""Numbers and money in Italian notation -> floats or integers.

The comma is the decimal sign, always. What a single cell cannot say is the dot of "1.234": it is
decided for the column from the other cells, and written down.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.missing import missing_cell
from bgest_analysis.clean.cells.parsed import (
    Cell,
    Distinct,
    Parsed,
    ambiguous,
    distinct,
    fixed,
    wrong,
)
from bgest_analysis.read.raw import CellKind
from bgest_analysis.text.messages import Message, T


class Dot(StrEnum):
    """What the dot of "1.234" is, in this column."""

    MIGLIAIA = "migliaia"
    DECIMALI = "decimali"
    INCERTO = "incerto"


@dataclass(frozen=True)
class NumberOptions:
    """How to read a column of numbers.

    Parameters
    ----------
    integer
        Only whole numbers make sense (persons, meetings): "1.234" can only be thousands.
    money
        Currency signs are expected; more than two decimals are not.
    dot
        The meaning of "1.234" when the layout of the source declares it.
    """

    integer: bool = False
    money: bool = False
    dot: Dot = Dot.INCERTO


_CURRENCY = re.compile(r"€|\beuro\b|\beur\b\.?|\u20ac", re.IGNORECASE)
_APPROXIMATE = re.compile(r"^(?:circa|ca\.?|c\.ca|~|±)\s*(?=\d)|\s*(?:circa|ca\.?)$")
_LIMIT = re.compile(
    r"^(?:[<>≤≥]=?|oltre|almeno|fino a|meno di|più di)\s*\d|^\d[\d.,]*\s*(?:-|/|a|o|÷)\s*\d[\d.,]*$"
)
_SIGN = re.compile(r"^([+-]?)(.*?)(-?)$")
_PLAIN = re.compile(r"^\d+$")
_COMMA = re.compile(r"^\d*,\d+$")
_ITALIAN = re.compile(r"^\d{1,3}(?:\.\d{3})+,\d+$")
_ITALIAN_GROUPS = re.compile(r"^\d{1,3}(?:\.\d{3}){2,}$")
_ENGLISH = re.compile(r"^\d{1,3}(?:,\d{3})+\.\d+$|^\d{1,3}(?:,\d{3}){2,}$")
_DOT_OPEN = re.compile(r"^[1-9]\d{0,2}\.\d{3}$")
_COMMA_OPEN = re.compile(r"^[1-9]\d{0,2},\d{3}$")
_DOT = re.compile(r"^\d*\.\d+$")
_GROUPS = re.compile(r"^\d{1,3}(?:[ '\u2009]\d{3})+(?:[.,]\d+)?$")
_SCIENTIFIC = re.compile(r"^\d+(?:[.,]\d+)?e[+-]?\d{1,3}$")
_ZERO = re.compile(r"^-+$")
_PAIRS = str.maketrans({"−": "-", "–": "-", "—": "-", "’": "'", "\u00a0": " ", "\u202f": " "})


def parse_numbers(
    text: pd.Series, kinds: pd.Series | None = None, options: NumberOptions | None = None
) -> Parsed:
    """Read numbers into ``Float64``, or ``Int64`` when only whole numbers make sense.

    Parameters
    ----------
    text
        Cells as text; index = rows of the file.
    kinds
        ``CellKind`` of each cell, ``None`` for text files.

    Returns
    -------
    Parsed
        ``decisions`` says how "1.234" was read and why.
    """
    chosen = options or NumberOptions()
    values = distinct(text, kinds)
    dot, decision = _dot_of(values, chosen)
    cells = values.read(lambda value, kind: read_number(value, kind, chosen, dot))
    return values.spread(cells, "Int64" if chosen.integer else "Float64", decision)


def parse_money(text: pd.Series, kinds: pd.Series | None = None, dot: Dot = Dot.INCERTO) -> Parsed:
    """Read amounts in euro into ``Float64``; see ``parse_numbers``."""
    return parse_numbers(text, kinds, NumberOptions(money=True, dot=dot))


def read_number(text: str, kind: CellKind, options: NumberOptions, dot: Dot) -> Cell:
    """Read one number; ``dot`` is the decision taken for the column."""
    nothing = missing_cell(text, kind)
    if nothing is not None:
        return nothing
    if kind is CellKind.NUMBER:
        return _fit(float(text), "", options)
    if kind is not CellKind.TEXT:
        return wrong(rules.WRONG_KIND.code)
    return _from_text(_fold(text), options, dot)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_PAIRS)).translate(_PAIRS)
    return re.sub(r"\s+", " ", plain).strip().lower()


def _from_text(text: str, options: NumberOptions, dot: Dot) -> Cell:
    bare = _CURRENCY.sub("", text).strip() if options.money else text
    if options.money and bare != text and _ZERO.match(bare):
        return fixed(0.0, rules.NUMBER_ACCOUNTING.code)
    if _LIMIT.match(bare):
        return ambiguous(rules.NUMBER_RANGE.code)
    exact = _APPROXIMATE.sub("", bare).strip()
    negative, digits, rule = _signed(exact)
    number, how = _magnitude(digits, options, dot)
    if number is None:
        return _refuse(how)
    rule = how or rule or (rules.APPROXIMATE.code if exact != bare else "")
    return _fit(-number if negative else number, rule, options)


def _refuse(rule: str) -> Cell:
    return ambiguous(rule) if rule == rules.NUMBER_THOUSANDS.code else wrong(rule)


def _signed(text: str) -> tuple[bool, str, str]:
    """Return the sign, the digits, and the rule when the sign is an accountant's."""
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip(), rules.NUMBER_ACCOUNTING.code
    found = _SIGN.match(text)
    before, digits, after = found.groups() if found else ("", text, "")
    if before and after:
        return False, text, ""
    return "-" in (before, after), digits.strip(), rules.NUMBER_ACCOUNTING.code if after else ""


def _magnitude(text: str, options: NumberOptions, dot: Dot) -> tuple[float | None, str]:
    """Return the number without sign and the rule; no number, and the rule that refuses it."""
    if _PLAIN.match(text):
        return float(text), ""
    if _DOT_OPEN.match(text):
        return _open_dot(text, options, dot)
    if _COMMA_OPEN.match(text):
        return _open_comma(text, options, dot)
    for pattern, thousands, rule in _CLOSED:
        if pattern.match(text):
            return _float(text, thousands), rule
    if _DOT.match(text):
        return float(text), "" if dot is Dot.DECIMALI else rules.NUMBER_AS_DECIMAL.code
    return None, rules.NUMBER_UNREADABLE.code


_CLOSED = (
    (_COMMA, ".", ""),
    (_ITALIAN, ".", ""),
    (_ITALIAN_GROUPS, ".", ""),
    (_ENGLISH, ",", rules.NUMBER_ENGLISH.code),
    (_GROUPS, " '\u2009", rules.NUMBER_GROUPS.code),
    (_SCIENTIFIC, "", rules.NUMBER_SCIENTIFIC.code),
)


def _float(text: str, thousands: str) -> float:
    for sign in thousands:
        text = text.replace(sign, "")
    return float(text.replace(",", "."))


def _open_dot(text: str, options: NumberOptions, dot: Dot) -> tuple[float | None, str]:
    """Read "1.234": thousands where decimals make no sense, else as the column says."""
    if options.integer or (options.money and dot is not Dot.DECIMALI):
        return _float(text, "."), rules.NUMBER_AS_THOUSANDS.code
    if options.money or dot is Dot.INCERTO:
        return None, rules.NUMBER_THOUSANDS.code
    if dot is Dot.MIGLIAIA:
        return _float(text, "."), rules.NUMBER_AS_THOUSANDS.code
    return float(text), rules.NUMBER_AS_DECIMAL.code


def _open_comma(text: str, options: NumberOptions, dot: Dot) -> tuple[float | None, str]:
    """Read "1,234": Italian decimals, unless the column is English or decimals make no sense."""
    if options.integer or options.money or dot is Dot.DECIMALI:
        return None, rules.NUMBER_THOUSANDS.code
    return _float(text, ""), ""


def _fit(number: float, rule: str, options: NumberOptions) -> Cell:
    if math.isnan(number) or abs(number) >= 1e15:
        return wrong(rules.NUMBER_UNREADABLE.code)
    if not options.integer:
        return fixed(number, rule) if rule else Cell(number)
    if number != int(number):
        return wrong(rules.NUMBER_FRACTIONAL.code)
    return fixed(int(number), rule) if rule else Cell(int(number))


# --- the decision for the column --------------------------------------------------------------
def _dot_of(values: Distinct, options: NumberOptions) -> tuple[Dot, tuple[Message, ...]]:
    texts = [
        (_bare(text), int(count))
        for text, kind, count in zip(values.texts, values.kinds, values.counts, strict=True)
        if kind is CellKind.TEXT
    ]
    open_cells = sum(n for text, n in texts if _DOT_OPEN.match(text) or _COMMA_OPEN.match(text))
    thousands = sum(n for text, n in texts if _says_thousands(text))
    decimals = sum(n for text, n in texts if _says_decimals(text))
    dot = options.dot if options.dot is not Dot.INCERTO else _weigh(thousands, decimals)
    if not open_cells:
        return dot, ()
    return dot, (_decision(dot, options, open_cells, thousands, decimals),)


def _bare(text: str) -> str:
    folded = _CURRENCY.sub("", _fold(text)).strip()
    return folded.strip("()+- ")


def _says_thousands(text: str) -> bool:
    closed = _ITALIAN.match(text) or _ITALIAN_GROUPS.match(text)
    return bool(closed or (_COMMA.match(text) and not _COMMA_OPEN.match(text)))


def _says_decimals(text: str) -> bool:
    return bool(_ENGLISH.match(text) or (_DOT.match(text) and not _DOT_OPEN.match(text)))


def _weigh(thousands: int, decimals: int) -> Dot:
    if thousands and not decimals:
        return Dot.MIGLIAIA
    return Dot.DECIMALI if decimals and not thousands else Dot.INCERTO


def _decision(
    dot: Dot, options: NumberOptions, cells: int, thousands: int, decimals: int
) -> Message:
    return T(
        "{celle:int} numeri come «1.234»: il punto è letto come {lettura} (celle con la virgola "
        "decimale: {virgole:int}, con il punto decimale: {punti:int})",
        celle=cells,
        lettura=T(_reading(dot, options)),
        virgole=thousands,
        punti=decimals,
    )


def _reading(dot: Dot, options: NumberOptions) -> str:
    if options.integer or (options.money and dot is not Dot.DECIMALI):
        return "migliaia, perché i decimali non hanno senso"
    if options.money or dot is Dot.INCERTO:
        return "incerto, da rivedere"
    return "migliaia" if dot is Dot.MIGLIAIA else "decimali"
