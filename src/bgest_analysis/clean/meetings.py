"""One meeting in two files: in a list with its own code, in a grid of attendance by its date."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.problems.record import ProblemLog, Rule, Treatment

INCONTRO_TROVATO = Rule(
    code="incontro_gia_in_elenco",
    what="l'incontro di una griglia di presenze è quello in elenco dello stesso giorno e livello "
    "({valore})",
    remedy="nessuna azione necessaria",
    treatment=Treatment.CORREZIONE,
)


def meeting_code(level: pd.Series, day: pd.Series) -> pd.Series:
    """Return the code of meetings that have none: level and date."""
    made: pd.Series = level + "_" + day.dt.strftime("%Y-%m-%d")
    return made.astype("str")


def listed_codes(incontri: pd.DataFrame) -> dict[str, str]:
    """Return code made of level and date -> the sender's own code of that meeting.

    Two meetings of one level on one day cannot be told apart, and are not in it.
    """
    made = meeting_code(incontri["livello"], incontri["data"])
    own = incontri["incontro_id"] != made
    alone = ~made[own].duplicated(keep=False)
    pairs = zip(made[own][alone], incontri.loc[own, "incontro_id"][alone], strict=True)
    return {str(code): str(listed) for code, listed in pairs if not pd.isna(code)}


def drop_listed(incontri: pd.DataFrame, log: ProblemLog) -> pd.DataFrame:
    """Return meetings without those a grid made and a list has under a code of its own."""
    known = incontri["incontro_id"].isin(list(listed_codes(incontri)))
    log.add(INCONTRO_TROVATO, incontri.loc[known, "fonte_riga"], "incontro_id",
            incontri.loc[known, "fonte_file"])  # fmt: skip
    return incontri[~known]


def link_meetings(presenze: pd.DataFrame, incontri: pd.DataFrame) -> pd.DataFrame:
    """Return attendance under the codes of the listed meetings.

    Parameters
    ----------
    incontri
        The meetings of all files, before ``drop_listed`` or after.
    """
    codes = presenze["incontro_id"]
    return presenze.assign(incontro_id=codes.replace(listed_codes(incontri)).astype("str"))
