"""The public figures in ``data/raw/territorio``: whole, as sealed, and adding up."""

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.vocabulary.load import is_ue, load_comuni, load_paesi, read_list

ROOT = Path(__file__).resolve().parents[2]
TERRITORIO = ROOT / "data" / "raw" / "territorio"
TABLES = sorted(path.stem for path in TERRITORIO.glob("*.csv"))
SOURCE_KEYS = {
    "titolo",
    "editore",
    "url",
    "licenza",
    "citazione",
    "data_pubblicazione",
    "data_accesso",
    "annata",
    "origine",
    "sha256",
    "righe",
}


def read_raw(name: str) -> pd.DataFrame:
    return pd.read_csv(TERRITORIO / f"{name}.csv", dtype="str", keep_default_na=False)


def as_counts(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return table.astype(dict.fromkeys(columns, "int64"))


def test_the_six_tables_are_there() -> None:
    assert TABLES == [
        "popolazione_comuni",
        "popolazione_comuni_lombardia_2025",
        "redditi_comuni",
        "slide_incidenza",
        "stranieri_province",
        "stranieri_provincia_cittadinanza",
    ]


@pytest.mark.parametrize("name", TABLES)
def test_provenance_is_true(name: str) -> None:
    source = tomllib.loads((TERRITORIO / f"{name}.source.toml").read_text(encoding="utf-8"))
    content = (TERRITORIO / f"{name}.csv").read_bytes()
    assert set(source) == SOURCE_KEYS
    assert source["sha256"] == hashlib.sha256(content).hexdigest()
    assert source["righe"] == len(read_raw(name)) == content.count(b"\n") - 1


@pytest.mark.parametrize("name", TABLES)
def test_one_row_per_key(name: str) -> None:
    keys = {
        "popolazione_comuni": ["cod_istat", "anno"],
        "popolazione_comuni_lombardia_2025": ["cod_istat", "anno"],
        "redditi_comuni": ["cod_istat", "anno_imposta"],
        "slide_incidenza": ["ambito_id"],
        "stranieri_province": ["cod_provincia", "anno"],
        "stranieri_provincia_cittadinanza": ["cittadinanza_iso3", "sesso"],
    }
    assert not read_raw(name).duplicated(keys[name]).any()


def test_every_comune_of_the_study_has_every_year() -> None:
    comuni = set(pd.read_csv(ROOT / "studio" / "comuni.csv", dtype="str")["cod_istat"])
    popolazione, redditi = read_raw("popolazione_comuni"), read_raw("redditi_comuni")
    assert len(comuni) == 103
    for anno in range(2020, 2027):
        assert set(popolazione.loc[popolazione["anno"].eq(str(anno)), "cod_istat"]) == comuni
    for anno in range(2000, 2024):
        assert set(redditi.loc[redditi["anno_imposta"].eq(str(anno)), "cod_istat"]) == comuni


@pytest.mark.parametrize("name", ["popolazione_comuni", "popolazione_comuni_lombardia_2025"])
def test_foreigners_are_residents(name: str) -> None:
    table = as_counts(read_raw(name), "residenti", "stranieri")
    assert (table["stranieri"] >= 0).all()
    assert (table["stranieri"] < table["residenti"]).all()


def test_vintages_are_declared() -> None:
    table = read_raw("popolazione_comuni").drop_duplicates(["anno", "stato_dato"])
    assert dict(zip(table["anno"], table["stato_dato"], strict=True)) == {
        **dict.fromkeys(["2020", "2021", "2022", "2023"], "prima_diffusione"),
        **dict.fromkeys(["2024", "2025"], "definitivo"),
        "2026": "provvisorio",
    }


def test_region_and_district_tables_agree_in_2025() -> None:
    region = read_raw("popolazione_comuni_lombardia_2025").set_index("cod_istat")
    district = read_raw("popolazione_comuni").query("anno == '2025'").set_index("cod_istat")
    assert sorted(region.index) == sorted(load_comuni().titoli)
    columns = ["residenti", "stranieri"]
    pd.testing.assert_frame_equal(region.loc[district.index, columns], district[columns])


def test_citizenship_adds_up_to_the_official_totals() -> None:
    table = as_counts(read_raw("stranieri_provincia_cittadinanza"), "n")
    wide = table.pivot(index="cittadinanza_iso3", columns="sesso", values="n")
    assert (wide["M"] + wide["F"]).eq(wide["T"]).all()
    totals = table[table["sesso"].eq("T")]
    assert totals["n"].sum() == 120_821
    assert totals.loc[totals["ue"].eq("true"), "n"].sum() == 20_635


def test_citizenship_agrees_with_the_province_table() -> None:
    province = as_counts(read_raw("stranieri_province"), "stranieri", "ue")
    bergamo = province.set_index("cod_provincia").loc["016"]
    assert (bergamo["stranieri"], bergamo["ue"]) == (120_821, 20_635)
    assert sorted(province["cod_provincia"]) == sorted(
        read_list("province_lombardia")["cod_provincia"]
    )


def test_citizenship_codes_are_those_of_the_vocabulary() -> None:
    table = read_raw("stranieri_provincia_cittadinanza").query("sesso == 'T'")
    found = load_paesi().match(table["come_scritto"])
    assert found["codice"].tolist() == table["cittadinanza_iso3"].tolist()
    members = [str(is_ue(iso3, "2023-01-01")).lower() for iso3 in table["cittadinanza_iso3"]]
    assert table["ue"].tolist() == members


def test_incomes_are_plausible_counts() -> None:
    columns = ["contribuenti", "imponibile_freq", "imponibile_eur"]
    table = as_counts(read_raw("redditi_comuni"), *columns)
    assert (table[columns] > 0).all(axis=None)
    assert (table["imponibile_freq"] <= table["contribuenti"]).all()
    per_head = table["imponibile_eur"] / table["imponibile_freq"]
    assert per_head.between(5_000, 60_000).all()


def test_slide_percentages_are_as_written() -> None:
    table = read_raw("slide_incidenza").set_index("ambito_id")["incidenza_pct"]
    assert table.to_dict() == {
        "GRU": "15.70",
        "BSE": "14.70",
        "VCA": "13.80",
        "ASE": "11.20",
        "SER": "10.70",
        "VSE": "6.40",
        "AVS": "4.10",
    }


@pytest.mark.shared_data
def test_the_kept_script_makes_the_same_bytes(shared_data_dir: Path, tmp_path: Path) -> None:
    script = [sys.executable, "-m", "tools.territorio.compile_facts"]
    facts = ["--from", str(shared_data_dir / "facts"), "--to", str(tmp_path)]
    subprocess.run([*script, *facts], cwd=ROOT, check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in TERRITORIO.iterdir() if path.name in made}
    assert len(made) == 2 * len(TABLES)
    assert made == kept


@pytest.mark.shared_data
def test_provinces_agree_with_the_official_export(shared_data_dir: Path) -> None:
    export = pd.read_csv(shared_data_dir / "istat" / "DCIS_POPSTRCIT1_24.csv", dtype="str")
    totals = export.query("SEX == '9'").pivot(
        index="REF_AREA", columns="CITIZENSHIP", values="OBS_VALUE"
    )
    ours = read_raw("stranieri_province").merge(read_list("province_lombardia"))
    official = totals.loc[ours["cod_sdmx"], ["WORLD", "EU28"]].astype("float64")
    assert official["WORLD"].tolist() == ours["stranieri"].astype("float64").tolist()
    assert official["EU28"].tolist() == ours["ue"].astype("float64").tolist()
