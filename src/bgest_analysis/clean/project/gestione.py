"""The project's management: indicator sheets with their versions, budget, activities."""

from __future__ import annotations

import numpy as np

from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.keys import make_keys
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.problems.record import Rule

AMOUNTS = ("importo_eur", "importo_rendicontato_eur", "quota_ue_eur", "quota_naz_eur")


def complete_indicatori(work: SheetWork) -> None:
    """Take a sheet without version as the first, and its values as cumulative, both said."""
    _default(work, "versione", 1, rules.VERSION_MADE)
    _default(work, "cumulato", True, rules.CUMULATIVE_UNSAID)


def _default(work: SheetWork, name: str, value: object, rule: Rule) -> None:
    """Fill in the cells that are empty; those that were not understood stay for a person."""
    values = work.values[name]
    empty = values.isna() & (work.texts(name).str.strip() == "")
    work.values[name] = values.mask(empty, value)
    work.ledger.count(rule, name, int(empty.sum()))


def complete_budget(work: SheetWork) -> None:
    """Set aside rows without any amount: they say nothing of the budget."""
    present = [work.values[name].notna().to_numpy(dtype=bool) for name in AMOUNTS]
    work.ledger.apply(rules.NO_AMOUNT, ~np.logical_or.reduce(present), "importo_eur")


def complete_attivita(work: SheetWork) -> None:
    """Give activities without a WBS code one of file and row."""
    make_keys(work, "attivita_id")


def complete_proposte(work: SheetWork) -> None:
    """Give proposals without a code one of file and row."""
    make_keys(work, "proposta_id")


def complete_pratiche(work: SheetWork) -> None:
    """Give practices without a code one of file and row."""
    make_keys(work, "pratica_id")
