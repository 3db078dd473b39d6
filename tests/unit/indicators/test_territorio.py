"""Incidence, estimated non-EU residents and income on tables small enough to check by hand."""

import pandas as pd
import pytest

from bgest_analysis.indicators.territorio import (
    compute_cittadinanze,
    compute_incidenza,
    compute_incidenza_comuni,
    compute_quota_extra_ue,
    compute_redditi,
    least_final,
    nearest_quotas,
)
from bgest_analysis.pages.areas import one_row
from tests.lib.studies import provinces, small_study, totals


@pytest.fixture
def study(tmp_path):
    return small_study(tmp_path)


@pytest.fixture
def frames(study):
    popolazione = totals(
        [
            ("016001", 2022, 1000, 100),
            ("016002", 2022, 500, 20),
            ("016004", 2022, 2000, 100),
            ("016001", 2023, 1000, 120),
            ("016002", 2023, 500, 30),
            ("016004", 2023, 2000, 110),
        ]
    )
    rows = [("016", 2023, 1000, 200), ("013", 2023, 1000, 300), ("015", 2023, 1000, 100)]
    given = {"tidy_popolazione": popolazione, "tidy_stranieri_province": provinces(rows)}
    return {**given, "ind_quota_extra_ue": compute_quota_extra_ue(given, study)}


def test_the_non_eu_share_is_one_minus_the_eu_share(frames, study):
    table = frames["ind_quota_extra_ue"]
    assert table["quota_extra_ue"].round(6).tolist() == [0.7, 0.9, 0.8]
    assert one_row(table, riferimento=True)["cod_provincia"] == "016"


def test_the_nearest_year_is_used_and_named(frames):
    quotas = nearest_quotas(frames["ind_quota_extra_ue"], pd.Series([2020, 2026]))
    assert quotas["anno_quota"].tolist() == [2023, 2023]
    assert quotas["quota_basso"].round(6).tolist() == [0.7, 0.7]
    assert quotas["quota_alto"].round(6).tolist() == [0.9, 0.9]


def test_areas_are_sums_and_the_range_comes_from_the_region(frames, study):
    table = compute_incidenza(frames, study)
    sud = one_row(table, area="SU", anno=2023)
    assert (sud["residenti"], sud["stranieri"], sud["n_comuni"]) == (1500, 150, 2)
    assert sud["incidenza"] == pytest.approx(0.1)
    assert sud["extra_ue"] == pytest.approx(150 * 0.8)
    assert sud["extra_ue_basso"] == pytest.approx(150 * 0.7)
    assert sud["extra_ue_alto"] == pytest.approx(150 * 0.9)
    assert sud["extra_ue_metodo"] == "stimata"
    assert sud["variazione_punti"] == pytest.approx(100 * (150 / 1500 - 120 / 1500))
    assert sud["quota_distretto"] == pytest.approx(150 / 260)
    assert sud["quoziente"] == pytest.approx((150 / 1500) / (260 / 3500))
    assert table["area"].tolist() == ["distretto"] * 2 + ["SU"] * 2 + ["NO"] * 2


def test_a_missing_comune_makes_the_sum_missing_not_smaller(frames, study):
    popolazione = frames["tidy_popolazione"]
    lost = popolazione[(popolazione["cod_istat"] != "016002") | (popolazione["anno"] != 2023)]
    table = compute_incidenza({**frames, "tidy_popolazione": lost}, study)
    sud = one_row(table, area="SU", anno=2023)
    assert (sud["n_comuni"], sud["n_comuni_attesi"]) == (1, 2)
    assert pd.isna(sud["stranieri"])
    assert pd.isna(sud["incidenza"])
    assert one_row(table, area="NO", anno=2023)["stranieri"] == 110


def test_counted_non_eu_residents_replace_the_estimate(frames, study):
    counted = totals([("016004", 2023, 77, None)]).assign(cittadinanza="extra_ue")
    popolazione = pd.concat([frames["tidy_popolazione"], counted], ignore_index=True)
    table = compute_incidenza({**frames, "tidy_popolazione": popolazione}, study)
    nord = one_row(table, area="NO", anno=2023)
    assert nord["extra_ue_metodo"] == "osservata"
    assert nord["extra_ue"] == nord["extra_ue_basso"] == nord["extra_ue_alto"] == 77
    assert one_row(table, area="SU", anno=2023)["extra_ue_metodo"] == "stimata"


def test_comuni_keep_the_number_beside_the_share(frames, study):
    table = compute_incidenza_comuni(frames, study)
    row = one_row(table, cod_istat="016002", anno=2023)
    assert row["comune"] == "Adrara San Rocco"
    assert row["incidenza"] == pytest.approx(30 / 500)
    assert len(table) == 6


def test_a_sum_is_as_firm_as_its_weakest_part():
    assert least_final(pd.Series(["definitivo", "provvisorio"])) == "provvisorio"
    assert least_final(pd.Series(["definitivo", "prima_diffusione"])) == "prima_diffusione"
    assert least_final(pd.Series(["altro"])) == "non_noto"


def test_income_is_a_mean_over_those_who_have_it(study):
    redditi = pd.DataFrame(
        {
            "cod_istat": ["016001", "016002", "016004"],
            "anno_imposta": pd.array([2023] * 3, dtype="Int64"),
            "contribuenti": pd.array([800, 400, 1500], dtype="Int64"),
            "imponibile_freq": pd.array([700, 300, 1000], dtype="Int64"),
            "imponibile_eur": pd.array([14_000_000.0, 6_000_000.0, 30_000_000.0], dtype="Float64"),
        }
    )
    table = compute_redditi({"tidy_redditi": redditi}, study)
    assert one_row(table, area="SU")["imponibile_medio_eur"] == pytest.approx(20_000)
    assert one_row(table, area="distretto")["imponibile_medio_eur"] == pytest.approx(25_000)


def test_citizenships_are_ranked_within_the_province(study):
    rows = [
        (province, country, sex, n, ue)
        for province, country, by_sex, ue in (
            ("016", "MAR", (10, 20), False),
            ("016", "ROU", (30, 40), True),
            ("013", "MAR", (900, 900), False),
        )
        for sex, n in zip("TMF", (sum(by_sex), *by_sex), strict=True)
    ]
    names = ["cod_provincia", "cittadinanza_iso3", "sesso", "n", "ue"]
    table = pd.DataFrame(rows, columns=names).assign(anno=2023).astype({"n": "Int64"})
    found = compute_cittadinanze({"tidy_stranieri_provincia": table}, study)
    assert found["paese"].tolist() == ["Romania", "Marocco"]
    assert found["rango"].tolist() == [1, 2]
    assert found["quota"].tolist() == pytest.approx([0.7, 0.3])
    assert found["femmine"].tolist() == [40, 20]
