"""The model's variables where the file lacks them: derived by a table of rules, and marked so.

``fase`` is derived from kind of work, requesting service and mode; the most specific rule that
fits wins. Its error rate is measured on a double-coded sample (``clean.sampling``).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.errors import SchemaViolation

RECORDED, RECODED, DERIVED = "registrata", "ricodificata", "derivata"
CONDITIONS = ("tipologia", "ente_richiedente_tipo", "modalita")
ANY = "*"
UNMET = ("non_coperto", "annullato_ente", "annullato_mediatore")


@cache
def _rules() -> pd.DataFrame:
    source = files("bgest_analysis.clean") / "regole_fase.csv"
    with source.open("r", encoding="utf-8") as handle:
        return pd.read_csv(handle, dtype="str", keep_default_na=False)


def phase_rules() -> pd.DataFrame:
    """Return the rules: code, three conditions (``*`` for any value), phase, why."""
    return _rules().copy()


def derive_phase(interventi: pd.DataFrame, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the phase that the rules give, and the rule that gave it.

    Parameters
    ----------
    interventi
        With ``CONDITIONS``; a row without kind of work gets no phase.
    table
        Rules as ``phase_rules``; the package's own when ``None``.

    Returns
    -------
    pandas.DataFrame
        ``fase`` and ``regola``, same index; missing where no rule fits.

    Raises
    ------
    SchemaViolation
        If two rules, equally specific, give a case two phases.
    """
    known = phase_rules() if table is None else table
    codes, firsts = _distinct_cases(interventi)
    cases = interventi[list(CONDITIONS)].iloc[firsts].astype("object")
    cases = cases.where(cases.notna(), None)  # a missing value equals nothing, also pandas.NA
    found = [_phase(row, known) for row in cases.itertuples(index=False)]
    made = pd.DataFrame(found, columns=["fase", "regola"], dtype="str")
    return made.take(codes).set_axis(interventi.index)


def _distinct_cases(interventi: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which distinct case each row is, and the first row of each."""
    combined = np.zeros(len(interventi), dtype=np.int64)
    for name in CONDITIONS:
        values, distinct = pd.factorize(interventi[name])
        combined = combined * (len(distinct) + 1) + values + 1
    _, firsts, codes = np.unique(combined, return_index=True, return_inverse=True)
    return codes, firsts


def _phase(case: tuple[Any, ...], table: pd.DataFrame) -> tuple[str | None, str | None]:
    if case[0] is None:
        return None, None
    fitting: list[tuple[int, str, str]] = []
    for rule in table.to_dict("records"):
        wanted = [rule[name] for name in CONDITIONS]
        pairs = list(zip(wanted, case, strict=True))
        if all(want in (ANY, value) for want, value in pairs):
            fitting.append((sum(want != ANY for want in wanted), rule["fase"], rule["regola"]))
    if not fitting:
        return None, None
    most = max(weight for weight, _, _ in fitting)
    best = [(phase, code) for weight, phase, code in fitting if weight == most]
    if len({phase for phase, _ in best}) > 1:
        raise SchemaViolation(
            "le regole {regole} danno fasi diverse allo stesso caso",
            regole=[code for _, code in best],
        )
    return best[0]


def with_origin(
    recorded: pd.Series, derived: pd.Series, recoded: pd.Series | None = None
) -> tuple[pd.Series, pd.Series]:
    """Return values and their origin: what the file records first, then what persons recoded.

    Parameters
    ----------
    recorded, derived
        Values, missing where there are none.
    recoded
        Boolean: the value in ``recorded`` was given by two coders and is not the file's.
    """
    values = recorded.where(recorded.notna(), derived).astype("str")
    origin = pd.Series(None, index=recorded.index, dtype="str")
    origin = origin.mask(values.notna(), DERIVED).mask(recorded.notna(), RECORDED)
    if recoded is not None:
        origin = origin.mask(recoded & recorded.notna(), RECODED)
    return values, origin.astype("str")
