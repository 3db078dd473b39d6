"""Indicators of the territory: incidence, estimated non-EU residents, income, the slide's table."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import territorio as schema
from bgest_analysis.study.model import Study
from bgest_analysis.vocabulary.load import read_list
from bgest_analysis.workspace import DISTRETTO

TOTALS = {"tutti": "residenti", "stranieri": "stranieri", "extra_ue": "extra_ue"}
STATUS_ORDER = ("provvisorio", "prima_diffusione", "ricostruito", "definitivo")


def total_counts(popolazione: pd.DataFrame) -> pd.DataFrame:
    """Return the totals of ``tidy_popolazione``: one row per comune and year.

    Columns residenti, stranieri, extra_ue (missing where the source has no such total) and
    stato_dato, the least final status of the figures used.
    """
    totals = popolazione[(popolazione["sesso"] == "T") & (popolazione["eta"] == "tot")]
    totals = totals[totals["cittadinanza"].isin(list(TOTALS))]
    keys = ["cod_istat", "anno"]
    counts = totals.pivot(index=keys, columns="cittadinanza", values="n")
    counts = counts.rename(columns=TOTALS).reindex(columns=list(TOTALS.values()))
    counts["stato_dato"] = totals.groupby(keys)["stato_dato"].agg(least_final)
    return counts.astype(dict.fromkeys(TOTALS.values(), "Int64")).reset_index()


def least_final(statuses: pd.Series) -> str:
    """Return the least final of several statuses (a sum is as firm as its weakest part)."""
    present = set(statuses)
    return next((status for status in STATUS_ORDER if status in present), "non_noto")


def compute_incidenza_comuni(frames: Frames, study: Study) -> pd.DataFrame:
    """Share of foreign residents by comune and year: stranieri / residenti on 1 January."""
    counts = total_counts(frames["tidy_popolazione"]).drop(columns="extra_ue")
    places = study.comuni[["cod_istat", "nome", "ambito_id"]].rename(columns={"nome": "comune"})
    table = places.merge(counts, on="cod_istat")
    table = table.dropna(subset=["residenti", "stranieri"])
    incidenza = table["stranieri"].astype("Float64") / table["residenti"]
    table = table.assign(incidenza=incidenza)[schema.INCIDENZA_COMUNI.column_names]
    return table.sort_values(["cod_istat", "anno"], ignore_index=True)


def compute_quota_extra_ue(frames: Frames, study: Study) -> pd.DataFrame:
    """Non-EU share of foreign residents by province and year: 1 - cittadini UE / stranieri."""
    wide = frames["tidy_stranieri_province"]
    names = read_list("province_lombardia").set_index("cod_provincia")["nome"]
    table = pd.DataFrame(
        {
            "cod_provincia": wide["cod_provincia"],
            "provincia": wide["cod_provincia"].map(names).fillna("codice " + wide["cod_provincia"]),
            "anno": wide["anno"],
            "stranieri": wide["stranieri"],
            "ue": wide["stranieri_ue"],
            "quota_extra_ue": 1 - wide["stranieri_ue"].astype("Float64") / wide["stranieri"],
            "riferimento": (wide["cod_provincia"] == study.provincia).astype("boolean"),
        }
    )
    return table.sort_values(["anno", "cod_provincia"], ignore_index=True)


def nearest_quotas(quote: pd.DataFrame, years: pd.Series) -> pd.DataFrame:
    """For each year, the province's non-EU share and the region's range in the nearest year.

    Parameters
    ----------
    quote
        ``ind_quota_extra_ue``.
    years
        Years wanted; where the nearest year is not unique the earlier one is taken.

    Returns
    -------
    One row a year: anno, anno_quota, quota (province of the study), quota_basso, quota_alto
    (lowest and highest province of the region in that year).
    """
    own = quote[quote["riferimento"]].set_index("anno")["quota_extra_ue"]
    if own.empty:
        names = ["anno", "anno_quota", "quota", "quota_basso", "quota_alto"]
        return pd.DataFrame({name: pd.Series(dtype="Float64") for name in names}).astype(
            {"anno": "Int64"}
        )
    by_year = quote.groupby("anno")["quota_extra_ue"]
    low, high = by_year.min(), by_year.max()
    wanted = sorted({int(year) for year in years})
    used = [min(own.index, key=lambda at: (abs(at - year), at)) for year in wanted]
    return pd.DataFrame(
        {
            "anno": pd.array(wanted, dtype="Int64"),
            "anno_quota": pd.array(used, dtype="Int64"),
            "quota": own.loc[used].to_numpy(),
            "quota_basso": low.loc[used].to_numpy(),
            "quota_alto": high.loc[used].to_numpy(),
        }
    )


def sum_by_area(
    rows: pd.DataFrame, study: Study, year: str, columns: list[str], status: bool
) -> pd.DataFrame:
    """Add comuni up to Ambiti and the whole, by year.

    A sum over an incomplete set of comuni is missing, not smaller: ``n_comuni`` says how many
    were there, ``n_comuni_attesi`` how many the area has.
    """
    placed = rows.merge(study.comuni[["cod_istat", "ambito_id"]], on="cod_istat")
    both = [placed.assign(area=placed["ambito_id"]), placed.assign(area=DISTRETTO)]
    stacked = pd.concat(both, ignore_index=True)
    groups = stacked.groupby(["area", year])
    sums = groups[columns].sum(min_count=1)
    full = groups[columns].count()
    expected = {area: len(study.comuni_area(area)) for area in study.aree}
    attesi = pd.Series(
        [expected[area] for area in sums.index.get_level_values("area")],
        index=sums.index,
        dtype="Int64",
    )
    sums = sums.where(full.eq(attesi, axis=0))
    sums["n_comuni"] = full[columns].min(axis=1).astype("Int64")
    sums["n_comuni_attesi"] = attesi
    if status:
        sums["stato_dato"] = groups["stato_dato"].agg(least_final)
    return order_areas(sums.reset_index(), study, year)


def order_areas(table: pd.DataFrame, study: Study, *then: str) -> pd.DataFrame:
    """Sort rows by the study's order of areas (the whole first), then by the columns named."""
    place = {area: i for i, area in enumerate(study.aree)}
    ordered = table.assign(_posto=table["area"].map(place)).sort_values(["_posto", *then])
    return ordered.drop(columns="_posto").reset_index(drop=True)


