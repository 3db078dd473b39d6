"""The log of requests and interventions: who, what was registered and what is derived."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.clean.cells.missing import missing_rule
from bgest_analysis.clean.cells.mojibake import repair
from bgest_analysis.clean.derive import UNMET, derive_phase, with_origin
from bgest_analysis.clean.persons import (
    decide_pseudonyms,
    need_key,
    replace_cases,
    replace_lists,
    replace_mediators,
)
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.keys import make_keys
from bgest_analysis.clean.project.places import complete_ambito, refuse_days_ahead
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.vocabulary.load import load_lingue

DONE = "concluso"
TABLE = "interventi"


def complete_interventi(work: SheetWork) -> None:
    """Fill in what the parsers of single cells cannot: persons, codes, origins, agreement."""
    make_keys(work, "intervento_id")
    complete_ambito(work)
    refuse_days_ahead(work, ("data_richiesta", "data"))
    _persons(work)
    _language_as_written(work)
    _notes(work)
    _outcome(work)
    _model_variables(work)
    _compare(work)


def _persons(work: SheetWork) -> None:
    key, sender = need_key(work.context.key), work.context.mittente
    if work.has("mediatore"):
        replace_mediator(work)
    if work.has("caso"):
        work.values["caso_id"] = replace_cases(work.texts("caso"), key, sender)
    if work.has("persone"):
        ids, partial = replace_lists(work.texts("persone"), key, sender)
        work.values["destinatari_id"] = ids
        work.ledger.apply(rules.PERSON_LIST_UNUSABLE, partial, "persone")


def replace_mediator(work: SheetWork) -> None:
    """Put the mediator's pseudonym in place of name or code; decisions on pseudonyms apply."""
    made = replace_mediators(work.texts("mediatore"), need_key(work.context.key))
    known = work.context.decisions.by_value
    decided = {**known.get(("mediatori", "mediatore_id"), {})}
    decided |= known.get((work.table.name, "mediatore_id"), {})
    changed = int(made.isin(list(decided)).sum())
    work.ledger.count(rules.DECIDED, "mediatore_id", changed)
    work.values["mediatore_id"] = decide_pseudonyms(made, decided)


def _language_as_written(work: SheetWork) -> None:
    """Keep the language as it is written where that is a known form, and nothing else."""
    if not work.has("lingua"):
        return
    known = load_lingue()
    codes, distinct = pd.factorize(work.prepared("lingua").written.str.strip())
    forms = [repair(str(text))[0] for text in distinct]
    named = [form if known.find(form).codice is not None else None for form in forms]
    work.values["lingua_raw"] = pd.Series(pd.array(named, dtype="str").take(codes))


def _notes(work: SheetWork) -> None:
    """Say only whether there is a note; its text is not kept, and not looked at further."""
    if work.has("note"):
        notes = work.raw.cells["note"].reset_index(drop=True)
        codes, distinct = pd.factorize(notes)
        says = np.array([not missing_rule(str(text)) for text in distinct], dtype=bool)
        work.values["note_flag"] = pd.Series(pd.array(says[codes], dtype="boolean"))


def _outcome(work: SheetWork) -> None:
    """Take rows with contact minutes as done when the file has no column for the outcome."""
    if work.has("esito"):
        return
    done = (work.values["minuti_frontali"] > 0).fillna(False).astype(bool)
    work.values["esito"] = work.values["esito"].mask(done, DONE).astype("str")
    work.ledger.count(rules.OUTCOME_FROM_MINUTES, "esito", int(done.sum()))


# --- the model's variables ----------------------------------------------------------------------
def _model_variables(work: SheetWork) -> None:
    values = work.values
    met = ~values["esito"].isin(UNMET)
    derived = derive_phase(pd.DataFrame({n: values[n] for n in _CONDITIONS}))["fase"].where(met)
    nothing = pd.Series(None, index=work.index, dtype="str")
    for name, made in (("fase", derived), ("orientamento", nothing), ("caso_id", nothing)):
        found, origin = with_origin(values[name], made, _recoded(work, name))
        values[name], values[f"{name}_origine"] = found, origin


_CONDITIONS = ("tipologia", "ente_richiedente_tipo", "modalita")


def _recoded(work: SheetWork, name: str) -> pd.Series | None:
    """Return which rows have a value that two coders gave."""
    by_code = work.context.decisions.by_code.get((TABLE, name), {})
    return work.values["intervento_id"].isin(list(by_code)) if by_code else None


# --- what does not agree within a row -------------------------------------------------------
def _compare(work: SheetWork) -> None:
    values, ledger = work.values, work.ledger
    unmet = values["esito"].isin(UNMET)
    some = values["minuti_frontali"] > 0
    done = values["esito"] == DONE
    ledger.apply(
        rules.REQUEST_AFTER, _sure(values["data_richiesta"] > values["data"]), "data_richiesta"
    )
    ledger.apply(rules.UNMET_WITH_MINUTES, _sure(unmet & some.fillna(False)), "minuti_frontali")
    ledger.apply(rules.DONE_WITHOUT_MINUTES, _sure(done & ~some.fillna(False)), "minuti_frontali")
    ledger.apply(rules.DONE_WITHOUT_DATE, _sure(done & values["data"].isna()), "data")


def _sure(condition: Any) -> Any:
    return np.asarray(condition.fillna(False), dtype=bool)
