"""Questionnaires and coded documents: answers on their scale, codes of the logic model."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
import pandas as pd

from bgest_analysis.clean.cells.missing import missing_cell
from bgest_analysis.clean.cells.numbers import Dot, NumberOptions, read_number
from bgest_analysis.clean.cells.parsed import Cell, Parsed, wrong
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.columns import Reading
from bgest_analysis.clean.project.names import fill_from_name
from bgest_analysis.clean.project.prepared import Prepared
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.read.raw import CellKind
from bgest_analysis.vocabulary.matcher import fold

# Lowest and highest point of each scale; a reversed item keeps the answer as it was given.
POINTS = MappingProxyType(
    {
        "si_no": (0, 1),
        "likert_1_4": (1, 4),
        "likert_1_5": (1, 5),
        "likert_1_5_inversa": (1, 5),
        "faccine_1_3": (1, 3),
        "faccine_1_5": (1, 5),
        "numerica_0_10": (0, 10),
    }
)
_LIKE = MappingProxyType({"likert_1_5_inversa": "likert_1_5"})
_LEADING_POINT = re.compile(r"^(\d{1,2})\s*(?:[-–=:.)(]\s*\S.*)$")
_OWN_NUMBER = re.compile(r"R?\d+")
_SHORT = MappingProxyType(
    {"contesti": "C", "meccanismi": "M", "esiti": "O", "contexts": "C", "mechanisms": "M",
     "outcomes": "O", "contesto": "C", "context": "C", "meccanismo": "M", "mechanism": "M",
     "esito": "O", "outcome": "O", "c": "C", "m": "M", "o": "O"}
)  # fmt: skip
_CODE = re.compile(
    r"^(contest[oi]|contexts?|meccanism[oi]|mechanisms?|esit[oi]|outcomes?|[CMOcmo])"
    r"(?:\s*[_:\\/>.|-]+\s*|\s+|$)(.*)$",
    re.IGNORECASE,
)


@cache
def answer_points() -> dict[tuple[str, str], int]:
    """Return (scale, folded answer) -> points."""
    source = files("bgest_analysis.clean.project") / "risposte.csv"
    with source.open("r", encoding="utf-8") as handle:
        table = pd.read_csv(handle, dtype="str", keep_default_na=False)
    rows = zip(table["scala"], table["forma"], table["valore"], strict=True)
    return {(str(scale), _form(str(text))): int(points) for scale, text, points in rows}


def _form(text: str) -> str:
    return fold(text) or text.replace("\ufe0f", "").strip()


def complete_questionari(work: SheetWork) -> None:
    """Read each answer on the scale of its item; name survey and wave after the file."""
    for name in ("rilevazione", "onda_questionario"):
        fill_from_name(work, name)
    _own_numbers(work)
    if work.has("valore"):
        work.values["valore"] = _answers(work)


def _own_numbers(work: SheetWork) -> None:
    """Make a running number unique: the first questionnaire of two files is not one person's."""
    ids = work.values["risposta_id"]
    running = ids.str.fullmatch(_OWN_NUMBER.pattern).fillna(False).astype(bool)
    work.values["risposta_id"] = ids.mask(running, work.stem + "-" + ids).astype("str")


def _answers(work: SheetWork) -> pd.Series:
    prepared, scale = work.prepared("valore"), work.values["scala"]
    codes, scales = pd.factorize(scale)
    pairs = codes * len(prepared.cells.texts) + prepared.cells.codes
    distinct, positions = np.unique(pairs, return_inverse=True)
    cells = [_answer(prepared, int(pair), [str(name) for name in scales]) for pair in distinct]
    parsed = _spread(cells, positions, work.index)
    work.report(work.column("valore"), prepared, Reading(parsed))
    return parsed.values


def _answer(prepared: Prepared, pair: int, scales: list[str]) -> Cell:
    place, text = divmod(pair, len(prepared.cells.texts))
    scale = scales[place] if 0 <= place < len(scales) else ""
    return read_answer(prepared.cells.texts[text], prepared.cells.kinds[text], scale)


def _spread(cells: list[Cell], positions: np.ndarray, index: pd.Index) -> Parsed:
    outcome = pd.Series([str(cell.outcome) for cell in cells], dtype="category")
    rule = pd.Series([cell.rule for cell in cells], dtype="category")
    values = pd.Series(pd.array([cell.value for cell in cells], dtype="Float64"))
    parts = [part.take(positions).set_axis(index) for part in (values, outcome, rule)]
    return Parsed(parts[0], parts[1], parts[2])


def read_answer(text: str, kind: CellKind, scale: str) -> Cell:
    """Return the points of an answer on its scale.

    A label ("molto d'accordo") has the points of the scale's table, "4 - molto" those it says;
    an answer outside the scale goes to a person, and so does one whose scale is not known.
    """
    nothing = missing_cell(text, kind)
    if nothing is not None:
        return nothing
    if scale not in POINTS:
        return wrong(rules.NOT_ON_SCALE.code)
    points = answer_points().get((_LIKE.get(scale, scale), _form(text)))
    if points is not None:
        return Cell(float(points))
    led = _LEADING_POINT.match(text.strip())
    number = read_number(led[1] if led else text, kind, NumberOptions(), Dot.DECIMALI)
    lowest, highest = POINTS[scale]
    inside = number.value is not None and lowest <= number.value <= highest
    return Cell(float(number.value)) if inside else wrong(rules.NOT_ON_SCALE.code)


# --- coded documents ----------------------------------------------------------------------------
def complete_codifiche(work: SheetWork) -> None:
    """Read codes as programs export them ("Meccanismo > Fiducia") into C, M, O and a theme."""
    if not work.has("codice_qual"):
        return
    column = work.column("codice_qual")
    prepared = work.prepared("codice_qual")
    parsed = prepared.spread(prepared.cells.read(read_qualitative_code), "str")
    work.report(column, prepared, Reading(parsed))
    work.values["codice_qual"] = parsed.values


def read_qualitative_code(text: str, kind: CellKind) -> Cell:
    """Return a code as ``M_fiducia``: context, mechanism or outcome, then the theme."""
    nothing = missing_cell(text, kind)
    if nothing is not None:
        return nothing
    found = _CODE.match(" ".join(text.split()))
    if found is None:
        return wrong(rules.BAD_FORM.code)
    theme = fold(found[2]).replace(" ", "_")
    letter = _SHORT[found[1].lower()]
    return Cell(f"{letter}_{theme}" if theme else letter)