def compute_incidenza(frames: Frames, study: Study) -> pd.DataFrame:
    """Share of all foreign and of non-EU residents by area and year.

    Non-EU residents are counted where the citizenship of each comune is loaded; elsewhere they
    are estimated as stranieri × the province's non-EU share (nearest year at hand), with a range
    from the lowest to the highest share among the region's provinces that year.
    """
    counts = total_counts(frames["tidy_popolazione"])
    columns = ["residenti", "stranieri"]
    table = sum_by_area(counts, study, "anno", columns, status=True)
    counted = sum_by_area(counts, study, "anno", ["extra_ue"], status=False)
    table = table.merge(counted[["area", "anno", "extra_ue"]], on=["area", "anno"])
    table = _with_non_eu(table, frames["ind_quota_extra_ue"])
    table["incidenza"] = table["stranieri"].astype("Float64") / table["residenti"]
    for suffix in ("", "_basso", "_alto"):
        table[f"incidenza_extra_ue{suffix}"] = table[f"extra_ue{suffix}"] / table["residenti"]
    table = _with_comparisons(table)
    return order_areas(table, study, "anno")[schema.INCIDENZA_AREE.column_names]


def _with_non_eu(table: pd.DataFrame, quote: pd.DataFrame) -> pd.DataFrame:
    table = table.merge(nearest_quotas(quote, table["anno"]), on="anno", how="left")
    counted = table["extra_ue"].astype("Float64")
    foreign = table["stranieri"].astype("Float64")
    table["extra_ue_metodo"] = counted.notna().map({True: "osservata", False: "stimata"})
    for suffix in ("", "_basso", "_alto"):
        table[f"extra_ue{suffix}"] = counted.fillna(foreign * table[f"quota{suffix}"])
    return table


def _with_comparisons(table: pd.DataFrame) -> pd.DataFrame:
    whole = table[table["area"] == DISTRETTO].set_index("anno")
    first = table.sort_values("anno").groupby("area")["incidenza"].transform("first")
    return table.assign(
        variazione_punti=100 * (table["incidenza"] - first),
        quota_distretto=table["stranieri"].astype("Float64")
        / table["anno"].map(whole["stranieri"]).astype("Float64"),
        quoziente=table["incidenza"] / table["anno"].map(whole["incidenza"]),
    )


def compute_cittadinanze(frames: Frames, study: Study) -> pd.DataFrame:
    """Foreign residents of the study's province by citizenship, ranked within the year."""
    rows = frames["tidy_stranieri_provincia"]
    rows = rows[rows["cod_provincia"] == study.provincia]
    paesi = read_list("paesi").drop_duplicates("iso3").set_index("iso3")["nome_it"]
    rows = rows[rows["cittadinanza_iso3"].isin(paesi.index)]
    keys = ["cod_provincia", "anno", "cittadinanza_iso3"]
    wide = rows.pivot(index=keys, columns="sesso", values="n").reindex(columns=["T", "M", "F"])
    wide = wide.rename(columns={"T": "n", "M": "maschi", "F": "femmine"})
    wide["ue"] = rows.groupby(keys)["ue"].first()
    table = wide.reset_index()
    by_year = table.groupby("anno")["n"]
    table = table.assign(
        paese=table["cittadinanza_iso3"].map(paesi),
        quota=table["n"].astype("Float64") / by_year.transform("sum").astype("Float64"),
        rango=by_year.rank(method="first", ascending=False).astype("Int64"),
    )
    table = table.sort_values(["anno", "rango"], ignore_index=True)
    types = {column.name: column.dtype for column in schema.CITTADINANZE.columns}
    return table[list(types)].astype(types)


def compute_redditi(frames: Frames, study: Study) -> pd.DataFrame:
    """Mean taxable income by area and tax year: imponibile_eur / imponibile_freq, current euro."""
    columns = ["contribuenti", "imponibile_freq", "imponibile_eur"]
    table = sum_by_area(frames["tidy_redditi"], study, "anno_imposta", columns, status=False)
    mean = table["imponibile_eur"].astype("Float64") / table["imponibile_freq"]
    return table.assign(imponibile_medio_eur=mean)[schema.REDDITI.column_names]


INDICATORS = (
    Indicator(schema.QUOTE_EXTRA_UE, ("tidy_stranieri_province",), compute_quota_extra_ue),
    Indicator(schema.INCIDENZA_COMUNI, ("tidy_popolazione",), compute_incidenza_comuni),
    Indicator(schema.INCIDENZA_AREE, ("tidy_popolazione", "ind_quota_extra_ue"), compute_incidenza),
    Indicator(schema.CITTADINANZE, ("tidy_stranieri_provincia",), compute_cittadinanze),
    Indicator(schema.REDDITI, ("tidy_redditi",), compute_redditi),
)
