"""Indicators of meetings: seats against attendance, mediators (R2), continuity (R3), proposals."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.interventi import typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import presenze as schema
from bgest_analysis.stats.rates import wilson
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

ALL = "tutti"
WHOLE = "tutto"
LEVEL_OF_ORGAN = {"livello_operativo": "operativo"}
CABINET = "cabina_regia"
NO_ANSWER = "senza_riscontro"
CONTINUOUS = 2 / 3
READS = ("tidy_incontri", "tidy_presenze", "studio_enti")


def bodies(study: Study) -> pd.DataFrame:
    """Return the study's bodies: ente_id, ente, tipo, ambito_id (missing where there is none)."""
    found = study.tabelle["enti"].rename(columns={"nome": "ente"})
    found = found[["ente_id", "ente", "tipo", "ambito_id"]]
    return found.assign(ambito_id=found["ambito_id"].where(found["ambito_id"] != ""))


def seats(study: Study) -> pd.DataFrame:
    """Return livello and ente_id of every declared seat; empty where none is declared."""
    if "composizione_organi" not in study.tabelle:
        return pd.DataFrame({"livello": [], "ente_id": []}, dtype="str")
    table = study.tabelle["composizione_organi"]
    level = table["organo"].replace(LEVEL_OF_ORGAN)
    return table.assign(livello=level)[["livello", "ente_id"]].drop_duplicates(ignore_index=True)


def attendance(frames: Frames) -> pd.DataFrame:
    """Return incontro_id, ente_id, livello, data: one row a body present at a meeting."""
    came = frames["tidy_presenze"][["incontro_id", "ente_id"]].drop_duplicates()
    meetings = frames["tidy_incontri"][["incontro_id", "livello", "data"]]
    return came.merge(meetings, on="incontro_id")


def recorded(frames: Frames) -> pd.DataFrame:
    """Return the meetings whose attendance is known (at least one body present)."""
    meetings = frames["tidy_incontri"]
    return meetings[meetings["incontro_id"].isin(frames["tidy_presenze"]["incontro_id"])]


def with_share(table: pd.DataFrame, cases: str, total: str) -> pd.DataFrame:
    """Add quota, basso, alto (Wilson 95%); missing where the total is zero."""
    known = table[total].fillna(0).astype("int64") > 0
    rows = table[known]
    table = table.assign(quota=float("nan"), basso=float("nan"), alto=float("nan"))
    if rows.empty:
        return table
    found = wilson(rows[cases].to_numpy("float64"), rows[total].to_numpy("float64"))
    table.loc[known, "quota"] = found.value
    table.loc[known, "basso"] = found.low
    table.loc[known, "alto"] = found.high
    return table


def compute_presenze_enti(frames: Frames, study: Study) -> pd.DataFrame:
    """Meetings attended by each body at each level, beside its seat."""
    came = attendance(frames).groupby(["livello", "ente_id"]).size().rename("presenti")
    declared = seats(study).assign(seggio=True)
    table = declared.merge(came.reset_index(), on=["livello", "ente_id"], how="outer")
    table["seggio"] = table["seggio"].notna()
    table["presenti"] = table["presenti"].fillna(0)
    table["incontri"] = table["livello"].map(recorded(frames)["livello"].value_counts()).fillna(0)
    table = table.merge(bodies(study), on="ente_id", how="left")
    table["ente"] = table["ente"].fillna(table["ente_id"])
    table = with_share(table, "presenti", "incontri")
    return typed(table.sort_values(["livello", "ente_id"]), schema.PRESENZE_ENTI)


def compute_presenze_ambiti(frames: Frames, study: Study) -> pd.DataFrame:
    """Meetings of each level at which at least one body of an Ambito was present."""
    own = bodies(study).set_index("ente_id")["ambito_id"]
    came = attendance(frames).assign(ambito_id=lambda r: r["ente_id"].map(own))
    came = came.drop_duplicates(["incontro_id", "ambito_id"])
    counts = came.groupby(["livello", "ambito_id"]).size().rename("presenti").reset_index()
    levels = recorded(frames)["livello"].value_counts().rename("incontri").rename_axis("livello")
    ambiti = pd.DataFrame({"ambito_id": list(study.ambito_ids)})
    table = levels.reset_index().merge(ambiti, how="cross")
    table = table.merge(counts, on=["livello", "ambito_id"], how="left")
    table["presenti"] = table["presenti"].fillna(0)
    seated = seats(study).assign(ambito_id=lambda r: r["ente_id"].map(own))
    pairs = set(zip(seated["livello"], seated["ambito_id"], strict=True))
    table["seggio"] = [
        pair in pairs for pair in zip(table["livello"], table["ambito_id"], strict=True)
    ]
    return typed(with_share(table, "presenti", "incontri"), schema.PRESENZE_AMBITI)


