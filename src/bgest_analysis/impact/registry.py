"""All estimators a notebook may call."""

from __future__ import annotations

from bgest_analysis.impact import effetti, modello, scelte
from bgest_analysis.impact.model import Estimator

ESTIMATORS: tuple[Estimator, ...] = (*effetti.ESTIMATORS, *modello.ESTIMATORS, *scelte.ESTIMATORS)
BY_NAME = {estimator.name: estimator for estimator in ESTIMATORS}
