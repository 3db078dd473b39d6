"""What the name of a file or of a sheet says of all its rows."""

from __future__ import annotations

from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.vocabulary.load import load_codes
from bgest_analysis.vocabulary.matcher import fold


def fill_from_name(work: SheetWork, name: str) -> None:
    """Fill the empty cells of a column with the one code that sheet or file is named after."""
    code = named_code(work, name)
    values = work.values[name]
    empty = values.isna() & (work.texts(name).str.strip() == "")
    if code is None or not empty.any():
        return
    work.values[name] = values.mask(empty, code).astype("str")
    work.ledger.count(rules.FROM_NAME, name, int(empty.sum()))


def named_code(work: SheetWork, name: str) -> str | None:
    """Return the code of a list that the name of the sheet, or else of the file, speaks of."""
    forms = load_codes(work.column(name).codes).forme
    stem = work.raw.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    for text in (work.raw.sheet, stem):
        padded = f" {fold(text)} "
        found = {
            codes[0] for form, codes in forms.items() if f" {form} " in padded and len(codes) == 1
        }
        if len(found) == 1:
            return found.pop()
    return None
