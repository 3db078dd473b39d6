"""The files as their publishers release them: rows, totals and figures known from elsewhere."""

from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.clean.official.check import check_official
from bgest_analysis.clean.official.cross import check_foreigners
from bgest_analysis.clean.official.model import VARIAZIONI_COLUMNS, CleanedOfficial, KnownPlaces
from bgest_analysis.vocabulary.load import read_list

pytestmark = pytest.mark.shared_data
IRPEF = "Redditi_e_principali_variabili_IRPEF_su_base_comunale_CSV_{}.csv"


@pytest.fixture(scope="module")
def facts(shared_data_dir: Path):
    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(shared_data_dir / "facts" / name, dtype=str, keep_default_na=False)

    return read


@pytest.fixture(scope="module")
def territory(facts) -> KnownPlaces:
    """Return Lombardy as known places, the 103 comuni of the network in scope."""
    comuni = read_list("comuni_lombardia").set_index("cod_istat")["nome"].to_dict()
    renamed = {"comune_soppresso": "nome_soppresso", "comune_nuovo": "nome_nuovo"}
    mergers = facts("variazioni_comuni_lombardia.csv").rename(columns=renamed)
    own = facts("residenti_comuni_bergamo_est.csv")["codice_comune_istat"]
    return KnownPlaces(comuni, mergers[list(VARIAZIONI_COLUMNS)], frozenset(own))


@pytest.fixture(scope="module")
def one(shared_data_dir: Path, territory: KnownPlaces):
    def clean(name: str) -> CleanedOfficial:
        (cleaned,) = check_official(shared_data_dir / name, name, territory)
        return cleaned

    return clean


@pytest.fixture(scope="module")
def balances(one) -> dict[str, CleanedOfficial]:
    return {name: one(f"istat/{name}_2025_it_Comuni.csv") for name in ("P2", "P3")}


@pytest.mark.parametrize(
    ("name", "group", "column"),
    [("P2", "tutti", "residenti"), ("P3", "stranieri", "residenti_stranieri")],
)
def test_balances_agree_with_the_compiled_figures(
    balances, facts, name: str, group: str, column: str
) -> None:
    cleaned = balances[name]
    compiled = facts("residenti_comuni_bergamo_est.csv")
    found = cleaned.tables["popolazione"].query("sesso == 'T' and cittadinanza == @group")
    for year in (2025, 2026):
        expected = compiled[compiled["anno_1_gennaio"].eq(str(year))]
        same = found[found["anno"].eq(year)].set_index("cod_istat")["n"]
        assert len(same) == 103
        assert same.to_dict() == dict(
            zip(expected["codice_comune_istat"], expected[column].astype(int), strict=True)
        )
    assert len(cleaned.log) == 0
    assert cleaned.accounting.to_json() == {
        "file": f"istat/{name}_2025_it_Comuni.csv",
        "foglio": "",
        "righe_lette": 7897,
        "righe_pulite": 103,
        "quarantena": 0,
        "scartate": {"fuori_territorio": 7793, "nota": 1},
    }


def test_foreigners_are_never_more_than_residents(balances) -> None:
    both = pd.concat([cleaned.tables["popolazione"] for cleaned in balances.values()])

    assert check_foreigners(both) == []


def test_the_series_of_foreigners(one, facts) -> None:
    cleaned = one("istat/istat_29_316_FJAN.csv")

    found = cleaned.tables["popolazione"]
    compiled = facts("residenti_comuni_bergamo_est.csv")
    compiled = compiled[compiled["anno_1_gennaio"].le("2025")]
    keys = list(
        zip(compiled["codice_comune_istat"], compiled["anno_1_gennaio"].astype(int), strict=True)
    )
    assert found.set_index(["cod_istat", "anno"])["n"].to_dict() == dict(
        zip(keys, compiled["residenti_stranieri"].astype(int), strict=True)
    )
    provinces = cleaned.tables["popolazione_province"].query("anno == 2023")
    assert provinces.set_index("cod_provincia")["n"]["016"] == 120_821
    assert len(provinces) == 12
    assert cleaned.accounting.rows_in == 48_225
    assert len(cleaned.log) == 0


