"""All estimators a notebook may call."""

from __future__ import annotations

from bgest_analysis.impact import effetti, modello, scelte, sintetico, ucraina
from bgest_analysis.impact.model import Estimator

_MODULES = (effetti, modello, scelte, sintetico, ucraina)
ESTIMATORS: tuple[Estimator, ...] = tuple(
    estimator for module in _MODULES for estimator in module.ESTIMATORS
)
BY_NAME = {estimator.name: estimator for estimator in ESTIMATORS}
