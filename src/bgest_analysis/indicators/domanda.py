"""Languages and services asked for, and how many requests get no mediator (M7, M9)."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.interventi import by_area, is_unmet, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import copertura as schema
from bgest_analysis.stats.rates import wilson
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

TOP_LANGUAGES = 8
OTHERS, UNKNOWN = "altre", "nd"
ALL_LANGUAGES, ALL_SERVICES = "tutte", "tutti"
SERVICES = {
    "scuola_infanzia": "scuola",
    "scuola_primaria": "scuola",
    "secondaria_I": "scuola",
    "secondaria_II": "scuola",
    "cti": "scuola",
    "cpia": "scuola",
    "servizio_sociale_base": "sociale",
    "tutela_minori": "sociale",
    "consultorio": "salute",
    "ospedale_asst": "salute",
    "salute_mentale": "salute",
    "sportello_stranieri": "sportello",
    "comune_altro": "sportello",
}
OTHER_SERVICES = "altro"


def grouped_requests(interventi: pd.DataFrame) -> pd.DataFrame:
    """Return all requests with ``lingua`` (the most asked, others together), ``servizio``, unmet.

    Few languages and groups of services: every language by every service would be thousands of
    cells with almost nothing in them.
    """
    top = interventi["lingua"].value_counts().index[:TOP_LANGUAGES]
    language = interventi["lingua"].where(interventi["lingua"].isin(top), OTHERS)
    service = interventi["ente_richiedente_tipo"].map(SERVICES).fillna(OTHER_SERVICES)
    unknown = interventi["ente_richiedente_tipo"].isna()
    return pd.DataFrame(
        {
            "ambito_id": interventi["ambito_id"],
            "lingua": language.mask(interventi["lingua"].isna(), UNKNOWN).astype("str"),
            "servizio": service.mask(unknown, UNKNOWN).astype("str"),
            "inevasa": is_unmet(interventi),
        }
    )


def compute_domanda(frames: Frames, study: Study) -> pd.DataFrame:
    """Requests and unmet requests by language and by group of services; crossed for the whole.

    A breakdown whose cells would be small on average (under twice the threshold) is not given:
    neither its requests nor, on their own, its unmet requests.
    """
    rows = by_area(grouped_requests(frames["tidy_interventi"]))
    whole = rows[rows["area"] == DISTRETTO]
    stacked = pd.concat(
        [
            rows.assign(lingua=ALL_LANGUAGES, servizio=ALL_SERVICES),
            rows.assign(servizio=ALL_SERVICES),
            rows.assign(lingua=ALL_LANGUAGES),
            whole,
        ],
        ignore_index=True,
    )
    groups = stacked.groupby(["area", "lingua", "servizio"])["inevasa"]
    table = groups.agg(richieste="size", inevase="sum").reset_index()
    table = _only_thick(table, 2 * study.protezione.soglia_interna)
    share = wilson(table["inevase"].to_numpy(float), table["richieste"].to_numpy(float))
    table = table.assign(
        quota_inevase=share.value, quota_inevase_basso=share.low, quota_inevase_alto=share.high
    )
    return typed(_without_thin_unmet(table, study.protezione.soglia_interna), schema.DOMANDA)


def _breakdown(table: pd.DataFrame) -> list[pd.Series]:
    """Return what makes a breakdown: the area, by language or not, by service or not."""
    by_language, by_service = table["lingua"] == ALL_LANGUAGES, table["servizio"] == ALL_SERVICES
    return [table["area"], by_language, by_service]


def _only_thick(table: pd.DataFrame, least: int) -> pd.DataFrame:
    mean = table.groupby(_breakdown(table))["richieste"].transform("mean")
    total = (table["lingua"] == ALL_LANGUAGES) & (table["servizio"] == ALL_SERVICES)
    return table[(mean >= least) | total]


def _without_thin_unmet(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Leave out unmet requests of thin breakdowns, and of few requests (a share of 0 tells n)."""
    mean = table.groupby(_breakdown(table))["inevase"].transform("mean")
    total = (table["lingua"] == ALL_LANGUAGES) & (table["servizio"] == ALL_SERVICES)
    thin = ((mean < 2 * threshold) & ~total) | (table["richieste"] < threshold)
    names = ["inevase", *(name for name in table.columns if name.startswith("quota_inevase"))]
    return table.assign(**{name: table[name].astype("Float64").mask(thin) for name in names})


def compute_lingue(frames: Frames, study: Study) -> pd.DataFrame:
    """Number of languages asked for, and their concentration: sum of squared shares (M9)."""
    rows = frames["tidy_interventi"]
    rows = by_area(rows[rows["lingua"].notna()][["ambito_id", "lingua"]])
    counts = rows.groupby(["area", "lingua"]).size()
    total = counts.groupby(level="area").sum()
    shares = counts / total
    table = pd.DataFrame(
        {
            "richieste": total,
            "lingue": counts.groupby(level="area").size(),
            "hhi": (shares**2).groupby(level="area").sum(),
        }
    )
    return typed(table.reset_index(), schema.LINGUE)


INDICATORS = (
    Indicator(schema.DOMANDA, ("tidy_interventi",), compute_domanda),
    Indicator(schema.LINGUE, ("tidy_interventi",), compute_lingue),
)
