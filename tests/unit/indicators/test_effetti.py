"""The design of effects and the estimates under staggered adoption."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bgest_analysis.errors import EstimationError
from bgest_analysis.example.tables import make_tables
from bgest_analysis.impact.effetti import (
    CR2,
    RANDOM,
    WILD,
    _monthly,
    _omitted,
    estimate_effects,
    estimate_series,
)
from bgest_analysis.impact.griglia import build_grid
from bgest_analysis.impact.scelte import estimate_choices
from bgest_analysis.impact.sintetico import FEW_DONORS, estimate_synthetic, window
from bgest_analysis.indicators.adozione import (
    CONFOUNDED,
    FEW_AMBITI,
    ONE_COHORT,
    adoption_days,
    comparable_periods,
    design_problem,
    orders_of_adoption,
    outcome_rows,
    weights_of_effect,
    with_design,
)
from bgest_analysis.indicators.affidabilita import compute_timesheet
from bgest_analysis.indicators.ascolto import area_of_document, compute_accordo, compute_utilita
from bgest_analysis.indicators.effetti import detectable
from bgest_analysis.pages.areas import one_row
from bgest_analysis.pages.effetti import sintetico
from bgest_analysis.text.messages import T
from tests.lib.studies import small_study
from tests.lib.synthetic import draw, synthetic_study, texts

AMBITI = ("A", "B", "C", "D")
DAYS = ("2020-01-01", "2020-07-01", "2021-01-01", "2021-07-01")


def adoptions(days=DAYS):
    return pd.Series(pd.to_datetime(list(days)), index=list(AMBITI))


def panel_rows(days=DAYS, effect=2.0):
    """Return one observation an Ambito and half-year, with the effect and no noise."""
    rows = [
        (name, pd.Timestamp(year, month, 15))
        for name in AMBITI
        for year in (2019, 2020, 2021)
        for month in (2, 8)
    ]
    frame = pd.DataFrame(rows, columns=["ambito_id", "data"]).assign(esito="autonomia", y=0.0)
    frame = with_design(frame, adoptions(days), "semestre")
    own = frame["ambito_id"].map(dict(zip(AMBITI, range(4), strict=True)))
    return frame.assign(y=own + 0.1 * frame["periodo"] + effect * frame["trattato"])


def test_first_date_of_the_models_components_counts():
    pratiche = pd.DataFrame(
        {
            "ambito_id": ["A", "A", "A", "B"],
            "componente": ["integrata", "lettura_progettazione", "prassi_ucraina", "altro"],
            "data_adozione": pd.to_datetime(
                ["2021-02-01", "2020-05-01", "2019-01-01", "2019-01-01"]
            ),
        }
    )
    assert adoption_days(pratiche).to_dict() == {"A": pd.Timestamp("2020-05-01")}


def test_orders_are_all_distinct_permutations_what_happened_first():
    rows = panel_rows()
    orders = orders_of_adoption(rows)
    assert (orders.total, len(orders.table), orders.exact) == (24, 24, True)
    assert (orders.table[0] == rows["trattato"].to_numpy()).all()
    assert len(np.unique(orders.table, axis=0)) == 24
    same = orders_of_adoption(panel_rows(("2020-01-01", "2020-01-01", "2021-01-01", "2021-07-01")))
    assert same.total == 12


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (panel_rows(), ""),
        (panel_rows(("2020-01-01",) * 4), ONE_COHORT),
        (panel_rows().query("ambito_id != 'D'"), FEW_AMBITI),
    ],
)
def test_what_the_design_allows(rows, problem):
    assert design_problem(rows) == problem


def test_only_periods_with_both_sides_compare():
    assert len(comparable_periods(panel_rows())) == 3


def test_weights_give_back_the_effect_and_none_of_the_rest():
    rows = panel_rows(effect=2.0)
    cells = rows[["ambito_id", "periodo", "trattato", "y"]].assign(n=1)
    assert weights_of_effect(cells) @ rows["y"] == pytest.approx(2.0)


def test_observations_that_resemble_each_other_see_only_larger_effects():
    cells = panel_rows()[["ambito_id", "periodo", "trattato", "y"]].assign(n=10)
    assert detectable(cells, 0.10) > detectable(cells, 0.02) > 0


@pytest.fixture(scope="module")
def example():
    frames = {f"tidy_{name}": table for name, table in make_tables(scale=4).items()}
    ids = tuple(frames["tidy_ambiti"]["ambito_id"])
    events = pd.DataFrame(
        {
            "evento_id": ["covid19", "ucraina"],
            "data_inizio": ["2020-03", "2022-02-24"],
            "data_fine": ["2021-05", ""],
        }
    )
    study = SimpleNamespace(ambito_ids=ids, aree=("distretto", *ids), tabelle={"eventi": events})
    return frames, study


@pytest.fixture(scope="module")
def estimates(example):
    return estimate_effects(*example, scaglionata=False)


@pytest.mark.parametrize(("esito", "truth"), [("autonomia", 0.6), ("attesa", -6.0)])
def test_planted_effects_lie_in_their_intervals(estimates, esito, truth):
    row = one_row(estimates, esito=esito, metodo=CR2, variante="tutti")
    assert row["basso"] <= truth <= row["alto"]
    assert row["p_corretto"] >= row["p"]


def test_three_inferences_share_one_estimate(estimates):
    rows = estimates[(estimates["esito"] == "autonomia") & (estimates["variante"] == "tutti")]
    values = rows.set_index("metodo")["stima"]
    assert values[WILD] == pytest.approx(values[CR2])
    assert values[RANDOM] == pytest.approx(values[CR2])
    random = rows.set_index("metodo").loc[RANDOM]
    assert random["p"] >= random["p_minimo"] == pytest.approx(1 / 2520)


def test_one_date_for_all_gives_reasons_and_no_numbers(example):
    frames, study = example
    pratiche = frames["tidy_pratiche"].assign(data_adozione=pd.Timestamp("2021-01-01"))
    found = estimate_effects({**frames, "tidy_pratiche": pratiche}, study)
    assert found["stima"].isna().all()
    assert set(found["motivo"]) == {ONE_COHORT}


def test_the_series_comes_with_and_without_terms_of_the_emergencies(example):
    rows = estimate_series(*example)
    assert set(rows["variante"]) == {"senza_termini", "con_termini", "mesi_esclusi"}


def test_the_series_counts_each_ambito_as_its_monthly_means_do():
    large = pd.concat([panel_rows(("2020-01-01", *["2021-07-01"] * 3)).assign(y=0.0)] * 2)
    rows = pd.concat([large, *[large[large["ambito_id"] == "A"]] * 2])
    monthly = _monthly(rows, adoptions(("2020-01-01", *["2021-07-01"] * 3)))
    assert monthly["quota"].to_list() == pytest.approx([0, 0, 0.5, 0.5, 0.5, 1])


def test_preferred_combination_is_the_plain_figure(example):
    frames, study = example
    found = estimate_choices(frames, study)
    rows = outcome_rows(frames["tidy_interventi"])
    coded = rows.loc[rows["esito"] == "attivazione", "y"].mean()
    own = found[found["preferita"].fillna(False).astype(bool)].set_index("codice")["stima"]
    assert own["M6"] == pytest.approx(coded, abs=0.0006)
    waits = rows.loc[rows["esito"] == "attesa", "y"].median()
    assert own["M8"] == pytest.approx(waits)
    assert len(found) > 4_000


def test_impossible_combinations_are_left_out_and_counted():
    grid = build_grid("M7", ())
    wrong = (grid.table["definizione"] == "con_annullati") & (
        grid.table["denominatore"] == "senza_annullati"
    )
    assert not wrong.any()
    assert grid.impossible == len(grid.table) / 3


def test_perceived_benefit_keeps_help_apart(tmp_path):
    answers = pd.DataFrame(
        {
            "rilevazione": "destinatari",
            "onda_questionario": "post",
            "item": "utile_integrazione",
            "scala": "si_no",
            "valore": [1.0, 1.0, 0.0, None],
            "ambito_id": ["SU", "SU", "NO", "NO"],
            "compilato_con_mediatore": [True, False, False, None],
            "sesso": None,
            "fascia_eta": None,
        }
    ).astype({"compilato_con_mediatore": "boolean"})
    table = compute_utilita({"tidy_questionari": answers}, small_study(tmp_path))
    whole = one_row(table, area="distretto", gruppo="tutti")
    assert whole["utile"] == pytest.approx(2 / 3)
    assert whole["non_risposta"] == pytest.approx(0.25)
    assert one_row(table, area="distretto", gruppo="con_mediatore")["rispondenti"] == 1
    assert one_row(table, area="distretto", gruppo="senza_mediatore")["rispondenti"] == 2


def test_kappa_of_two_coders():
    codings = pd.DataFrame(
        {
            "doc_id": "d",
            "segmento": ["1", "2", "3", "4"] * 2,
            "codice_qual": ["M_a", "M_a", "O_b", "O_b", "M_a", "O_b", "O_b", "O_b"],
            "codificatore": ["K1"] * 4 + ["K2"] * 4,
        }
    )
    row = compute_accordo({"tidy_codifiche_qual": codings}, None).iloc[0]
    assert (row["passi_doppi"], row["kappa"]) == (4, pytest.approx(0.5))


@pytest.mark.parametrize(("doc", "area"), [("INT-SU-01", "SU"), ("SUD_1", "distretto")])
def test_a_documents_ambito_is_a_whole_part_of_its_code(doc, area):
    assert area_of_document(doc, ("NO", "SU")) == area


def test_log_and_timesheet_are_compared_by_mediator_and_month():
    log = pd.DataFrame(
        {
            "esito": "concluso",
            "mediatore_id": ["m", "m", "k"],
            "data": pd.to_datetime(["2021-01-03", "2021-01-09", "2021-02-01"]),
            "data_richiesta": pd.NaT,
            "minuti_frontali": [60, 60, 30],
            "minuti_viaggio": 0,
            "minuti_backoffice": 0,
        }
    )
    sheet = pd.DataFrame({"mediatore_id": ["m", "z"], "mese": "2021-01", "minuti": [100, 10]})
    table = compute_timesheet({"tidy_interventi": log, "tidy_timesheet": sheet}, None)
    row = one_row(table, anno="tutti")
    assert (row["mesi_mediatore"], row["solo_registro"], row["solo_timesheet"]) == (1, 1, 1)
    assert row["scarto_mediano"] == pytest.approx(0.2)


def test_synthetic_controls_take_only_those_who_adopt_later(example):
    found = estimate_synthetic(*example)
    waits = found[(found["esito"] == "attesa") & found["stima"].notna()]
    assert len(waits) >= 3
    assert ((waits["basso"] <= -6.0) & (waits["alto"] >= -6.0)).mean() >= 0.5
    assert waits["p_minimo"].to_numpy() == pytest.approx(1 / (waits["donatori"].to_numpy() + 1))
    assert (waits["p"] >= waits["p_minimo"]).all()
    assert waits["fiducia"].to_numpy() == pytest.approx(1 - waits["p_minimo"].to_numpy())
    last = adoption_days(example[0]["tidy_pratiche"]).sort_values().index[-3:]
    reasons = found[found["variante"].isin(last)]["motivo"]
    assert set(reasons) == {FEW_DONORS}


def test_window_ends_before_the_donors_adopt():
    moment = pd.Series({"A": 10, "B": 11, "C": 13, "D": 14, "E": 14})
    assert window(moment, "A", 20) == (12, ["C", "D", "E"])
    assert window(moment, "A", 11) == (11, ["C", "D", "E"])
    assert window(moment, "B", 20) == (12, ["C", "D", "E"])
    with pytest.raises(EstimationError, match="donatori"):
        window(moment, "C", 20)


def test_a_stronger_effect_needs_a_stronger_omitted_variable():
    def noisy(effect):
        rows = pd.concat([panel_rows(effect=effect)] * 5, ignore_index=True)
        return rows.assign(y=rows["y"] + np.random.default_rng(1).normal(size=len(rows)))

    small, large = (_omitted(noisy(effect))["stima"] for effect in (0.2, 2.0))
    assert 0 <= small < large < 1


@pytest.mark.parametrize("scale", [0.3, 1.0])
def test_pages_of_the_synthetic_control(tmp_path, scale):
    study, frames = synthetic_study(tmp_path, scale)
    found = estimate_synthetic(frames, study)
    blocks = sintetico.synthetic(found, study, T("prova"))
    words = texts(blocks)
    assert f"con {len(study.ambito_ids)} Ambiti mai sotto 0,14" in words["sintetico_disegno"]
    assert ("manca_sintetico" in words) == found["stima"].isna().all()
    assert draw(blocks) == int(found["stima"].notna().any())


def test_synthetic_control_without_tables_says_so(tmp_path):
    study, _ = synthetic_study(tmp_path, 0.1)
    absent = pd.DataFrame({"n": [0], "motivo": ["mancano tidy_pratiche"]})
    absent["stima"] = np.nan
    words = texts(sintetico.synthetic(absent, study, T("prova")))
    assert "mancano tidy_pratiche" in words["manca_sintetico"]


def test_ambiti_seen_on_one_side_only_allow_no_estimate():
    sides = {"A": False, "B": False, "C": True, "D": True}
    adopted = {"A": "2023-01-01", "B": "2023-07-01", "C": "2020-01-01", "D": "2020-07-01"}
    rows = pd.DataFrame(
        [
            {
                "ambito_id": name,
                "periodo": period,
                "trattato": treated,
                "adozione": pd.Timestamp(adopted[name]),
                "y": float(number % 3),
            }
            for name, treated in sides.items()
            for period in range(4)
            for number in range(10)
        ]
    )
    assert design_problem(rows) == CONFOUNDED
    crossed = rows.assign(
        trattato=rows["trattato"] | (rows["ambito_id"].eq("B") & (rows["periodo"] > 1))
    )
    assert design_problem(crossed) == ""
