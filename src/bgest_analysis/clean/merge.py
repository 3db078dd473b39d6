"""The parts of a table that came from several files -> one table, each key once."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bgest_analysis.problems.record import ProblemLog, Rule, Treatment
from bgest_analysis.schema.model import Table

FIRMNESS = {"definitivo": 3, "ricostruito": 2, "prima_diffusione": 1, "provvisorio": 0}
DUE_FONTI = Rule(
    code="due_fonti_diverse",
    what="{colonna}: due file danno valori diversi per la stessa chiave ({valore})",
    remedy="tenere un solo file, oppure correggere quello sbagliato",
    treatment=Treatment.AVVISO,
)


def merge_parts(parts: Sequence[pd.DataFrame], table: Table) -> tuple[pd.DataFrame, ProblemLog]:
    """Stack the parts; where two files give the same key, keep the firmer figure.

    The firmer status of the figure wins, then the file that comes later by name. Where the two
    figures differ, the problem log says so: nothing is chosen in silence.

    Returns
    -------
    The table in its own columns, sorted by key, and the problems.
    """
    log = ProblemLog(file=table.full_name)
    stacked = pd.concat(parts, ignore_index=True)
    key = list(table.key)
    firmness = stacked["stato_dato"].map(FIRMNESS) if "stato_dato" in stacked else 0
    ordered = stacked.assign(_fermezza=firmness).sort_values(
        [*key, "_fermezza", "fonte_file"], kind="stable"
    )
    _report_differences(ordered, table, log)
    kept = ordered.drop_duplicates(key, keep="last").drop(columns="_fermezza")
    return kept.reset_index(drop=True), log


def _report_differences(ordered: pd.DataFrame, table: Table, log: ProblemLog) -> None:
    values = [c.name for c in table.columns if c.name not in (*table.key, "stato_dato")]
    values = [name for name in values if name not in ("fonte_file", "fonte_riga")]
    twice = ordered[ordered.duplicated(list(table.key), keep=False)]
    if twice.empty:
        return
    groups = twice.groupby(list(table.key), dropna=False)
    for name in values:
        different = groups[name].nunique(dropna=False) > 1
        keys = [_words(item) for item in different.index[different]]
        log.add(DUE_FONTI, [None] * len(keys), name, keys)


def _words(key: object) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
