"""From persons to clusters: one mean per cluster, with its treatment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    BoolArray,
    FloatArray,
    Labels,
    flags,
    labels,
    positive,
    same_length,
    vector,
)


@dataclass(frozen=True, slots=True)
class ClusterMeans:
    """One row per cluster: what a test of clusters starts from.

    Attributes
    ----------
    mean
        (Weighted) mean of the outcome.
    treated
        Whether the cluster is treated.
    size
        Persons (or sum of weights).
    clusters
        Labels, sorted.
    """

    mean: FloatArray
    treated: BoolArray
    size: FloatArray
    clusters: Labels


def cluster_means(
    outcome: ArrayLike, treated: ArrayLike, clusters: Any, weights: ArrayLike | None = None
) -> ClusterMeans:
    """Return the mean outcome of each cluster, with its treatment.

    Raises
    ------
    EstimationError
        If treatment varies inside a cluster: then clusters are not what was assigned.
    """
    y, d = vector(outcome, "esito"), flags(treated, "trattati")
    names, codes = labels(clusters, "gruppi")
    w = np.ones(y.size) if weights is None else positive(vector(weights, "pesi"), "pesi")
    same_length(esito=y, trattati=d, gruppi=codes, pesi=w)
    size = np.bincount(codes, w, names.size)
    share = np.bincount(codes, d, names.size) / np.bincount(codes, minlength=names.size)
    if not np.isin(share, (0.0, 1.0)).all():
        raise EstimationError("il trattamento varia dentro almeno un gruppo")
    mean = np.bincount(codes, w * y, names.size) / size
    return ClusterMeans(mean, share == 1.0, size.astype(np.float64), names)
