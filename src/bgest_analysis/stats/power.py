"""Power before estimates: what the design could see, said before any outcome is looked at.

Sources: Cohen (1988); Bloom (1995) and Hayes and Moulton (2017) for clusters; Kish (1965) for the
design effect; Eldridge, Ashby and Kerry (2006) for unequal clusters. Effects are in standard
deviations of persons unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray, choice, confidence

TestOfMeans = Callable[[FloatArray, FloatArray], float]


@dataclass(frozen=True, slots=True)
class DetectableEffect:
    """The smallest effect that a design with clusters would see.

    Attributes
    ----------
    effect
        In standard deviations of persons; infinite where no effect is ever seen.
    std_error
        Standard error of the difference, same unit.
    df
        Degrees of freedom of the test (clusters - 2).
    power, alpha
        Power asked for, and size of the two-sided test.
    design_effect
        1 + (m - 1) ICC: how much clusters inflate the variance.
    """

    effect: float
    std_error: float
    df: int
    power: float
    alpha: float
    design_effect: float


@dataclass(frozen=True, slots=True)
class SimulatedPower:
    """Power of a test found by simulation.

    Attributes
    ----------
    effect
        Effect simulated, in standard deviations of persons.
    power
        Share of simulated studies with p <= alpha.
    mc_error
        Its Monte Carlo standard error.
    draws
        Simulated studies.
    """

    effect: float
    power: float
    mc_error: float
    draws: int


def design_effect(persons: float, icc: float, size_cv: float = 0.0) -> float:
    """Return the design effect 1 + ((1 + cv^2) m - 1) ICC of clusters of mean size m.

    `size_cv` is the coefficient of variation of the clusters' sizes (Eldridge et al. 2006); with
    equal clusters it is Kish's 1 + (m - 1) ICC.

    Raises
    ------
    EstimationError
        If a cluster has no persons or the ICC is not in [0, 1].
    """
    if persons <= 0 or not 0 <= icc <= 1:
        raise EstimationError("effetto del disegno: {persone} persone, ICC {icc} non ammessi",
                              persone=persons, icc=icc)  # fmt: skip
    return 1 + ((1 + size_cv**2) * persons - 1) * icc


def effective_size(n: float, persons: float, icc: float, size_cv: float = 0.0) -> float:
    """Return how many independent persons `n` clustered ones are worth.

    Raises
    ------
    EstimationError
        As `design_effect`.
    """
    return n / design_effect(persons, icc, size_cv)


def minimum_detectable_effect(
    controls: int,
    treated: int,
    persons: float,
    icc: float,
    power: float = 0.8,
    alpha: float = 0.05,
    size_cv: float = 0.0,
    r2_clusters: float = 0.0,
    r2_persons: float = 0.0,
    noncentral: bool = False,
) -> DetectableEffect:
    """Return the minimum detectable effect with whole clusters treated.

    (t_{1-alpha/2} + t_{power}) se, t with clusters - 2 degrees of freedom,
    se^2 = (ICC (1 - r2_clusters) + (1 - ICC)(1 - r2_persons) / m)(1/controls + 1/treated)
    (Bloom 1995). 7 clusters, 3 treated, 50 persons: 0.53, 0.70, 0.92 at ICC 0.02, 0.05, 0.10.

    Parameters
    ----------
    controls, treated
        Clusters on each side.
    persons, icc, size_cv
        Persons per cluster (mean), intra-cluster correlation, variation of sizes.
    r2_clusters, r2_persons
        Share of each variance explained by covariates.
    noncentral
        Solve the noncentral t instead of the sum of quantiles: exact under normality, a few per
        cent smaller with few clusters.

    Raises
    ------
    EstimationError
        If a side is empty or there are fewer than three clusters.
    """
    _check_sides(controls, treated)
    inflation = design_effect(persons, icc, size_cv)
    between = (inflation - (1 - icc)) / persons * (1 - r2_clusters)
    variance = between + (1 - icc) / persons * (1 - r2_persons)
    error = float(np.sqrt(variance * (1 / controls + 1 / treated)))
    df = controls + treated - 2
    return DetectableEffect(
        error * _multiplier(df, confidence(power), confidence(alpha), noncentral),
        error, df, power, alpha, inflation,
    )  # fmt: skip


def simulate_power(
    test: TestOfMeans,
    controls: int,
    treated: int,
    persons: int,
    icc: float,
    effect: float,
    draws: int = 1000,
    alpha: float = 0.05,
    rng: np.random.Generator | int = 0,
) -> SimulatedPower:
    """Return the power of any test on cluster means, by simulating studies.

    `test` takes the means (one per cluster) and the treatment (0/1) and returns a p-value, e.g.
    ``lambda y, d: randomization_test(y, d).p_value``.

    Raises
    ------
    EstimationError
        If a side is empty.
    """
    _check_sides(controls, treated)
    noise = _cluster_noise(controls + treated, persons, icc, draws, rng)
    d = (np.arange(controls + treated) < treated).astype(np.float64)
    rejected = np.array([test(row + effect * d, d) <= alpha for row in noise])
    share = float(rejected.mean())
    return SimulatedPower(effect, share, float(np.sqrt(share * (1 - share) / draws)), draws)


def simulate_detectable_effect(
    test: TestOfMeans,
    controls: int,
    treated: int,
    persons: int,
    icc: float,
    power: float = 0.8,
    alpha: float = 0.05,
    draws: int = 500,
    rng: np.random.Generator | int = 0,
    largest: float = 4.0,
) -> SimulatedPower:
    """Return the smallest effect at which a test on cluster means reaches `power`.

    The same noise is used for every effect, so power grows with it and halving finds the point.
    When even `largest` (in standard deviations of persons) is not enough the effect returned is
    infinite: the design can see none.

    Raises
    ------
    EstimationError
        If a side is empty.
    """
    _check_sides(controls, treated)
    noise = _cluster_noise(controls + treated, persons, icc, draws, rng)
    d = (np.arange(controls + treated) < treated).astype(np.float64)

    def share(effect: float) -> float:
        return float(np.mean([test(row + effect * d, d) <= alpha for row in noise]))

    low, high, reached = 0.0, largest, share(largest)
    if reached < power:
        return SimulatedPower(float("inf"), reached, _binomial_error(reached, draws), draws)
    while high - low > 0.005:
        middle = 0.5 * (low + high)
        found = share(middle)
        low, high, reached = (low, middle, found) if found >= power else (middle, high, reached)
    return SimulatedPower(high, reached, _binomial_error(reached, draws), draws)


def sample_size_means(
    effect: float, power: float = 0.8, alpha: float = 0.05, ratio: float = 1.0,
    alternative: str = "two-sided",
) -> float:  # fmt: skip
    """Return persons in the first group for a two-sample t test of `effect` (Cohen's d).

    Not rounded: round up. `ratio` is the second group over the first. Noncentral t.

    Raises
    ------
    EstimationError
        If the effect is zero or power is not above alpha.
    """
    _check_effect(effect, power, alpha)
    d = abs(effect)
    if power_means(d, 2 + 1e-9, alpha, ratio, alternative) >= power:
        return 2.0

    def gap(n: float) -> float:
        return power_means(d, n, alpha, ratio, alternative) - power

    top = 4.0
    while gap(top) < 0:
        top *= 2
    return float(optimize.brentq(gap, 2 + 1e-9, top, xtol=1e-10))


def power_means(
    effect: float, n: float, alpha: float = 0.05, ratio: float = 1.0,
    alternative: str = "two-sided",
) -> float:  # fmt: skip
    """Return the power of a two-sample t test, `n` in the first group, `ratio` times n second.

    Raises
    ------
    EstimationError
        If `alternative` is unknown.
    """
    choice(alternative, ("two-sided", "greater"), "alternativa")
    df = n * (1 + ratio) - 2
    centre = abs(effect) * np.sqrt(n * ratio / (1 + ratio))
    if alternative == "greater":
        return float(stats.nct.sf(stats.t.isf(alpha, df), df, centre))
    limit = stats.t.isf(alpha / 2, df)
    return float(stats.nct.sf(limit, df, centre) + stats.nct.cdf(-limit, df, centre))


def sample_size_proportions(
    p1: float, p2: float, power: float = 0.8, alpha: float = 0.05, ratio: float = 1.0
) -> float:
    """Return persons in the first group to tell two proportions, arcsine (Cohen's h), two-sided.

    Not rounded: round up. R: `pwr.2p.test`.

    Raises
    ------
    EstimationError
        If a proportion is outside [0, 1] or they are equal.
    """
    if not (0 <= p1 <= 1 and 0 <= p2 <= 1):
        raise EstimationError("proporzioni fuori da [0, 1]")
    h = abs(2 * np.arcsin(np.sqrt(p1)) - 2 * np.arcsin(np.sqrt(p2)))
    _check_effect(h, power, alpha)
    limit = stats.norm.isf(alpha / 2)

    def gap(n: float) -> float:
        centre = h * np.sqrt(n * ratio / (1 + ratio))
        return float(stats.norm.sf(limit - centre) + stats.norm.cdf(-limit - centre) - power)

    start = ((limit + stats.norm.ppf(power)) / h) ** 2 * (1 + ratio) / ratio
    return float(optimize.brentq(gap, start * 0.2, start * 1.5, xtol=1e-10))


def _multiplier(df: int, power: float, alpha: float, noncentral: bool) -> float:
    limit = float(stats.t.isf(alpha / 2, df))
    if not noncentral:
        return limit + float(stats.t.ppf(power, df))

    def gap(centre: float) -> float:
        upper = stats.nct.sf(limit, df, centre) + stats.nct.cdf(-limit, df, centre)
        return float(upper - power)

    return float(optimize.brentq(gap, 0.0, 10 * (limit + 5)))


def _cluster_noise(
    clusters: int, persons: int, icc: float, draws: int, rng: np.random.Generator | int
) -> FloatArray:
    spread = np.sqrt(design_effect(persons, icc) / persons)
    return np.random.default_rng(rng).normal(0.0, spread, (draws, clusters))


def _binomial_error(share: float, draws: int) -> float:
    return float(np.sqrt(share * (1 - share) / draws))


def _check_sides(controls: int, treated: int) -> None:
    if controls < 1 or treated < 1 or controls + treated < 3:
        raise EstimationError(
            "{trattati} trattati e {controlli} non trattati: il disegno non permette un test",
            trattati=treated,
            controlli=controls,
        )


def _check_effect(effect: float, power: float, alpha: float) -> None:
    if effect == 0 or not confidence(power) > confidence(alpha):
        raise EstimationError("numerosità: effetto nullo, o potenza non sopra alfa")
