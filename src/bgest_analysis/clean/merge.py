"""The parts of a table that came from several files or sheets -> one table, each key once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from bgest_analysis.clean.meetings import drop_listed
from bgest_analysis.problems.record import ProblemLog, Rule, Treatment
from bgest_analysis.schema.model import Table

FIRMNESS = {"definitivo": 3, "ricostruito": 2, "prima_diffusione": 1, "provvisorio": 0}
PROVENANCE = ("fonte_file", "fonte_riga")
DUE_FONTI = Rule(
    code="due_fonti_diverse",
    what="{colonna}: due file danno valori diversi per la stessa chiave ({valore})",
    remedy="tenere un solo file, oppure correggere quello sbagliato",
    treatment=Treatment.AVVISO,
)
STESSA_RIGA = Rule(
    code="riga_in_due_file",
    what="la riga è identica a una di un altro file o foglio ({valore}) e vale una volta",
    remedy="togliere la riga da uno dei due",
    treatment=Treatment.SCARTO,
)
CODICE_DI_DUE = Rule(
    code="codice_in_due_file",
    what="due file o fogli usano lo stesso codice per righe diverse: il codice porta il nome del "
    "file ({valore})",
    remedy="usare codici diversi, se la riga è la stessa tenerne una",
    treatment=Treatment.AVVISO,
)
VERSIONE_DATA = Rule(
    code="versione_dall_ordine",
    what="la scheda arriva più volte con la stessa versione: le versioni seguono l'ordine dei file "
    "({valore})",
    remedy="scrivere la versione nella scheda",
    treatment=Treatment.AVVISO,
)
Merged = tuple[pd.DataFrame, ProblemLog]


def merge_parts(parts: Sequence[pd.DataFrame], table: Table) -> Merged:
    """Stack the parts and make each key stand once; nothing is chosen in silence.

    Figures of statistics: the firmer status wins, then the file that comes later by name. Logs:
    identical rows count once, a code that two files use for different rows gets the file's name.
    Persons and meetings: the first row is completed by the others. Indicator sheets sent again
    become further versions.

    Returns
    -------
    The table in its own columns, sorted by key, and the problems.
    """
    log = ProblemLog(file=table.full_name)
    stacked = pd.concat(parts, ignore_index=True)
    merge = MERGES.get(table.name, _keep_later)
    kept = stacked if table.key == PROVENANCE else merge(stacked, table, log)
    ordered = kept.sort_values([*table.key, *_places(kept)], kind="stable", ignore_index=True)
    typed = {column.name: column.dtype for column in table.columns}
    return ordered[table.column_names].astype(typed), log


def _places(frame: pd.DataFrame) -> list[str]:
    return [name for name in PROVENANCE if name in frame]


def _content(frame: pd.DataFrame, table: Table) -> list[str]:
    return [name for name in table.column_names if name not in (*table.key, *PROVENANCE)]


def _words(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    return [", ".join(map(str, row)) for row in frame[list(names)].itertuples(index=False)]


# --- figures: one file wins -------------------------------------------------------------------
def _keep_later(stacked: pd.DataFrame, table: Table, log: ProblemLog) -> pd.DataFrame:
    key = list(table.key)
    firmness = stacked["stato_dato"].map(FIRMNESS) if "stato_dato" in stacked else 0
    ordered = stacked.assign(_fermezza=firmness).sort_values(
        [*key, "_fermezza", *_places(stacked)], kind="stable"
    )
    _report_differences(ordered, table, log)
    return ordered.drop_duplicates(key, keep="last").drop(columns="_fermezza")


def _report_differences(ordered: pd.DataFrame, table: Table, log: ProblemLog) -> None:
    twice = ordered[ordered.duplicated(list(table.key), keep=False)]
    if twice.empty:
        return
    groups = twice.groupby(list(table.key), dropna=False)
    for name in _content(twice, table):
        if name != "stato_dato":
            different = groups[name].nunique(dropna=False) > 1
            keys = different.index[different].to_frame(index=False)
            log.add(DUE_FONTI, [None] * len(keys), name, _words(keys, list(keys.columns)))


# --- logs: every row is a fact ------------------------------------------------------------------
def _qualify(stacked: pd.DataFrame, table: Table, log: ProblemLog) -> pd.DataFrame:
    """Drop rows that two files share; tell apart rows that share a code and nothing else."""
    code = table.key[0]
    stacked = stacked.sort_values(_places(stacked), kind="stable", ignore_index=True)
    if stacked["fonte_file"].nunique() < 2:
        return stacked
    rows = _drop_shared(stacked, table, log)
    twice = rows.duplicated(list(table.key), keep=False)
    names = rows.loc[twice, "fonte_file"]
    log.add(CODICE_DI_DUE, rows.loc[twice, "fonte_riga"], code, names)
    qualified = names.str.rsplit("/", n=1).str[-1] + ":" + rows.loc[twice, code]
    return rows.assign(**{code: rows[code].mask(twice, qualified).astype("str")})


def _drop_shared(stacked: pd.DataFrame, table: Table, log: ProblemLog) -> pd.DataFrame:
    """Drop rows identical to one of another file; a code made from the row does not count."""
    code = table.key[0]
    last = stacked[code].str.rsplit("-", n=1).str[-1]
    made = last.eq(stacked["fonte_riga"].astype("str")) & stacked[code].str.contains("-")
    content = stacked[_content(stacked, table)].assign(_codice=stacked[code].mask(made, ""))
    numbers = content.groupby(list(content.columns), dropna=False, sort=False).ngroup()
    first = stacked.groupby(numbers, sort=False)["fonte_file"].transform("first")
    shared = numbers.duplicated() & (first != stacked["fonte_file"])
    where = stacked.loc[shared, "fonte_file"] + " = " + first[shared]
    log.add(STESSA_RIGA, stacked.loc[shared, "fonte_riga"], code, where)
    return stacked[~shared]


# --- persons and meetings: rows complete each other ---------------------------------------------
def _complete(stacked: pd.DataFrame, table: Table, log: ProblemLog) -> pd.DataFrame:
    ordered = stacked.sort_values(_places(stacked), kind="stable", ignore_index=True)
    key = list(table.key)
    twice = ordered.duplicated(key, keep=False)
    if not twice.any():
        return ordered
    several = ordered[twice]
    _report_rows(several, table, log)
    if "data_primo_contatto" in several:
        first = several.groupby(key)["data_primo_contatto"].transform("min")
        several = several.assign(data_primo_contatto=first)
    merged = several.groupby(key, sort=False).first().reset_index()
    return pd.concat([ordered[~twice], merged[ordered.columns]], ignore_index=True)


def _report_rows(several: pd.DataFrame, table: Table, log: ProblemLog) -> None:
    """Report rows whose values differ, by their place and never by their value."""
    groups = several.groupby(list(table.key), sort=False)
    for name in _content(several, table):
        differs = several[groups[name].transform("nunique") > 1]
        log.add(DUE_FONTI, differs["fonte_riga"], name, differs["fonte_file"])


def _meetings(stacked: pd.DataFrame, table: Table, log: ProblemLog) -> pd.DataFrame:
    return drop_listed(_complete(stacked, table, log), log)


# --- indicator sheets: sent again, they are versions ----------------------------------------------
def _version(stacked: pd.DataFrame, table: Table, log: ProblemLog) -> pd.DataFrame:
    ordered = stacked.sort_values(["versione", *_places(stacked)], kind="stable")
    same = ordered.drop_duplicates([*table.key, *_content(ordered, table)])
    repeated = same.duplicated(list(table.key), keep=False)
    sheet = same.groupby(["codice", "trimestre"], sort=False)
    number = (sheet.cumcount() + 1).astype("Int64")
    again = repeated.groupby([same["codice"], same["trimestre"]]).transform("any")
    log.add(VERSIONE_DATA, same.loc[again, "fonte_riga"], "versione", same.loc[again, "fonte_file"])
    return same.assign(versione=same["versione"].mask(again, number))


MERGES: Mapping[str, Callable[[pd.DataFrame, Table, ProblemLog], pd.DataFrame]] = MappingProxyType(
    {
        "interventi": _qualify,
        "attivita": _qualify,
        "proposte": _qualify,
        "questionari": _complete,
        "destinatari": _complete,
        "mediatori": _complete,
        "incontri": _meetings,
        "indicatori": _version,
    }
)
