"""The staggered design of the study: when each Ambito adopted, and what is observed around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd

from bgest_analysis.clean.derive import DERIVED
from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.casi import changes_of_cases
from bgest_analysis.indicators.interventi import done
from bgest_analysis.stats.checks import BoolArray, FloatArray

OUTCOMES = ("autonomia", "attivazione", "attesa")
COMPONENTS = ("integrata", "lettura_progettazione")
ON_DEMAND = ("programmata", "a_chiamata")
PERIODS = {"semestre": 2, "anno": 1}
ENUMERATED_AMBITI = 8  # 8! = 40,320 orders at most
DRAWN_ORDERS = 9_999
LEAST_AMBITI, LEAST_COHORTS, LEAST_SIDE = 4, 2, 5
NO_DATES = "nessuna data di adozione documentata"
NO_ROWS = "nessuna osservazione dell'esito negli Ambiti con adozione nota"
FEW_AMBITI = "troppo pochi Ambiti con adozione nota e osservazioni"
ONE_COHORT = "tutti gli Ambiti hanno adottato nello stesso periodo: manca un confronto"
ONE_SIDE = "troppo poche osservazioni prima o dopo l'adozione"
CONFOUNDED = "l'adozione non si distingue dagli effetti di Ambito e periodo"


def adoption_days(pratiche: pd.DataFrame) -> pd.Series:
    """Return each Ambito's first documented day of the integrated model (index ``ambito_id``)."""
    known = pratiche[pratiche["componente"].isin(COMPONENTS) & pratiche["data_adozione"].notna()]
    days: pd.Series = known.groupby("ambito_id")["data_adozione"].min()
    return days


def outcome_rows(interventi: pd.DataFrame) -> pd.DataFrame:
    """Return the observations of every outcome: esito, ambito_id, data, y.

    ``autonomia``: change within a case, dated at its first note. ``attivazione``: 1 where the
    recorded orientation is activation (derived ones left out). ``attesa``: days from request to
    intervention of requests on demand that are not urgent.
    """
    cases = changes_of_cases(interventi).rename(columns={"apertura": "data", "variazione": "y"})
    log = done(interventi)
    coded = log[log["orientamento"].notna() & (log["orientamento_origine"] != DERIVED)]
    coded = coded.assign(y=(coded["orientamento"] == "attivazione").astype("float64"))
    asked = log[log["modalita"].isin(ON_DEMAND) & log["data_richiesta"].notna()]
    wait = (asked["data"] - asked["data_richiesta"]).dt.days
    waits = asked.assign(data=asked["data_richiesta"], y=wait.astype("float64"))
    parts = (cases, coded, waits[waits["y"] >= 0])
    columns = ["ambito_id", "data", "y"]
    stacked = [part[columns].assign(esito=name) for name, part in zip(OUTCOMES, parts, strict=True)]
    rows = pd.concat(stacked, ignore_index=True)
    return rows[rows["data"].notna() & rows["ambito_id"].notna()].reset_index(drop=True)


def period_of(days: pd.Series, period: str) -> pd.Series:
    """Return the ``semestre`` or ``anno`` of each day, as a running number."""
    parts = PERIODS[period]
    number: pd.Series = days.dt.year * parts + (days.dt.month - 1) * parts // 12
    return number


def with_design(rows: pd.DataFrame, adoption: pd.Series, period: str) -> pd.DataFrame:
    """Add adozione, trattato and periodo; Ambiti whose adoption is not known are left out.

    An Ambito without a documented date is unknown, not untreated.
    """
    known = rows[rows["ambito_id"].isin(adoption.index)].reset_index(drop=True)
    days = pd.to_datetime(known["ambito_id"].map(adoption))
    treated = known["data"] >= days
    return known.assign(adozione=days, trattato=treated, periodo=period_of(known["data"], period))


def comparable_periods(rows: pd.DataFrame) -> pd.Series:
    """Return the periods in which some Ambito had adopted and some other had not."""
    sides = rows.groupby("periodo")["trattato"].agg(["min", "max"])
    return sides.index[~sides["min"] & sides["max"]].to_series()


def design_problem(rows: pd.DataFrame) -> str:
    """Say why these observations allow no estimate; "" where they do."""
    if rows.empty:
        return NO_ROWS
    if rows["ambito_id"].nunique() < LEAST_AMBITI:
        return FEW_AMBITI
    if rows["adozione"].nunique() < LEAST_COHORTS or comparable_periods(rows).empty:
        return ONE_COHORT
    sides = rows["trattato"].value_counts()
    if len(sides) < 2 or sides.min() < LEAST_SIDE:
        return ONE_SIDE
    try:
        weights_of_effect(cells(rows))
    except EstimationError:
        return CONFOUNDED
    return ""


def cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row an Ambito, period and side: ambito_id, periodo, trattato, n, y (mean)."""
    keys = ["ambito_id", "periodo", "trattato"]
    return rows.groupby(keys).agg(n=("y", "size"), y=("y", "mean")).reset_index()


def weights_of_effect(panel: pd.DataFrame) -> FloatArray:
    """Return what each cell's mean counts for in the effect (least squares, cells by n).

    Raises
    ------
    EstimationError
        If adoption cannot be told from effects of Ambiti and periods.
    """
    labels = ["ambito_id", "periodo"]
    blocks = [pd.get_dummies(panel[name], dtype="float64").to_numpy() for name in labels]
    root = np.sqrt(panel["n"].to_numpy(np.float64))
    others = np.column_stack(blocks) * root[:, None]
    own = panel["trattato"].to_numpy(np.float64) * root
    left = own - others @ np.linalg.lstsq(others, own, rcond=None)[0]
    total = float(left @ own)
    if total <= 1e-9 * float(own @ own):
        raise EstimationError(CONFOUNDED)
    weights: FloatArray = left * root / total
    return weights


@dataclass(frozen=True)
class Orders:
    """The orders in which the Ambiti could have adopted: the same dates, given to others.

    Parameters
    ----------
    table
        Orders x rows: would the row be after its Ambito's adoption? First row: what happened.
    total
        How many distinct orders there are.
    exact
        Whether all of them stand in the table.
    """

    table: BoolArray
    total: float
    exact: bool


def orders_of_adoption(rows: pd.DataFrame) -> Orders:
    """Return all distinct permutations of the dates of adoption between the Ambiti.

    Above ``ENUMERATED_AMBITI`` Ambiti, ``DRAWN_ORDERS`` drawn ones and what happened.
    """
    days = rows.groupby("ambito_id")["adozione"].first()
    names, codes = days.index.to_list(), rows["ambito_id"].to_numpy()
    place = np.searchsorted(np.array(names, dtype=object), codes.astype(object))
    _, cohort = np.unique(days.to_numpy(), return_inverse=True)
    repeats = math.prod(math.factorial(int(size)) for size in np.bincount(cohort))
    total = math.factorial(len(names)) / repeats
    exact = len(names) <= ENUMERATED_AMBITI
    chosen = _all_orders(cohort) if exact else _drawn_orders(cohort)
    dates = np.unique(days.to_numpy())
    table = rows["data"].to_numpy()[None, :] >= dates[chosen][:, place]
    return Orders(table, total, exact)


def _all_orders(cohort: np.ndarray) -> np.ndarray:
    own = tuple(int(value) for value in cohort)
    return np.array([own, *sorted(set(permutations(own)) - {own})])


def _drawn_orders(cohort: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.array([cohort, *(rng.permutation(cohort) for _ in range(DRAWN_ORDERS))])
