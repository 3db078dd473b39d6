"""Write ``data/raw/territorio/`` in the project's own layout from a folder of compiled figures.

Usage: ``python tools/territorio/compile_facts.py --from FOLDER [--to data/raw/territorio]``

The folder holds the tables that were compiled from ISTAT's and MEF's publications, with
their own column names. Columns are renamed, citizenship codes completed from a reviewed table
beside this script, totals checked, and a ``<name>.source.toml`` is written beside each file.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tools.territorio.sources import SOURCES, Source

HERE = Path(__file__).resolve().parent
VOCABULARY = HERE.parents[1] / "src" / "bgest_analysis" / "vocabulary"
STATI = {
    "prima diffusione": "prima_diffusione",
    "definitivo": "definitivo",
    "provvisorio": "provvisorio",
}
SLIDE_TO_AMBITO = {
    "Grumello del Monte": "GRU",
    "Basso Sebino": "BSE",
    "Val Cavallina": "VCA",
    "Alto Sebino": "ASE",
    "Seriate": "SER",
    "Valle Seriana": "VSE",
    "Alta Valle Seriana": "AVS",
}
OFFICIAL_FOREIGNERS_2023 = 120_821
OFFICIAL_EU_2023 = 20_635


def read_table(path: Path) -> pd.DataFrame:
    """Every cell as text, so that codes keep their zeros."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def popolazione_comuni(facts: Path) -> pd.DataFrame:
    """Residents and foreign residents, one row per comune and year (1 January)."""
    table = read_table(facts / "residenti_comuni_bergamo_est.csv")
    named = table.rename(
        columns={
            "codice_comune_istat": "cod_istat",
            "anno_1_gennaio": "anno",
            "residenti_stranieri": "stranieri",
        }
    ).assign(stato_dato=table["stato"].map(STATI))
    return named[
        [
            "cod_istat",
            "anno",
            "residenti",
            "stranieri",
            "stato_dato",
            "fonte_residenti",
            "fonte_stranieri",
        ]
    ].sort_values(["cod_istat", "anno"])


def popolazione_comuni_lombardia_2025(facts: Path) -> pd.DataFrame:
    """The same grain for every comune of Lombardy, 1 January 2025 only."""
    table = read_table(facts / "residenti_comuni_lombardia_2025.csv")
    named = table.rename(
        columns={
            "codice_comune_istat": "cod_istat",
            "anno_1_gennaio": "anno",
            "residenti_stranieri": "stranieri",
        }
    ).assign(
        stato_dato="definitivo", fonte_residenti=table["fonte"], fonte_stranieri=table["fonte"]
    )
    columns = list(popolazione_comuni(facts).columns)
    return named[columns].sort_values(["cod_istat", "anno"])


def stranieri_provincia_cittadinanza(facts: Path) -> pd.DataFrame:
    """Foreign residents of the province by country and sex, 1 January 2023, countries only."""
    table = read_table(facts / "stranieri_provincia_bergamo_2023_cittadinanza.csv")
    countries = table[~table["paese"].isin(_aggregates())].copy()
    completed = countries["paese"].map(_completed_codes())
    countries["cittadinanza_iso3"] = completed.fillna(countries["iso3"])
    countries["ue"] = countries["cittadinanza_iso3"].isin(_union_members_2023())
    _check_citizenship(countries)
    long = countries.melt(
        id_vars=["cittadinanza_iso3", "paese", "ue"],
        value_vars=["maschi", "femmine", "totale"],
        var_name="sesso",
        value_name="n",
    ).assign(cod_provincia="016", anno="2023")
    long["sesso"] = long["sesso"].map({"maschi": "M", "femmine": "F", "totale": "T"})
    long["ue"] = long["ue"].map({True: "true", False: "false"})
    columns = ["cod_provincia", "anno", "cittadinanza_iso3", "paese", "sesso", "n", "ue"]
    return (
        long[columns]
        .rename(columns={"paese": "come_scritto"})
        .sort_values(["cittadinanza_iso3", "sesso"])
    )


def _aggregates() -> set[str]:
    return set(read_table(VOCABULARY / "aggregati_cittadinanza.csv")["nome"])


