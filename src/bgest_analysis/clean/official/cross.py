"""Checks between tables that come from different files."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.clean.official.rules import STRANIERI_OLTRE_RESIDENTI_FRA_FILE
from bgest_analysis.problems.record import ProblemLog

KEY = ["cod_istat", "anno", "sesso", "eta"]


def check_foreigners(popolazione: pd.DataFrame) -> list[ProblemLog]:
    """Return, a file at a time, the rows with more foreigners than residents.

    Parameters
    ----------
    popolazione
        Rows of the table ``popolazione``; ``stranieri`` and ``tutti`` of the same comune, year,
        sex and age are compared, whatever file they come from.
    """
    residents = popolazione[popolazione["cittadinanza"].eq("tutti")]
    foreigners = popolazione[popolazione["cittadinanza"].eq("stranieri")]
    both = foreigners.merge(residents[[*KEY, "n"]], on=KEY, suffixes=("", "_residenti"))
    wrong = both[both["n"].gt(both["n_residenti"]).fillna(False)]
    logs = []
    for file, rows in wrong.groupby("fonte_file", sort=True):
        log = ProblemLog(str(file))
        shown = [f"{n} > {r}" for n, r in zip(rows["n"], rows["n_residenti"], strict=True)]
        where = [int(row) for row in rows["fonte_riga"]]
        log.add(STRANIERI_OLTRE_RESIDENTI_FRA_FILE, where, "stranieri", shown)
        logs.append(log)
    return logs