def compute_incontri(frames: Frames, study: Study) -> pd.DataFrame:
    """Meetings by level and year, bodies at each, and those with a mediator (R2)."""
    came = frames["tidy_presenze"]
    rows = frames["tidy_incontri"].set_index("incontro_id")
    rows = rows.assign(
        enti=came.groupby("incontro_id")["ente_id"].nunique(),
        mediatore=came["ruolo"].eq("mediatore").groupby(came["incontro_id"]).any(),
        anno=rows["data"].dt.year.astype("Int64").astype("str"),
    )
    stacked = pd.concat(
        [
            rows.assign(livello=level, periodo=period)
            for level in (rows["livello"], ALL)
            for period in (WHOLE, rows["anno"])
        ]
    )
    table = stacked.groupby(["livello", "periodo"]).agg(
        incontri=("enti", "size"),
        con_verbale=("verbale", "sum"),
        con_presenze=("enti", "count"),
        enti_mediana=("enti", "median"),
        dal=("data", "min"),
        al=("data", "max"),
        con_mediatore=("mediatore", "sum"),
    )
    table = with_share(table.reset_index(), "con_mediatore", "con_presenze")
    return typed(table, schema.INCONTRI_LIVELLI)


def compute_continuita(frames: Frames, study: Study) -> pd.DataFrame:
    """Bodies present at two thirds of the meetings of their levels (R3), by kind and Ambito."""
    rows = frames["ind_presenze_enti"]
    held = rows[rows["incontri"] > 0].sort_values("ente_id")
    seated = held.groupby("ente_id")["seggio"].transform("any")
    held = held[held["seggio"] | ~seated]
    one = held.groupby("ente_id").agg(
        tipo=("tipo", "first"),
        ambito_id=("ambito_id", "first"),
        seggio=("seggio", "any"),
        presenti=("presenti", "sum"),
        incontri=("incontri", "sum"),
    )
    one["continuo"] = one["presenti"] / one["incontri"] >= CONTINUOUS - 1e-9
    stacked = pd.concat(
        [
            one.assign(area=area, tipo=kind)
            for area in (DISTRETTO, one["ambito_id"])
            for kind in (ALL, one["tipo"])
        ]
    )
    table = stacked.groupby(["area", "seggio", "tipo"]).agg(
        enti=("continuo", "size"), continui=("continuo", "sum")
    )
    return typed(with_share(table.reset_index(), "continui", "enti"), schema.CONTINUITA)


def compute_proposte(frames: Frames, study: Study) -> pd.DataFrame:
    """Proposals by subject and outcome, days to it, and those the Cabina never gave back."""
    rows = frames["tidy_proposte"]
    days = (rows["data_esito"] - rows["data"]).dt.days
    rows = rows.assign(
        esito=rows["esito_proposta"],
        giorni=days.where((rows["esito_proposta"] != NO_ANSWER) & (days >= 0)),
        assente=rows["incontro_cabina"].isna(),
        dopo=_cabinets_after(rows, frames.get("tidy_incontri")),
    )
    stacked = pd.concat([rows, rows.assign(tema=ALL)])
    table = stacked.groupby(["tema", "esito"]).agg(
        proposte=("esito", "size"),
        mai_in_cabina=("assente", "sum"),
        con_giorni=("giorni", "count"),
        giorni_mediana=("giorni", "median"),
        giorni_massimo=("giorni", "max"),
        cabine_dopo=("dopo", "median"),
    )
    table = table.reset_index()
    enough = table["con_giorni"] >= 2 * study.protezione.soglia_interna
    table["giorni_mediana"] = table["giorni_mediana"].round().where(enough)
    table["cabine_dopo"] = table["cabine_dopo"].where(table["esito"] == NO_ANSWER)
    table["totale"] = table.groupby("tema")["proposte"].transform("sum")
    return typed(with_share(table, "proposte", "totale"), schema.PROPOSTE)


def _cabinets_after(proposals: pd.DataFrame, meetings: pd.DataFrame | None) -> pd.Series:
    if meetings is None:
        return pd.Series(float("nan"), index=proposals.index)
    held = meetings.loc[meetings["livello"] == CABINET, "data"].dropna()
    return proposals["data"].map(lambda day: float((held > day).sum()))


INDICATORS = (
    Indicator(schema.PRESENZE_ENTI, READS, compute_presenze_enti, ("studio_composizione_organi",)),
    Indicator(
        schema.PRESENZE_AMBITI, READS, compute_presenze_ambiti, ("studio_composizione_organi",)
    ),
    Indicator(schema.INCONTRI_LIVELLI, READS[:2], compute_incontri),
    Indicator(schema.CONTINUITA, ("ind_presenze_enti",), compute_continuita),
    Indicator(schema.PROPOSTE, ("tidy_proposte",), compute_proposte, ("tidy_incontri",)),
)
