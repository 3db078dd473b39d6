"""The same persons twice: paired t, signed ranks, and changes between two categories.

Sources: Student (1908); Wilcoxon (1945); Hodges and Lehmann (1963); McNemar (1947). The exact
sign-flip test of the mean is `randomization.sign_flip_test`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray, choice, confidence, same_length, vector


@dataclass(frozen=True, slots=True)
class PairedTest:
    """A test of paired differences, first less second.

    Attributes
    ----------
    estimate
        Mean difference (t) or Hodges-Lehmann median of pairwise means (ranks).
    low, high
        Interval at `level`; infinite where too few pairs bound it.
    statistic
        t, or the sum of the ranks of the positive differences.
    p_value
        Two-sided.
    n
        Pairs used (zero differences are dropped by the rank test).
    level, method
        Confidence level; ``"t"``, ``"exact"`` or ``"normal"``.
    """

    estimate: float
    low: float
    high: float
    statistic: float
    p_value: float
    n: int
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class McNemar:
    """Changes between two yes/no answers of the same persons.

    Attributes
    ----------
    difference
        Share of yes, first less second.
    to_yes, to_no
        Persons who went from no to yes and from yes to no.
    p_value
        Exact binomial, two-sided.
    n
        Persons.
    """

    difference: float
    to_yes: int
    to_no: int
    p_value: float
    n: int


def paired_t(first: ArrayLike, second: ArrayLike, level: float = 0.95) -> PairedTest:
    """Return Student's paired t test of first - second.

    Raises
    ------
    EstimationError
        If there are fewer than two pairs, or all differences are the same.
    """
    gap = _differences(first, second)
    error = gap.std(ddof=1) / np.sqrt(gap.size)
    if error == 0:
        raise EstimationError("t appaiato: tutte le differenze sono uguali")
    t, df = gap.mean() / error, gap.size - 1
    half = stats.t.isf((1 - confidence(level)) / 2, df) * error
    p = 2 * stats.t.sf(abs(t), df)
    mean = float(gap.mean())
    return PairedTest(
        mean, mean - float(half), mean + float(half), float(t), float(p), gap.size, level, "t"
    )  # fmt: skip


def signed_rank(
    first: ArrayLike, second: ArrayLike, method: str = "auto", level: float = 0.95
) -> PairedTest:
    """Return Wilcoxon's signed-rank test of first - second with the Hodges-Lehmann estimate.

    Parameters
    ----------
    method
        ``exact`` (all signs of the ranks, ties included), ``normal`` (continuity and tie
        corrections, as R's `wilcox.test(exact = FALSE)`) or ``auto``: exact up to 50 pairs.

    Raises
    ------
    EstimationError
        If fewer than two differences are not zero.
    """
    choice(method, ("auto", "exact", "normal"), "metodo")
    gap = _differences(first, second)
    gap = gap[gap != 0]
    if gap.size < 2:
        raise EstimationError("ranghi con segno: meno di due differenze non nulle")
    used = method if method != "auto" else ("exact" if gap.size <= 50 else "normal")
    ranks = stats.rankdata(np.abs(gap))
    observed = float(ranks[gap > 0].sum())
    p = _exact_rank_p(ranks, observed) if used == "exact" else _normal_rank_p(ranks, observed)
    walsh = np.sort(np.add.outer(gap, gap)[np.triu_indices(gap.size)] / 2)
    low, high = _walsh_ends(walsh, gap.size, confidence(level))
    return PairedTest(
        float(np.median(walsh)), low, high, observed, p, gap.size, level, used
    )  # fmt: skip


def mcnemar(first: ArrayLike, second: ArrayLike) -> McNemar:
    """Return McNemar's exact test of two 0/1 answers of the same persons.

    Raises
    ------
    EstimationError
        If answers are not 0/1 or lengths differ.
    """
    one, two = vector(first, "prima"), vector(second, "seconda")
    n = same_length(prima=one, seconda=two)
    if not np.isin(np.concatenate([one, two]), (0, 1)).all():
        raise EstimationError("McNemar: sono ammessi solo 0 e 1")
    to_yes, to_no = int(((one == 0) & (two == 1)).sum()), int(((one == 1) & (two == 0)).sum())
    changed = to_yes + to_no
    p = float(stats.binomtest(to_yes, changed).pvalue) if changed else 1.0
    return McNemar((to_no - to_yes) / n, to_yes, to_no, p, n)


def rank_sum_distribution(ranks: FloatArray, chance: float = 0.5) -> FloatArray:
    """Return P(sum = s / 2), s = 0, 1, ..., of ranks each counted with probability `chance`.

    Ranks may be halves (ties); the convolution is exact.
    """
    doubled = np.rint(2 * np.asarray(ranks)).astype(int)
    density = np.zeros(int(doubled.sum()) + 1)
    density[0] = 1.0
    for rank in doubled:
        moved = np.zeros_like(density)
        moved[rank:] = density[: density.size - rank]
        density = (1 - chance) * density + chance * moved
    return density


def _exact_rank_p(ranks: FloatArray, observed: float) -> float:
    density = rank_sum_distribution(ranks)
    at = round(2 * observed)
    return float(min(1.0, 2 * min(density[: at + 1].sum(), density[at:].sum())))


def _normal_rank_p(ranks: FloatArray, observed: float) -> float:
    gap = observed - ranks.sum() / 2
    spread = np.sqrt((ranks**2).sum() / 4)
    z = (gap - 0.5 * np.sign(gap)) / spread
    return float(min(1.0, 2 * stats.norm.sf(abs(z))))


def _walsh_ends(walsh: FloatArray, n: int, level: float) -> tuple[float, float]:
    """Return the Hodges-Lehmann interval: Walsh averages cut at the signed-rank quantile."""
    density = rank_sum_distribution(np.arange(1.0, n + 1))[::2]
    cut = int(np.searchsorted(np.cumsum(density), (1 - level) / 2, side="right"))
    if cut == 0:
        return float("-inf"), float("inf")
    return float(walsh[cut - 1]), float(walsh[walsh.size - cut])


def _differences(first: ArrayLike, second: ArrayLike) -> FloatArray:
    one, two = vector(first, "prima", 2), vector(second, "seconda", 2)
    same_length(prima=one, seconda=two)
    return one - two