def test_areas_and_countries_give_the_same_totals(
    one, facts, shared_data_dir: Path, territory: KnownPlaces
) -> None:
    areas = one("istat/DCIS_POPSTRCIT1_24.csv").tables["stranieri_province"]
    sheets = check_official(shared_data_dir / "istat" / "POPSTRCIT1_1.xlsx", "x.xlsx", territory)
    totals = pd.concat(
        [s.tables["stranieri_province"] for s in sheets if "stranieri_province" in s.tables]
    )

    compiled = facts("stranieri_province_lombardia_2023.csv")
    expected = dict(
        zip(
            compiled["cod_provincia"],
            zip(compiled["stranieri"].astype(int), compiled["di_cui_ue"].astype(int), strict=True),
            strict=True,
        )
    )
    for table in (areas, totals):
        found = {
            p: (int(s), int(u))
            for p, s, u in zip(
                table["cod_provincia"], table["stranieri"], table["stranieri_ue"], strict=True
            )
        }
        assert found == expected
    assert sum(len(sheet.log) for sheet in sheets) == 0


def test_bergamo_by_country(facts, shared_data_dir: Path, territory: KnownPlaces) -> None:
    sheets = check_official(shared_data_dir / "istat" / "POPSTRCIT1_1.xlsx", "x.xlsx", territory)
    bergamo = pd.concat([s.tables["stranieri_provincia"] for s in sheets]).query(
        "cod_provincia == '016' and sesso == 'T'"
    )

    assert (len(bergamo), int(bergamo["n"].sum())) == (156, 120_821)
    assert int(bergamo.loc[bergamo["ue"], "n"].sum()) == 20_635


@pytest.mark.parametrize(("year", "rows"), [(2001, 8101), (2008, 8095), (2012, 8073), (2023, 7897)])
def test_incomes_agree_with_the_compiled_figures(one, facts, year: int, rows: int) -> None:
    cleaned = one(f"mef/{IRPEF.format(year)}")

    compiled = facts("irpef_comuni_bergamo_est_2000_2023.csv").query(
        "anno == @y", local_dict={"y": str(year)}
    )
    found = cleaned.tables["redditi"].set_index("cod_istat")
    expected = compiled.set_index("codice_istat")
    assert cleaned.accounting.rows_in == rows
    assert cleaned.accounting.tidy == 103
    for column in ("contribuenti", "imponibile_freq", "imponibile_eur"):
        assert found[column].astype(int).to_dict() == expected[column].astype(int).to_dict()


def test_ages_of_the_provinces(one) -> None:
    table = one("istat/STRASA_2022_en_Provinces.csv").tables["popolazione_province"]

    bergamo = table.query("cod_provincia == '016' and sesso == 'T'")
    total = bergamo.query("eta == 'tot'")["n"].item()
    assert total == bergamo.query("eta != 'tot'")["n"].sum() > 100_000
    assert table["cod_provincia"].nunique() == 12


def test_permits(one) -> None:
    table = one("istat/DCIS_PERMSOGG1_4.csv").tables["permessi_provincia"]

    assert len(table) == 11 * 10 * 3 * 3  # Monza e della Brianza is counted with Milano here
    assert set(table["durata_permesso"]) == {"tot", "a_termine", "lungo_periodo"}


@pytest.mark.parametrize(
    ("name", "table", "rows"),
    [
        ("istat/Elenco-comuni-italiani.csv", "comuni_elenco", 7896),
        ("istat/elenco_comuni_soppressi.csv", "variazioni", 2527),
        ("istat/classificazioni_comuni_2026-01-01.xlsx", "comuni_caratteristiche", 7896),
    ],
)
def test_lists(one, name: str, table: str, rows: int) -> None:
    cleaned = one(name)

    assert len(cleaned.tables[table]) == rows
    assert len(cleaned.log) == 0


def test_a_whole_region_of_mergers_reaches_todays_comuni(
    shared_data_dir: Path, territory: KnownPlaces, one
) -> None:
    past = one("istat/elenco_comuni_soppressi.csv").tables["variazioni"]
    region = KnownPlaces(territory.comuni, past[list(VARIAZIONI_COLUMNS)])

    (cleaned,) = check_official(shared_data_dir / "mef" / IRPEF.format(2012), "r.csv", region)

    told = cleaned.log.to_frame()["regola"].value_counts().to_dict()
    assert set(told) == {"comune_soppresso"}
    assert set(cleaned.tables["redditi"]["cod_istat"]) == set(territory.comuni)
    assert cleaned.accounting.quarantined == 0
