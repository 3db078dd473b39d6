"""The slide's table beside what the official figures give, for each definition and year."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import territorio as schema
from bgest_analysis.study.model import Study

TOLERANCE_POINTS = 1.0


def compute_confronto_slide(frames: Frames, study: Study) -> pd.DataFrame:
    """The slide's percentages beside each definition and year, and the gap in points."""
    slide = frames["tidy_slide_incidenza"].set_index("ambito_id")["incidenza_pct"]
    areas = frames["ind_incidenza"]
    areas = areas[areas["area"].isin(slide.index)]
    parts = [
        pd.DataFrame(
            {
                "ambito_id": areas["area"],
                "definizione": definition,
                "anno": areas["anno"],
                "valore_slide_pct": areas["area"].map(slide).astype("Float64"),
                "ricalcolato_pct": 100 * areas[column],
            }
        )
        for definition, column in (
            ("stranieri", "incidenza"),
            ("extra_ue", "incidenza_extra_ue"),
        )
    ]
    table = pd.concat(parts, ignore_index=True)
    gap = table["ricalcolato_pct"] - table["valore_slide_pct"]
    return table.assign(scarto_punti=gap)[schema.CONFRONTO_SLIDE.column_names]


def ambiti_that_fit_no_year(confronto: pd.DataFrame) -> list[str]:
    """Return the Ambiti whose gap exceeds ``TOLERANCE_POINTS`` in every definition and year."""
    closest = confronto["scarto_punti"].abs().groupby(confronto["ambito_id"]).min()
    return sorted(closest.index[closest > TOLERANCE_POINTS])


def compute_confronto_sintesi(frames: Frames, study: Study) -> pd.DataFrame:
    """Mean and largest absolute gap by definition and year, with and without the misfits."""
    confronto = frames["ind_confronto_slide"]
    confronto = confronto.dropna(subset=["scarto_punti"])
    excluded = ambiti_that_fit_no_year(confronto)
    gaps = confronto.assign(scarto=confronto["scarto_punti"].abs())
    keys = ["definizione", "anno"]
    table = _gaps(gaps, keys, "")
    rest = _gaps(gaps[~gaps["ambito_id"].isin(excluded)], keys, "_senza")
    largest = gaps.loc[gaps.groupby(keys)["scarto"].idxmax()].set_index(keys)["ambito_id"]
    table = table.join(rest).assign(ambito_massimo=largest, esclusi="|".join(excluded))
    table = table.reset_index().sort_values(keys, ignore_index=True)
    return table[schema.CONFRONTO_SINTESI.column_names]


def _gaps(gaps: pd.DataFrame, keys: list[str], suffix: str) -> pd.DataFrame:
    by_definition = gaps.groupby(keys)["scarto"]
    return pd.DataFrame(
        {
            f"scarto_medio{suffix}": by_definition.mean(),
            f"scarto_massimo{suffix}": by_definition.max(),
        }
    )


INDICATORS = (
    Indicator(
        schema.CONFRONTO_SLIDE, ("tidy_slide_incidenza", "ind_incidenza"), compute_confronto_slide
    ),
    Indicator(schema.CONFRONTO_SINTESI, ("ind_confronto_slide",), compute_confronto_sintesi),
)
