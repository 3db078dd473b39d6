"""Groups inside a network: how closed, and how separate.

Newman and Girvan (2004) modularity; communities by Blondel et al. (2008); transitivity is the
share of open and closed triples that are closed; the E-I index is Krackhardt and Stern's (1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray, IntArray, labels, same_length
from bgest_analysis.stats.networks import checked_ties


@dataclass(frozen=True, slots=True)
class Communities:
    """A partition of the nodes.

    Attributes
    ----------
    member
        Number of the community of each node, from 0, in order of first appearance.
    modularity
        Of this partition, at most 1; 0 as by chance.
    """

    member: IntArray
    modularity: float


def transitivity(adjacency: ArrayLike) -> float:
    """Return closed over all triples of an undirected network, 0 to 1; 0 without triples.

    Raises
    ------
    EstimationError
        If the table is not square and symmetric.
    """
    ties = (checked_ties(adjacency) != 0).astype(np.float64)
    degree = ties.sum(axis=1)
    triples = float((degree * (degree - 1)).sum())
    return float(np.trace(ties @ ties @ ties)) / triples if triples > 0 else 0.0


def modularity(adjacency: ArrayLike, groups: Any) -> float:
    """Return Q = sum over groups of (ties inside / m - (degrees / 2m)^2), weighted ties allowed.

    Raises
    ------
    EstimationError
        If there are no ties or lengths differ.
    """
    ties = checked_ties(adjacency)
    _, codes = labels(groups, "gruppi")
    same_length(legami=ties, gruppi=codes)
    total = ties.sum()
    if total == 0:
        raise EstimationError("modularità: non ci sono legami")
    alike = codes[:, None] == codes
    degree = ties.sum(axis=1)
    return float(((ties - np.outer(degree, degree) / total) * alike).sum() / total)


def communities(
    adjacency: ArrayLike, tries: int = 20, rng: np.random.Generator | int = 0
) -> Communities:
    """Return the partition of largest modularity among `tries` runs of Louvain.

    Raises
    ------
    EstimationError
        If there are no ties.
    """
    ties = checked_ties(adjacency)
    graph = nx.from_numpy_array(ties)
    seeds = np.random.default_rng(rng).integers(0, 2**31 - 1, tries)
    found = []
    for seed in seeds:
        parts = nx.community.louvain_communities(graph, seed=int(seed))
        member = np.empty(len(ties), dtype=np.int64)
        for number, part in enumerate(sorted(parts, key=min)):
            member[list(part)] = number
        found.append((modularity(ties, member), member))
    best = max(found, key=lambda pair: pair[0])
    return Communities(best[1], best[0])


def external_internal(adjacency: ArrayLike, groups: Any) -> float:
    """Return the E-I index, (ties between groups - inside) / ties, -1 (closed) to 1 (open).

    Raises
    ------
    EstimationError
        If there are no ties or lengths differ.
    """
    ties: FloatArray = checked_ties(adjacency)
    _, codes = labels(groups, "gruppi")
    same_length(legami=ties, gruppi=codes)
    if ties.sum() == 0:
        raise EstimationError("indice E-I: non ci sono legami")
    outside = ties[codes[:, None] != codes].sum()
    return float((2 * outside - ties.sum()) / ties.sum())
