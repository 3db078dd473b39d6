"""What the double-coded sample says of the log: agreement, shares, how wrong the rule is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.clean.judging import Agreement, CodedSample, judge_sample
from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.interventi import typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import codifica as schema
from bgest_analysis.study.model import Study

READS = ("tidy_doppia_codifica", "tidy_interventi")


def compute_accordo(frames: Frames, study: Study) -> pd.DataFrame:
    """Cohen's kappa of the two coders by variable, and the error rate of the rule of phase."""
    judged = _judged(frames)
    rows = [] if judged is None else [_row(judged, found) for found in judged.agreement if found.n]
    return typed(pd.DataFrame(rows), schema.DOPPIA)


def compute_quote(frames: Frames, study: Study) -> pd.DataFrame:
    """The codes' shares of the whole log, estimated from the sample by strata."""
    judged = _judged(frames)
    if judged is None:
        return typed(pd.DataFrame(), schema.QUOTE)
    counts = judged.agreed.groupby(["variabile", "codice"]).size().rename("casi").reset_index()
    names = {"codice": "categoria", "basso": "quota_basso", "alto": "quota_alto"}
    table = judged.shares.merge(counts, on=["variabile", "codice"], how="left").rename(
        columns=names
    )
    return typed(table.assign(casi=table["casi"].fillna(0)), schema.QUOTE)


def _judged(frames: Frames) -> CodedSample | None:
    """Return what the sample says, ``None`` where nobody coded a case of this log twice."""
    try:
        return judge_sample(*(frames[name] for name in READS))
    except EstimationError:
        return None


def _row(judged: CodedSample, found: Agreement) -> dict[str, Any]:
    disputed = judged.disputed["variabile"].eq(found.variable)
    row: dict[str, Any] = {
        "variabile": found.variable,
        "casi_codificati": found.n,
        "casi_discordi": int(disputed.sum()),
        "accordo": None if found.share is None else float(found.share.value),
        "casi_con_regola": 0,
    }
    if found.kappa is not None:
        row |= {
            "kappa": found.kappa.value,
            "kappa_basso": found.kappa.low,
            "kappa_alto": found.kappa.high,
        }
    if found.variable == "fase" and judged.error is not None:
        row |= {
            "casi_con_regola": int(judged.confusion.to_numpy().sum()),
            "errore_regola": float(judged.error.value),
            "errore_basso": float(judged.error.low),
            "errore_alto": float(judged.error.high),
        }
    return row


INDICATORS = (
    Indicator(schema.DOPPIA, READS, compute_accordo),
    Indicator(schema.QUOTE, READS, compute_quote),
)
