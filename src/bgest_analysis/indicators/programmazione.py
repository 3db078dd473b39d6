"""Indicators for planning: hours at risk, practices that stay, hours under allocation rules."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.interventi import by_area, done, hours, is_unmet, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import programmazione as schema
from bgest_analysis.stats.inequality import extreme_ratio, theil
from bgest_analysis.study.model import Study

ALL = "tutti"
ENDED = "concluso"
TODAY = "oggi"
MONTHS = 12


def last_year(rows: pd.DataFrame, day: str = "data") -> pd.DataFrame:
    """Return the rows of the last twelve months of the log."""
    end = rows[day].max()
    recent: pd.DataFrame = rows[rows[day] > end - pd.DateOffset(months=MONTHS)]
    return recent


def compute_rischio(frames: Frames, study: Study) -> pd.DataFrame:
    """Hours of the last twelve months charged to projects that have ended, by service."""
    projects = study.tabelle["progetti"]
    ended = set(projects.loc[projects["stato"] == ENDED, "progetto_id"])
    rows = last_year(done(frames["tidy_interventi"]))
    rows = rows.assign(ore=hours(rows), rischio=rows["progetto_id"].isin(ended))
    rows = rows.assign(ore_rischio=rows["ore"].where(rows["rischio"], 0.0))
    served = rows.assign(servizio=rows["ente_richiedente_tipo"].fillna("altro"))
    stacked = by_area(pd.concat([served, rows.assign(servizio=ALL)], ignore_index=True))
    table = stacked.groupby(["area", "servizio"]).agg(
        interventi=("ore", "size"),
        interventi_rischio=("rischio", "sum"),
        ore=("ore", "sum"),
        ore_rischio=("ore_rischio", "sum"),
    )
    table["altri_interventi"] = table["interventi"] - table["interventi_rischio"]
    table["quota_rischio"] = table["ore_rischio"] / table["ore"].where(table["ore"] > 0)
    table = table.reset_index().assign(dal=rows["data"].min(), al=rows["data"].max())
    return typed(table, schema.ORE_RISCHIO)


def compute_tenuta(frames: Frames, study: Study) -> pd.DataFrame:
    """Practices by component, and those that a formal instrument holds."""
    stacked = by_area(frames["tidy_pratiche"])
    table = stacked.groupby(["area", "componente"]).agg(
        pratiche=("pratica_id", "nunique"),
        con_atto=("strumento_formale", "sum"),
        ambiti=("ambito_id", "nunique"),
    )
    return typed(table.reset_index(), schema.TENUTA)


def compute_riparto(frames: Frames, study: Study) -> pd.DataFrame:
    """Contact hours of a year to each Ambito under each rule.

    ``oggi``: as they went; ``incidenza``: by non-EU residents; ``domanda``: by requests;
    ``bisogno_inevaso``: by requests not met; ``costo``: the same spending a head, so fewer
    contact hours where more travel and back office go with each.
    """
    log = frames["tidy_interventi"]
    rows = last_year(log.assign(data=log["data"].fillna(log["data_richiesta"])))
    people = _non_eu(frames["ind_incidenza"], study)
    bases = _bases(rows, people, study)
    total = done(rows)["minuti_frontali"].sum() / 60
    parts = [_allocated(name, base, cases, total, people) for name, (base, cases) in bases.items()]
    return typed(pd.concat(parts, ignore_index=True), schema.RIPARTO)


def _non_eu(incidence: pd.DataFrame, study: Study) -> pd.Series:
    year = incidence[incidence["anno"] == study.anno_riferimento].set_index("area")
    return year["extra_ue"].astype("float64").reindex(list(study.ambito_ids))


def _bases(
    rows: pd.DataFrame, people: pd.Series, study: Study
) -> dict[str, tuple[pd.Series, pd.Series | None]]:
    worked = done(rows)
    contact = _by_ambito(worked.groupby("ambito_id")["minuti_frontali"].sum(), study)
    heavy = _by_ambito((hours(worked) * 60).groupby(worked["ambito_id"]).sum(), study)
    made = _by_ambito(worked.groupby("ambito_id").size(), study)
    asked = _by_ambito(rows.groupby("ambito_id").size(), study)
    unmet = _by_ambito(rows[is_unmet(rows)].groupby("ambito_id").size(), study)
    return {
        TODAY: (contact, made),
        "incidenza": (people, None),
        "domanda": (asked, asked),
        "bisogno_inevaso": (unmet, unmet),
        "costo": (people * contact / heavy.where(heavy > 0), made),
    }


def _by_ambito(values: pd.Series, study: Study) -> pd.Series:
    return values.astype("float64").reindex(list(study.ambito_ids)).fillna(0.0)


def _allocated(
    rule: str, base: pd.Series, cases: pd.Series | None, total: float, people: pd.Series
) -> pd.DataFrame:
    share = base / base.sum() if base.sum() > 0 and base.notna().all() else base * float("nan")
    given = share * total
    return pd.DataFrame(
        {
            "regola": rule,
            "ambito_id": base.index,
            "casi": None if cases is None else cases.to_numpy(),
            "quota": share.to_numpy(),
            "ore": given.to_numpy(),
            "ore_per_1000": (1000 * given / people.where(people > 0)).to_numpy(),
        }
    )


def compute_equita(frames: Frames, study: Study) -> pd.DataFrame:
    """Inequality of hours per non-EU resident under each rule, and hours that would move."""
    table = frames["ind_riparto"]
    people = _non_eu(frames["ind_incidenza"], study)
    today = table[table["regola"] == TODAY].set_index("ambito_id")["quota"].astype("float64")
    rows = [
        {"regola": rule, **_inequality(part.set_index("ambito_id"), people, today)}
        for rule, part in table.groupby("regola", sort=False)
    ]
    return typed(pd.DataFrame(rows), schema.RIPARTO_EQUITA)


def _inequality(part: pd.DataFrame, people: pd.Series, today: pd.Series) -> dict[str, float | None]:
    rate = part["ore_per_1000"].astype("float64")
    if rate.isna().any():
        return {}
    moved = (part["quota"].astype("float64") - today).abs().sum() / 2
    try:
        ratio = extreme_ratio(rate.to_numpy())
        index = theil(rate.to_numpy(), people.reindex(rate.index).to_numpy())
    except EstimationError:
        return {"spostate": moved}
    return {"theil": index, "rapporto": ratio, "spostate": moved}


INDICATORS = (
    Indicator(schema.ORE_RISCHIO, ("tidy_interventi", "studio_progetti"), compute_rischio),
    Indicator(schema.TENUTA, ("tidy_pratiche",), compute_tenuta),
    Indicator(schema.RIPARTO, ("tidy_interventi", "ind_incidenza"), compute_riparto),
    Indicator(schema.RIPARTO_EQUITA, ("ind_riparto", "ind_incidenza"), compute_equita),
)
