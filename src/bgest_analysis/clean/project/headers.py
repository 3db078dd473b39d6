"""What the headers and sheets of a file have to tell its sender."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.privacy.scrub import MASK
from bgest_analysis.read.headers import REMARK, header_report
from bgest_analysis.read.table import ABOVE


def remark_headers(work: SheetWork) -> None:
    """Record headers left aside and sheets that were not read."""
    if REMARK in work.raw.remarks:
        report = header_report(work.raw)
        for unknown in report.unknown:
            near = f" (forse «{unknown.nearest}»)" if unknown.nearest else ""
            name = _shown(work, unknown.text, unknown.letter)
            work.ledger.remark(rules.UNKNOWN_HEADER, name, near)
        for repeated in report.repeated:
            name = _shown(work, repeated.text, repeated.letter)
            work.ledger.remark(rules.REPEATED_HEADER, name)
    for name in work.raw.remarks.get(ABOVE, "").split():
        work.ledger.count(rules.FROM_ABOVE, name, work.ledger.n)
    if "fogli_nascosti" in work.raw.remarks:
        work.ledger.remark(rules.HIDDEN_SHEETS, "")
    if "fogli_senza_tabella" in work.raw.remarks:
        work.ledger.remark(rules.SHEETS_WITHOUT_TABLE, "")


def _shown(work: SheetWork, text: str, letter: str) -> str:
    """Return a header as it may be shown; where a word is covered or missing, its column too."""
    [shown] = work.ledger.masked(pd.Series([text], dtype="str"))
    if shown == " ".join(text.split()) != "":
        return shown
    return (
        f"{shown} (colonna {letter})".strip()
        if shown.replace(MASK, "").strip()
        else (f"colonna {letter}")
    )


def remark_missing(work: SheetWork) -> None:
    """Record required columns that no header names and nothing could fill."""
    if REMARK not in work.raw.remarks:
        return
    for name in header_report(work.raw).missing:
        if name in work.values and bool(work.values[name].isna().all()):
            work.ledger.remark(rules.HEADER_MISSING, name)
