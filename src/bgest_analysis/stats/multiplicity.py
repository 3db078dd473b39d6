"""Several outcomes, one question: p-values corrected for their number.

Sources: Holm (1979), Hommel (1988), Benjamini and Hochberg (1995), Benjamini and Yekutieli
(2001). For outcomes tested by randomisation, `randomization.adjusted_p_values` uses their
dependence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import BoolArray, FloatArray, choice, confidence, vector

METHODS = {
    "bonferroni": "bonferroni",
    "sidak": "sidak",
    "holm": "holm",
    "hommel": "hommel",
    "bh": "fdr_bh",
    "by": "fdr_by",
}


@dataclass(frozen=True, slots=True)
class AdjustedP:
    """Corrected p-values, in the order of the input.

    Attributes
    ----------
    adjusted
        Corrected p-values, at most 1.
    rejected
        adjusted <= alpha.
    method, alpha
        Correction, and the error rate kept: familywise, or false discoveries for bh and by.
    """

    adjusted: FloatArray
    rejected: BoolArray
    method: str
    alpha: float


def adjust_p_values(p_values: ArrayLike, method: str = "holm", alpha: float = 0.05) -> AdjustedP:
    """Return `p_values` corrected for their number.

    `method`: ``bonferroni``, ``sidak``, ``holm`` (default), ``hommel``, ``bh``
    (Benjamini-Hochberg), ``by`` (Benjamini-Yekutieli). ``fdr_bh`` and ``fdr_by`` also work.

    Raises
    ------
    EstimationError
        If a p-value is outside [0, 1] or the method is unknown.
    """
    p = vector(p_values, "p")
    short = method.removeprefix("fdr_")
    choice(short, tuple(METHODS), "metodo")
    if (p < 0).any() or (p > 1).any():
        raise EstimationError("p: valori fuori da [0, 1]")
    _, adjusted, _, _ = multipletests(p, confidence(alpha), method=METHODS[short])
    adjusted = np.minimum(adjusted, 1.0)
    return AdjustedP(adjusted, adjusted <= alpha, short, alpha)