def _completed_codes() -> dict[str, str]:
    table = read_table(HERE / "cittadinanze_da_completare.csv")
    return dict(zip(table["come_scritto"], table["cittadinanza_iso3"], strict=True))


def _union_members_2023() -> set[str]:
    paesi = read_table(VOCABULARY / "paesi.csv")
    joined = paesi["ue_dal"].ne("") & paesi["ue_dal"].le("2023-01-01")
    left = paesi["ue_al"].ne("") & paesi["ue_al"].lt("2023-01-01")
    return set(paesi.loc[joined & ~left, "iso3"])


def _check_citizenship(countries: pd.DataFrame) -> None:
    blank = countries.loc[countries["cittadinanza_iso3"].eq(""), "paese"].tolist()
    if blank:
        raise SystemExit(f"no code for: {blank}")
    counts = countries[["maschi", "femmine", "totale"]].astype(int)
    if not counts["totale"].eq(counts["maschi"] + counts["femmine"]).all():
        raise SystemExit("the two sexes do not add up to the total of a country")
    total, union = counts["totale"].sum(), counts.loc[countries["ue"], "totale"].sum()
    if (total, union) != (OFFICIAL_FOREIGNERS_2023, OFFICIAL_EU_2023):
        raise SystemExit(f"countries sum to {total}, of which {union} EU")


def stranieri_province(facts: Path) -> pd.DataFrame:
    """Foreign residents and EU citizens among them, one row per province of Lombardy."""
    table = read_table(facts / "stranieri_province_lombardia_2023.csv")
    named = table.rename(columns={"anno_1_gennaio": "anno", "di_cui_ue": "ue"})
    return named[["cod_provincia", "anno", "stranieri", "ue"]].sort_values("cod_provincia")


def redditi_comuni(facts: Path) -> pd.DataFrame:
    """Taxpayers and taxable income, one row per comune and tax year."""
    table = read_table(facts / "irpef_comuni_bergamo_est_2000_2023.csv")
    named = table.rename(columns={"codice_istat": "cod_istat", "anno": "anno_imposta"})
    return named[
        ["cod_istat", "anno_imposta", "contribuenti", "imponibile_freq", "imponibile_eur"]
    ].sort_values(["cod_istat", "anno_imposta"])


def slide_incidenza(facts: Path) -> pd.DataFrame:
    """The percentages of the project's slide, as written there."""
    table = read_table(facts / "slide_incidenza_extra_ue.csv")
    return pd.DataFrame(
        {
            "ambito_id": table["ambito_come_scritto"].map(SLIDE_TO_AMBITO),
            "come_scritto": table["ambito_come_scritto"],
            "incidenza_pct": table["incidenza_extra_ue_pct"],
            "fonte": "Slide «Fare rete dentro la rete», tabella «Incidenza Extra UE»",
            "data": "2023-06-13",
        }
    )


TABLES: dict[str, Callable[[Path], pd.DataFrame]] = {
    table.__name__: table
    for table in (
        popolazione_comuni,
        popolazione_comuni_lombardia_2025,
        stranieri_provincia_cittadinanza,
        stranieri_province,
        redditi_comuni,
        slide_incidenza,
    )
}


def write_table(table: pd.DataFrame, name: str, folder: Path) -> None:
    """One CSV and the provenance beside it."""
    content = table.to_csv(index=False, lineterminator="\n").encode()
    (folder / f"{name}.csv").write_bytes(content)
    provenance = render_source(SOURCES[name], hashlib.sha256(content).hexdigest(), len(table))
    (folder / f"{name}.source.toml").write_text(provenance, encoding="utf-8")


def render_source(source: Source, sha256: str, righe: int) -> str:
    """The provenance as TOML: texts first, then what is computed from the file."""
    lines = [f'{key} = "{value}"' for key, value in source._asdict().items()]
    return "\n".join([*lines, f'sha256 = "{sha256}"', f"righe = {righe}", ""])


def main() -> None:
    """Write every table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="facts", type=Path, required=True)
    parser.add_argument("--to", type=Path, default=HERE.parents[1] / "data/raw/territorio")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    for name, compile_table in TABLES.items():
        write_table(compile_table(options.facts), name, options.to)


if __name__ == "__main__":
    main()
