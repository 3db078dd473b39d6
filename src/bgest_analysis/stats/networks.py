"""Bodies and meetings: the two-mode network, its projection, and what its shape says.

`incidence` is bodies x meetings, non-zero where a body attended. Projections weigh each meeting
by 1/(n - 1) (Newman 2001), so a plenary of 20 adds to each body as much as a meeting of two.
Ties (`adjacency`) are bodies x bodies, symmetric unless said otherwise, with no self-ties.
Sources: Borgatti and Everett (1997, 1999); Freeman (1979); Gould and Fernandez (1989).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    BoolArray,
    FloatArray,
    choice,
    labels,
    matrix,
    non_negative,
    same_length,
)

MEASURES = ("degree", "betweenness", "closeness", "eigenvector")


@dataclass(frozen=True, slots=True)
class CorePeriphery:
    """The split into a core, tied to itself, and a periphery that is not.

    Attributes
    ----------
    core
        Whether each body is in the core.
    fit
        Correlation of the ties with the ideal pattern (Borgatti and Everett 1999), -1 to 1.
    coreness
        Continuous coreness of each body, 0 to 1, best rank-one fit off the diagonal.
    """

    core: BoolArray
    fit: float
    coreness: FloatArray


@dataclass(frozen=True, slots=True)
class Brokerage:
    """Gould and Fernandez' roles: times each body stands between two others not tied.

    Attributes
    ----------
    coordinator
        All three in the same group.
    itinerant
        The two others in one group, the broker in another.
    gatekeeper
        Broker in the group of the one receiving.
    representative
        Broker in the group of the one sending; equals gatekeeper without direction.
    liaison
        Three different groups.
    total
        Sum of the roles.
    """

    coordinator: FloatArray
    itinerant: FloatArray
    gatekeeper: FloatArray
    representative: FloatArray
    liaison: FloatArray
    total: FloatArray


def project(incidence: ArrayLike, weighting: str = "newman") -> FloatArray:
    """Return ties between bodies (bodies x bodies) from who attended what.

    ``newman``: 1/(n - 1) per meeting of n; ``count``: meetings together. Meetings of one add
    nothing.

    Raises
    ------
    EstimationError
        If `incidence` is not a table or has negative entries.
    """
    choice(weighting, ("newman", "count"), "pesi")
    present = _presence(incidence)
    size = present.sum(axis=0)
    if weighting == "newman":
        weight = np.where(size > 1, 1 / np.where(size > 1, size - 1, 1), 0.0)
    else:
        weight = np.ones(size.size)
    ties = (present * weight) @ present.T
    np.fill_diagonal(ties, 0.0)
    return ties


def density(adjacency: ArrayLike, directed: bool = False) -> float:
    """Return ties over possible ties between bodies, 0 to 1 (weights ignored).

    Raises
    ------
    EstimationError
        If there are fewer than two bodies.
    """
    ties = checked_ties(adjacency, directed)
    n = ties.shape[0]
    return float((ties != 0).sum() / (n * (n - 1)))


def two_mode_density(incidence: ArrayLike) -> float:
    """Return attendances over bodies x meetings, 0 to 1.

    Raises
    ------
    EstimationError
        If `incidence` is not a table.
    """
    return float(_presence(incidence).mean())


def centrality(adjacency: ArrayLike, measure: str = "degree", directed: bool = False) -> FloatArray:
    """Return the normalised centrality of each body (networkx definitions, 0 to 1).

    ``degree``: others tied / (n - 1); ``betweenness``: share of shortest paths through it;
    ``closeness``: inverse mean distance, within its component (Wasserman and Faust);
    ``eigenvector``: of unit length. Weights are ignored.

    Raises
    ------
    EstimationError
        If `measure` is unknown, or there are no ties for ``eigenvector``.
    """
    choice(measure, MEASURES, "misura")
    ties = checked_ties(adjacency, directed) != 0
    if measure == "degree":
        result: FloatArray = ties.sum(axis=1) / (ties.shape[0] - 1)
        return result
    graph = nx.from_numpy_array(
        ties.astype(int), create_using=nx.DiGraph if directed else nx.Graph
    )  # fmt: skip
    if measure == "betweenness":
        found = nx.betweenness_centrality(graph)
    elif measure == "closeness":
        found = nx.closeness_centrality(graph)
    else:
        return _eigenvector(ties)
    return np.array([found[node] for node in range(ties.shape[0])])


def centralisation(adjacency: ArrayLike, measure: str = "degree") -> float:
    """Return Freeman's centralisation, 0 (all alike) to 1 (a star).

    Sum of (largest - own) centrality over the same sum for a star of as many bodies. A bare
    value misleads: compare it with random graphs of the same degrees (`network_nulls`).

    Raises
    ------
    EstimationError
        If there are fewer than three bodies or `measure` has no star value.
    """
    choice(measure, MEASURES[:3], "misura")
    ties = checked_ties(adjacency, False)
    n = ties.shape[0]
    if n < 3:
        raise EstimationError("centralizzazione: servono almeno tre nodi")
    found = centrality(ties, measure)
    star = {
        "degree": n - 2.0,
        "betweenness": n - 1.0,
        "closeness": (n - 1) * (n - 2) / (2.0 * n - 3),
    }[measure]
    return float((found.max() - found).sum() / star)


def core_periphery(adjacency: ArrayLike) -> CorePeriphery:
    """Return the best core and periphery (Borgatti and Everett 1999, discrete, core-core ones).

    The pattern has 1 inside the core, 0 inside the periphery; ties between the two are left out.
    All splits that follow the order of coreness are tried, then single moves while they help.

    Raises
    ------
    EstimationError
        If there are fewer than four bodies or ties do not vary.
    """
    ties = checked_ties(adjacency, False)
    if ties.shape[0] < 4 or np.ptp(ties[~np.eye(len(ties), dtype=bool)]) == 0:
        raise EstimationError("centro e periferia: servono quattro nodi e legami che variano")
    coreness = _coreness(ties)
    order = np.argsort(-coreness, kind="stable")
    best, fit = np.zeros(len(ties), dtype=bool), -np.inf
    for size in range(1, len(ties)):
        trial = np.zeros(len(ties), dtype=bool)
        trial[order[:size]] = True
        best, fit = max([(best, fit), (trial, _core_fit(ties, trial))], key=lambda pair: pair[1])
    best, fit = _improved(ties, best, fit)
    return CorePeriphery(best, float(fit), coreness)


def brokerage(adjacency: ArrayLike, groups: Any, directed: bool = False) -> Brokerage:
    """Return Gould and Fernandez' (1989) brokerage roles between `groups` (e.g. Ambiti, levels).

    A body b brokers a to c when a is tied to b, b to c, and a not to c; unordered pairs are
    counted once without direction.

    Raises
    ------
    EstimationError
        If lengths differ.
    """
    ties = (checked_ties(adjacency, directed) != 0).astype(np.float64)
    _, codes = labels(groups, "gruppi")
    same_length(legami=ties, gruppi=codes)
    alike = (codes[:, None] == codes).astype(np.float64)
    open_pair = 1 - ties - np.eye(len(ties))
    scale = 1.0 if directed else 0.5

    def roles(from_own: FloatArray, to_own: FloatArray, ends: FloatArray) -> FloatArray:
        incoming, outgoing = ties.T * from_own, ties * to_own
        found = scale * np.einsum("ba,ac,bc->b", incoming, open_pair * ends, outgoing)
        return np.asarray(found, dtype=np.float64)

    other = 1 - alike
    parts = [
        roles(alike, alike, alike),
        roles(other, other, alike),
        roles(other, alike, other),
        roles(alike, other, other),
        roles(other, other, other),
    ]
    total = np.asarray(np.sum(parts, axis=0), dtype=np.float64)
    return Brokerage(parts[0], parts[1], parts[2], parts[3], parts[4], total)


def _presence(incidence: ArrayLike) -> FloatArray:
    table = non_negative(matrix(incidence, "presenze"), "presenze")
    result: FloatArray = (table > 0).astype(np.float64)
    return result


def checked_ties(adjacency: ArrayLike, directed: bool = False) -> FloatArray:
    """Return the ties as a copy with an empty diagonal.

    Raises
    ------
    EstimationError
        If the table is not square, has negative ties, or is not symmetric (undirected).
    """
    ties = non_negative(matrix(adjacency, "legami"), "legami").copy()
    if ties.shape[0] != ties.shape[1] or ties.shape[0] < 2:
        raise EstimationError("legami: serve una tabella quadrata di almeno due nodi")
    np.fill_diagonal(ties, 0.0)
    if not directed and not np.allclose(ties, ties.T):
        raise EstimationError("legami: la tabella non è simmetrica")
    return ties


def _eigenvector(ties: BoolArray) -> FloatArray:
    if not ties.any():
        raise EstimationError("centralità: non ci sono legami")
    _, vectors = np.linalg.eigh((ties | ties.T).astype(np.float64))
    result: FloatArray = np.abs(vectors[:, -1])
    return result


def _coreness(ties: FloatArray) -> FloatArray:
    """Return c in [0, 1] minimising sum over pairs of (tie - c_i c_j)^2 off the diagonal."""
    scaled = ties / ties.max()
    off = 1 - np.eye(len(ties))

    def loss(c: FloatArray) -> tuple[float, FloatArray]:
        gap = (np.outer(c, c) - scaled) * off
        return float((gap**2).sum()), 4 * gap @ c

    start = np.clip(scaled.sum(axis=1) / scaled.sum(axis=1).max(), 0.05, 1)
    found = optimize.minimize(loss, start, jac=True, bounds=[(0, 1)] * len(ties))
    result: FloatArray = found.x
    return result


def _core_fit(ties: FloatArray, core: BoolArray) -> float:
    upper = np.triu(np.ones(ties.shape, dtype=bool), 1)
    inside, outside = core[:, None] & core, ~core[:, None] & ~core
    used = upper & (inside | outside)
    values, pattern = ties[used], inside[used].astype(np.float64)
    if values.size < 3 or np.ptp(values) == 0 or np.ptp(pattern) == 0:
        return float("-inf")
    return float(np.corrcoef(values, pattern)[0, 1])


def _improved(ties: FloatArray, core: BoolArray, fit: float) -> tuple[BoolArray, float]:
    while True:
        moves = []
        for node in range(len(ties)):
            trial = core.copy()
            trial[node] = ~trial[node]
            moves.append((_core_fit(ties, trial), trial))
        value, trial = max(moves, key=lambda pair: pair[0])
        if value <= fit + 1e-12:
            return core, fit
        core, fit = trial, value
