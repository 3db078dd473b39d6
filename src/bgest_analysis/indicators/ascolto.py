"""Indicators of what people said: answers by item, scales, perceived benefit, coded documents."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.interventi import typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import ascolto as schema
from bgest_analysis.stats.agreement import cohen_kappa, cronbach_alpha
from bgest_analysis.stats.rates import wilson
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

LIMITS = {
    "likert_1_4": (1, 4),
    "likert_1_5": (1, 5),
    "likert_1_5_inversa": (1, 5),
    "faccine_1_3": (1, 3),
    "faccine_1_5": (1, 5),
    "numerica_0_10": (0, 10),
    "si_no": (0, 1),
}
AGREEMENT = ("likert_1_5", "likert_1_5_inversa")
REVERSED = "likert_1_5_inversa"
USEFUL = "utile_integrazione"
KEYS = ["rilevazione", "onda", "item", "scala"]
LEAST_ITEMS, LEAST_PERSONS = 3, 10
FEW_ITEMS = "meno di tre domande sulla stessa scala: non è una scala"
FEW_PERSONS = "meno di dieci persone con tutte le risposte"


def answers(frames: Frames) -> pd.DataFrame:
    """Return the answers, with the wave called ``onda``."""
    return frames["tidy_questionari"].rename(columns={"onda_questionario": "onda"})


def compute_risposte(frames: Frames, study: Study) -> pd.DataFrame:
    """How often each possible answer was given; scales keep apart, nothing is pooled."""
    rows = answers(frames)
    parts = [
        _of_item(dict(zip(KEYS, key, strict=True)), part["valore"].dropna())
        for key, part in rows[rows["scala"].isin(LIMITS)].groupby(KEYS)
    ]
    return typed(pd.DataFrame([row for part in parts for row in part]), schema.RISPOSTE_ITEM)


def _of_item(key: dict[str, Any], values: pd.Series) -> list[dict[str, Any]]:
    low, high = LIMITS[key["scala"]]
    counts = {point: int((values == point).sum()) for point in range(low, high + 1)}
    total = sum(counts.values())
    if not total:
        return []
    return [
        {**key, "valore": point, "risposte": n, "quota": n / total} for point, n in counts.items()
    ]


def compute_domande(frames: Frames, study: Study) -> pd.DataFrame:
    """Respondents, non-response and mean (Student's interval) of each item."""
    parts = [
        {**dict(zip(KEYS, key, strict=True)), **_item_facts(part["valore"])}
        for key, part in answers(frames).groupby(KEYS)
    ]
    return typed(pd.DataFrame(parts), schema.DOMANDE)


def _item_facts(values: pd.Series) -> dict[str, Any]:
    known = values.dropna().to_numpy(np.float64)
    facts: dict[str, Any] = {
        "distribuiti": len(values),
        "rispondenti": known.size,
        "non_risposta": 1 - known.size / len(values),
    }
    if known.size < 2:
        return facts
    half = float(stats.t.isf(0.025, known.size - 1)) * known.std(ddof=1) / np.sqrt(known.size)
    mean = float(known.mean())
    return {**facts, "media": mean, "media_basso": mean - half, "media_alto": mean + half}


def compute_scale(frames: Frames, study: Study) -> pd.DataFrame:
    """Cronbach's alpha of the 1-5 items of a survey and wave, reversed items turned round.

    Only where there is a real scale: three items or more of one scale, ten complete answers.
    """
    rows = answers(frames)
    parts = [
        {"rilevazione": survey, "onda": wave, **_alpha(part)}
        for (survey, wave), part in rows[rows["scala"].isin(AGREEMENT)].groupby(
            ["rilevazione", "onda"]
        )
    ]
    return typed(pd.DataFrame(parts), schema.SCALE)


def _alpha(rows: pd.DataFrame) -> dict[str, Any]:
    turned = rows["valore"].where(rows["scala"] != REVERSED, 6 - rows["valore"])
    wide = rows.assign(valore=turned.astype("float64")).pivot(
        index="risposta_id", columns="item", values="valore"
    )
    complete = len(wide.dropna())
    facts = {"domande": wide.shape[1], "rispondenti": complete, "motivo": ""}
    if wide.shape[1] < LEAST_ITEMS:
        return {**facts, "motivo": FEW_ITEMS}
    if complete < LEAST_PERSONS:
        return {**facts, "motivo": FEW_PERSONS}
    try:
        found = cronbach_alpha(wide.to_numpy(np.float64), missing="complete")
    except EstimationError as error:
        return {**facts, "motivo": str(error)}
    return {**facts, "alfa": found.value, "alfa_basso": found.low, "alfa_alto": found.high}


def compute_utilita(frames: Frames, study: Study) -> pd.DataFrame:
    """Share who say the activity was useful for their integration, by area and group (E1)."""
    rows = answers(frames)
    rows = rows[(rows["item"] == USEFUL) & (rows["scala"] == "si_no")]
    parts = []
    for area in study.aree:
        own = rows if area == DISTRETTO else rows[rows["ambito_id"] == area]
        parts += [
            {"area": area, "gruppo": name, **_useful(part["valore"])}
            for name, part in _groups(own).items()
        ]
    return typed(pd.DataFrame(parts), schema.UTILITA)


def _groups(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    helped = rows["compilato_con_mediatore"]
    groups = {
        "tutti": rows,
        "con_mediatore": rows[helped.fillna(False).astype(bool)],
        "senza_mediatore": rows[(~helped.fillna(True).astype(bool))],
    }
    for column in ("sesso", "fascia_eta"):
        for name in sorted(set(rows[column].dropna())):
            groups[str(name)] = rows[rows[column] == name]
    return groups


def _useful(values: pd.Series) -> dict[str, Any]:
    known = values.dropna().to_numpy(np.float64)
    yes = int((known == 1).sum())
    facts = {"distribuiti": len(values), "rispondenti": known.size, "si": yes}
    facts["no"] = known.size - yes
    if known.size == 0:
        return facts
    ends = wilson(float(yes), float(known.size))
    return {
        **facts,
        "utile": yes / known.size,
        "utile_basso": float(ends.low),
        "utile_alto": float(ends.high),
        "non_risposta": 1 - known.size / len(values),
    }


def area_of_document(doc_id: str, areas: tuple[str, ...]) -> str:
    """Return the Ambito whose code is a whole part of a document's code, else the whole."""
    parts = set(re.split(r"[^A-Za-z0-9]+", doc_id))
    return next((area for area in areas if area in parts), DISTRETTO)


def compute_codici(frames: Frames, study: Study) -> pd.DataFrame:
    """Passages and documents in which each code appears, by any coder, whole and by Ambito."""
    rows = frames["tidy_codifiche_qual"]
    place = [area_of_document(name, study.ambito_ids) for name in rows["doc_id"]]
    own = rows.assign(area=place)
    stacked = pd.concat([own[own["area"] != DISTRETTO], own.assign(area=DISTRETTO)])
    totals = stacked.groupby("area")["doc_id"].nunique()
    keys = ["area", "codice_qual"]
    passages = stacked.drop_duplicates([*keys, "doc_id", "segmento"]).groupby(keys)
    table = passages.agg(passi=("doc_id", "size"), documenti=("doc_id", "nunique")).reset_index()
    table = table.rename(columns={"codice_qual": "codice"})
    table = table.assign(parte=table["codice"].str[:1], documenti_totali=table["area"].map(totals))
    return typed(table, schema.CODICI)


def compute_accordo(frames: Frames, study: Study) -> pd.DataFrame:
    """Cohen's kappa of each pair of coders, on passages to which both gave one code."""
    rows = frames["tidy_codifiche_qual"]
    single = rows.groupby(["codificatore", "doc_id", "segmento"])["codice_qual"].agg(
        ["size", "min"]
    )
    single = single[single["size"] == 1]["min"].unstack("codificatore")
    pairs = list(combinations(sorted(single.columns), 2))
    table = [{"codificatori": f"{a} e {b}", **_agreement(single[[a, b]])} for a, b in pairs]
    return typed(pd.DataFrame(table), schema.ACCORDO)


def _agreement(both: pd.DataFrame) -> dict[str, Any]:
    known = both.dropna()
    facts: dict[str, Any] = {"passi_doppi": len(known), "motivo": ""}
    if known.empty:
        return {**facts, "motivo": "nessun passo codificato da entrambi"}
    try:
        found = cohen_kappa(known.iloc[:, 0].to_numpy(str), known.iloc[:, 1].to_numpy(str))
    except EstimationError as error:
        return {**facts, "motivo": str(error)}
    return {**facts, "kappa": found.value, "kappa_basso": found.low, "kappa_alto": found.high}


SURVEYS, CODINGS = ("tidy_questionari",), ("tidy_codifiche_qual",)
INDICATORS = (
    Indicator(schema.RISPOSTE_ITEM, SURVEYS, compute_risposte),
    Indicator(schema.DOMANDE, SURVEYS, compute_domande),
    Indicator(schema.SCALE, SURVEYS, compute_scale),
    Indicator(schema.UTILITA, SURVEYS, compute_utilita),
    Indicator(schema.CODICI, CODINGS, compute_codici),
    Indicator(schema.ACCORDO, CODINGS, compute_accordo),
)
