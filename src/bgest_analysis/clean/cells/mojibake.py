"""Texts that a wrong encoding, a word processor or a copy-and-paste has spoiled -> clean texts."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.parsed import (
    OUTCOMES,
    Cell,
    Parsed,
    ambiguous,
    distinct,
    fixed,
)
from bgest_analysis.read.raw import CellKind

# UTF-8 read as cp1252: a lead byte (Â…ô) and one to three continuation bytes
_TAIL = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_BROKEN = re.compile(
    f"[\u00c2-\u00df]{_TAIL}|[\u00e0-\u00ef]{_TAIL}{{2}}|[\u00f0-\u00f4]{_TAIL}{{3}}"
)
_GRAVE = re.compile(r"(?<=[a-zà-ÿ])Ã(?=[ .,;:)]|$)")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SIGNS = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "´": "'", "`": "'", "ʼ": "'", "′": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
        "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ",
    }
)  # fmt: skip
_SPACES = re.compile(r"[ \t]+")
_BLANKS = re.compile(r"[ \t]*(?:\r\n|\r|\n|\u2028|\u2029|\u0085)[ \t\r\n]*")
_DIRTY = r"^\s|\s$|\s\s|[\t\r\n]|[\x00-\x1f]|`|\x7f"
_LOST = "\ufffd"
_ROUNDS = 4  # a text spoiled more often than this does not occur


def repair_text(text: pd.Series, kinds: pd.Series | None = None) -> Parsed:
    """Mend spoiled letters and signs; the values are texts, empty cells stay empty.

    A text that needs nothing is left alone and costs nothing. The rule is the weightiest repair:
    encoding, invisible characters, typographic signs, blanks. Mending twice changes nothing.
    A lost letter (U+FFFD) cannot be mended and goes to a person.
    """
    dirty = needs_care(text)
    values = text.fillna("").astype("str")
    outcome = pd.Categorical.from_codes(np.zeros(len(text), np.int8), dtype=OUTCOMES)
    if not dirty.any():
        clean = pd.Categorical.from_codes(
            np.zeros(len(text), np.int8), dtype=pd.CategoricalDtype([""])
        )
        return Parsed(values, _on(outcome, text), _on(clean, text))
    care = distinct(values[dirty])
    part = care.spread(care.read(_read), "str")
    return merge_part(values, part, dirty)


def repair(text: str) -> tuple[str, str]:
    """Return the mended text and the code of the weightiest rule, ``""`` if nothing changed."""
    weightiest = len(_STEPS)
    for _ in range(_ROUNDS):
        before = text
        for weight, (step, _rule) in enumerate(_STEPS):
            mended = step(text)
            weightiest = min(weightiest, weight) if mended != text else weightiest
            text = mended
        if text == before:
            break
    return text, "" if weightiest == len(_STEPS) else _STEPS[weightiest][1]


def _on(values: Any, like: pd.Series) -> pd.Series:
    return pd.Series(values, index=like.index)


def needs_care(text: pd.Series) -> npt.NDArray[np.bool_]:
    """Return which texts may need mending: not ASCII, odd blanks, control characters."""
    cells = pa.array(text.fillna(""), type=pa.large_string())
    plain = pc.and_(pc.string_is_ascii(cells), pc.invert(pc.match_substring_regex(cells, _DIRTY)))
    return ~np.asarray(plain.to_numpy(zero_copy_only=False), dtype=bool)


def _read(text: str, _kind: CellKind) -> Cell:
    if _LOST in text:
        return ambiguous(rules.TEXT_LOST.code)
    mended, rule = repair(text)
    return fixed(mended, rule) if rule else Cell(mended)


def merge_part(values: pd.Series, part: Parsed, dirty: npt.NDArray[np.bool_]) -> Parsed:
    """Put the readings of some rows (``dirty``) among rows that are all well."""
    mended = values.copy()
    mended.iloc[np.flatnonzero(dirty)] = part.values.array
    codes = np.zeros(len(values), dtype=np.int8)
    codes[dirty] = part.outcome.cat.codes
    rule_names = sorted({"", *part.rule.cat.categories})
    rule_codes = np.full(len(values), rule_names.index(""), dtype=np.int16)
    rule_codes[dirty] = part.rule.cat.set_categories(rule_names).cat.codes
    return Parsed(
        mended,
        _on(pd.Categorical.from_codes(codes, dtype=OUTCOMES), values),
        _on(pd.Categorical.from_codes(rule_codes, dtype=pd.CategoricalDtype(rule_names)), values),
    )


def _decode(text: str) -> str:
    """Undo UTF-8 that was read as cp1252, once or several times over."""
    for _ in range(_ROUNDS):
        mended = _BROKEN.sub(lambda found: _redecode(found[0]), text)
        if mended == text:
            break
        text = mended
    return _bare_grave(text)


def _bare_grave(text: str) -> str:
    """Read "cittÃ " as "città": the second byte of à was a blank and has been trimmed."""
    return _GRAVE.sub("à", text)


def _redecode(piece: str) -> str:
    try:
        return b"".join(_byte(letter) for letter in piece).decode("utf-8")
    except UnicodeError:
        return piece


def _byte(letter: str) -> bytes:
    if ord(letter) < 0x100:
        return bytes([ord(letter)])
    return letter.encode("cp1252")


def _plain_signs(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_SIGNS))


def _plain_spaces(text: str) -> str:
    return _SPACES.sub(" ", _BLANKS.sub("\n", text)).strip()


_STEPS = (
    (_decode, rules.TEXT_MOJIBAKE.code),
    (lambda text: _INVISIBLE.sub("", text), rules.TEXT_INVISIBLE.code),
    (_plain_signs, rules.TEXT_SIGNS.code),
    (_plain_spaces, rules.TEXT_SPACES.code),
)
