"""Recipients: who they are becomes a pseudonym, what they are becomes a row, once a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.clean.cells.dates import DateOptions, read_date
from bgest_analysis.clean.cells.missing import missing_rule
from bgest_analysis.clean.persons import NOMINATIVO, decide_pseudonyms, need_key
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.columns import Reading
from bgest_analysis.clean.project.interventi import replace_mediator
from bgest_analysis.clean.project.keys import add_up, complete_first
from bgest_analysis.clean.project.places import complete_ambito, refuse_days_ahead
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.privacy.persons import Person, Sighting, build_features, person_identity
from bgest_analysis.privacy.pseudonyms import (
    DESTINATARIO,
    is_tax_code,
    normalise_code,
    pseudonym,
)
from bgest_analysis.read.raw import CellKind
from bgest_analysis.schema.ingresso import DATA_NASCITA
from bgest_analysis.vocabulary.load import is_ue
from bgest_analysis.vocabulary.matcher import fold

OLDEST = 1900
ITALY = "ITA"
ASYLUM = "richiesta_asilo"


def complete_destinatari(work: SheetWork) -> None:
    """Replace persons, say who is eligible and why not, keep one row a person."""
    complete_ambito(work)
    refuse_days_ahead(work, ("data_primo_contatto",))
    born = _birth_dates(work)
    people = _people(work, born)
    _years(work, born)
    ids = _identify(work, people)
    work.values["ammissibile_fami"], work.values["motivo_non_ammissibile"] = eligibility(
        work.values["cittadinanza_iso3"],
        work.values["titolo_soggiorno"],
        work.values["data_primo_contatto"],
        _reference_day(work),
    )
    _features(work, people, ids)
    complete_first(work, "destinatario_id", earliest="data_primo_contatto")


def complete_servizi(work: SheetWork) -> None:
    """Replace persons; the same service to the same person on one day is one row."""
    refuse_days_ahead(work, ("data",))
    _identify(work, _people(work, pd.Series(pd.NaT, index=work.index)))
    add_up(work, work.table.key, "minuti")


def complete_mediatori(work: SheetWork) -> None:
    """Replace the mediators; one row each."""
    if work.has("mediatore"):
        replace_mediator(work)
    complete_first(work, "mediatore_id")


def complete_timesheet(work: SheetWork) -> None:
    """Replace the mediators; days of one month are summed, signed only if all of them are."""
    if work.has("mediatore"):
        replace_mediator(work)
    _drop_idle(work)
    _signatures(work)
    add_up(work, work.table.key, "minuti")


def _drop_idle(work: SheetWork) -> None:
    """Leave out days without hours: a sheet of a month lists them all."""
    texts = work.prepared("minuti")
    blank = texts.text.map({text: bool(missing_rule(text)) for text in texts.text.unique()})
    idle = blank.astype(bool) & work.values["minuti"].isna()
    if texts.kinds is not None:
        idle &= texts.kinds.astype("str").isin([CellKind.TEXT, CellKind.EMPTY])
    work.ledger.apply(rules.NO_HOURS, idle.to_numpy(dtype=bool), "minuti", told=False)


def _signatures(work: SheetWork) -> None:
    """Say only whether a sheet is signed: a blank place for the signature is no signature."""
    if not work.has("firma"):
        return
    codes, distinct = pd.factorize(work.texts("firma").str.strip())
    signed = np.array([not _unsigned(str(text)) for text in distinct], dtype=bool)[codes]
    work.ledger.count(rules.SIGNATURE_ONLY, "firmato", int(signed.sum()))
    rows = pd.DataFrame({name: work.values[name] for name in work.table.key}).assign(si=signed)
    # of days without hours nobody asks for a signature
    counted = rows[(work.values["minuti"] > 0).fillna(False).astype(bool)]
    every = counted.groupby(list(work.table.key), dropna=False)["si"].transform("all")
    work.values["firmato"] = every.reindex(work.index).astype("boolean")


def _unsigned(text: str) -> bool:
    return bool(missing_rule(text)) or fold(text) in ("no", "manca", "mancante", "non firmato")


# --- who they are -------------------------------------------------------------------------------
def _birth_dates(work: SheetWork) -> pd.Series:
    """Return the dates of birth, in memory only; two digits are never a year to come."""
    if not work.has(DATA_NASCITA.name):
        return pd.Series(pd.NaT, index=work.index, dtype="datetime64[us]")
    today = dt.date.fromisoformat(work.context.study.documenti.data)
    options = DateOptions(OLDEST, today.year, pivot=today.year % 100)
    prepared = work.prepared(DATA_NASCITA.name)
    readings = prepared.cells.read(lambda text, kind: read_date(text, kind, options))
    parsed = prepared.spread(readings, "datetime64[us]")
    work.report(DATA_NASCITA, prepared, Reading(parsed))
    return parsed.values


def _people(work: SheetWork, born: pd.Series) -> list[Person]:
    tax_codes = _present(work, "codice_fiscale")
    wrong = [bool(code) and not is_tax_code(normalise_code(code)) for code in tax_codes]
    work.ledger.apply(rules.BAD_TAX_CODE, np.array(wrong, dtype=bool), "codice_fiscale")
    columns = {
        "codice": _present(work, "codice_utente"),
        "cognome": _first_of(work, "cognome", NOMINATIVO),
        "nome": _present(work, "nome_persona"),
        "codice_fiscale": tax_codes,
        "data_nascita": [day.date() if day is not pd.NaT else None for day in born],
        "anno_nascita": _plain(work, "anno_nascita"),
        "sesso": _plain(work, "sesso", ""),
        "cittadinanza": _plain(work, "cittadinanza_iso3", ""),
        "telefono": _present(work, "telefono"),
        "permesso": _present(work, "numero_permesso"),
    }
    sender = work.context.mittente
    rows = zip(*columns.values(), strict=True)
    return [Person(ente=sender, **dict(zip(columns, row, strict=True))) for row in rows]


def _present(work: SheetWork, name: str) -> list[str]:
    """Return the texts of a column; a way of saying that there is nothing is nothing."""
    texts = work.texts(name)
    codes, distinct = pd.factorize(texts)
    kept = np.array(
        ["" if missing_rule(str(text)) else str(text).strip() for text in distinct], dtype=object
    )
    return [str(text) for text in kept[codes]]


def _first_of(work: SheetWork, name: str, other: str) -> list[str]:
    pairs = zip(_present(work, name), _present(work, other), strict=True)
    return [one or two for one, two in pairs]


def _plain(work: SheetWork, name: str, missing: Any = None) -> list[Any]:
    if name not in work.values:
        return [missing] * len(work.index)
    values = work.values[name].astype("object")
    return values.where(work.values[name].notna(), missing).tolist()


def _identify(work: SheetWork, people: list[Person]) -> pd.Series:
    key = need_key(work.context.key)
    identities = [person_identity(person) for person in people]
    made = [pseudonym(key, DESTINATARIO, one) if one else None for one in identities]
    ids = pd.Series(pd.array(made, dtype="str"), index=work.index)
    work.ledger.apply(rules.NO_IDENTITY, ids.isna().to_numpy(dtype=bool), "destinatario_id")
    decided = work.context.decisions.by_value.get(("destinatari", "destinatario_id"), {})
    work.ledger.count(rules.DECIDED, "destinatario_id", int(ids.isin(list(decided)).sum()))
    work.values["destinatario_id"] = decide_pseudonyms(ids, decided)
    return work.values["destinatario_id"]


def _years(work: SheetWork, born: pd.Series) -> None:
    """Take the year from the date of birth where the file has one."""
    written = work.values["anno_nascita"]
    from_date = born.dt.year.astype("Int64")
    differs = (written != from_date).fillna(False).to_numpy(dtype=bool)
    work.ledger.apply(rules.TWO_YEARS, differs, "anno_nascita")
    work.values["anno_nascita"] = from_date.fillna(written)


def _features(work: SheetWork, people: list[Person], ids: pd.Series) -> None:
    """Make the keyed features by which later files find the same persons."""
    seen = [
        Sighting(str(ids.iloc[place]), people[place], work.source, int(work.ledger.rows[place]))
        for place in np.flatnonzero(work.ledger.alive)
    ]
    work.extra["impronte_persone"] = build_features(seen, need_key(work.context.key))


# --- eligibility ----------------------------------------------------------------------------------
def _reference_day(work: SheetWork) -> str:
    project = work.context.study.progetto
    return project.al or work.context.study.documenti.data


def eligibility(
    citizenship: pd.Series, title: pd.Series, contact: pd.Series, otherwise: str
) -> tuple[pd.Series, pd.Series]:
    """Return whether each person is in the fund's target, and why not.

    Parameters
    ----------
    citizenship
        ISO3 codes; a State counts as EU or not on the day of first contact.
    title
        Residence titles; asylum seekers are outside the target of these actions.
    contact
        Days of first contact.
    otherwise
        ISO day used where the contact is not known.

    Returns
    -------
    eligible, reason
        ``boolean`` (missing where the citizenship is not known) and code of the reason.
    """
    day = contact.dt.strftime("%Y-%m-%d").fillna(otherwise)
    pairs = zip(citizenship, day, strict=True)
    members = [pd.notna(code) and is_ue(str(code), when) for code, when in pairs]
    european = pd.Series(members, index=citizenship.index)
    reason = pd.Series(None, index=citizenship.index, dtype="str")
    for where, code in (
        ((title == ASYLUM).fillna(False), "richiedente_asilo"),
        (european, "cittadino_ue"),
        ((citizenship == ITALY).fillna(False), "cittadino_italiano"),
        (citizenship.isna(), "cittadinanza_nota_manca"),
    ):
        reason = reason.mask(where.astype(bool), code)
    eligible = reason.isna().astype("boolean").mask(citizenship.isna())
    return eligible, reason.astype("str")
