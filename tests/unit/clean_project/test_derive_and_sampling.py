"""The derived phase, and the double-coded sample that measures it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from bgest_analysis.clean.coding_workbook import read_coding_workbook, write_coding_workbook
from bgest_analysis.clean.corrections import read_decisions
from bgest_analysis.clean.derive import derive_phase, phase_rules, with_origin
from bgest_analysis.clean.judging import judge_sample, recoding_lines, weighted_share
from bgest_analysis.clean.sampling import Design, allocate, draw_sample
from bgest_analysis.errors import EstimationError, SchemaViolation, SourceError, UsageError
from bgest_analysis.schema.codes import list_codes
from bgest_analysis.schema.registry import find_table

CONDITIONS = ["tipologia", "ente_richiedente_tipo", "modalita"]


def cases(*rows: tuple[str | None, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=CONDITIONS, dtype="str")


@pytest.mark.parametrize(
    ("case", "phase", "rule"),
    [
        (("linguistica", "consultorio", "programmata"), "attuazione", "F15"),
        (("linguistica", "consultorio", "urgente"), "segnalazione", "F16"),
        (("linguistica", "servizio_sociale_base", "a_chiamata"), "lettura", "F17"),
        (("equipe_coordinamento", "tutela_minori", "urgente"), "lettura", "F03"),
        (("equipe_coordinamento", "tutela_minori", None), "progettazione", "F02"),
        ((None, "consultorio", "urgente"), None, None),
    ],
)
def test_the_most_specific_rule_gives_the_phase(
    case: tuple[str | None, ...], phase: str | None, rule: str | None
) -> None:
    found = derive_phase(cases(case)).iloc[0]
    assert [None if pd.isna(value) else value for value in found] == [phase, rule]


def test_every_combination_of_codes_has_one_phase() -> None:
    lists = [[code.codice for code in list_codes(name)] for name in CONDITIONS]
    every = pd.MultiIndex.from_product(lists, names=CONDITIONS).to_frame(index=False)
    found = derive_phase(every)
    assert found["fase"].isin([code.codice for code in list_codes("fase")]).all()
    assert set(found["regola"]) == set(phase_rules()["regola"])


def test_rules_name_known_codes_only() -> None:
    table = phase_rules()
    for name in (*CONDITIONS, "fase"):
        known = {code.codice for code in list_codes(name)} | {"*"}
        assert set(table[name]) <= known
    assert table["regola"].is_unique


def test_rules_that_contradict_are_refused() -> None:
    table = phase_rules().iloc[[0, 0]].assign(fase=["lettura", "verifica"])
    with pytest.raises(SchemaViolation, match="F01"):
        derive_phase(cases(("supervisione_consulenza", None, None)), table)


def test_what_is_recorded_goes_before_what_is_derived() -> None:
    recorded = pd.Series(["lettura", None, "verifica", None], dtype="str")
    derived = pd.Series(["attuazione", "attuazione", None, None], dtype="str")
    recoded = pd.Series([False, False, True, True])
    values, origin = with_origin(recorded, derived, recoded)
    assert values.fillna("").tolist() == ["lettura", "attuazione", "verifica", ""]
    assert origin.fillna("").tolist() == ["registrata", "derivata", "ricodificata", ""]


# --- the sample ---
def make_log(n: int = 400) -> pd.DataFrame:
    """Return a log in three strata of 60, 30 and 10 per cent, whose true phase is known."""
    rng = np.random.default_rng(7)
    table = find_table("interventi")
    log = pd.DataFrame(index=range(n), columns=table.column_names)
    ambito = np.repeat(["A", "B", "C"], [n * 6 // 10, n * 3 // 10, n // 10])
    log = log.assign(
        intervento_id=[f"I{place:04d}" for place in range(n)],
        ambito_id=ambito,
        modalita=rng.choice(["urgente", "programmata"], n),
        tipologia="linguistica",
        esito=["non_coperto" if place % 10 == 0 else "concluso" for place in range(n)],
        fonte_file="log.csv",
        fonte_riga=range(2, n + 2),
    )
    return log.astype({column.name: column.dtype for column in table.columns})


DESIGN = Design(size=60, strata=("ambito_id",), seed=3)


def test_the_sample_is_proportional_reproducible_and_without_unmet_requests() -> None:
    log = make_log()
    sample = draw_sample(log, DESIGN)
    assert sample["strato"].value_counts().to_dict() == {"A": 36, "B": 18, "C": 6}
    assert sample["intervento_id"].is_unique
    assert float(sample["peso"].sum()) == pytest.approx(360)
    unmet = set(log.loc[log["esito"] == "non_coperto", "intervento_id"])
    assert unmet.isdisjoint(sample["intervento_id"])
    pd.testing.assert_frame_equal(sample, draw_sample(log.sample(frac=1, random_state=1), DESIGN))
    other = draw_sample(log, Design(60, ("ambito_id",), seed=4))
    assert set(other["intervento_id"]) != set(sample["intervento_id"])


@pytest.mark.parametrize("size", [0, 361])
def test_a_sample_larger_than_the_log_is_refused(size: int) -> None:
    with pytest.raises(UsageError, match="360"):
        draw_sample(make_log(), Design(size, ("ambito_id",)))


@pytest.mark.parametrize(
    ("sizes", "total", "taken"),
    [
        ([60, 30, 10], 20, [12, 6, 2]),
        ([100, 1, 1], 12, [10, 1, 1]),
        ([5, 5], 10, [5, 5]),
        ([50, 50, 50], 3, [2, 2, 2]),
    ],
)
def test_strata_share_the_sample(sizes: list[int], total: int, taken: list[int]) -> None:
    assert allocate(np.array(sizes), total).tolist() == taken


def coded(sample: pd.DataFrame, first: list[Any], second: list[Any]) -> pd.DataFrame:
    """Return what two coders gave to the phase; orientation is the same for all."""
    table = find_table("doppia_codifica")
    frame = sample.rename(columns={"N_strato": "interventi_strato"}).assign(
        fase_1=first, fase_2=second, orientamento_1="attivazione", orientamento_2="attivazione"
    )
    return frame.reindex(columns=table.column_names).astype(
        {c.name: c.dtype for c in table.columns}
    )


def test_the_workbook_is_blind_and_reads_back(tmp_path: Path) -> None:
    sample = draw_sample(make_log(), DESIGN)
    path = tmp_path / "codifica_A.xlsx"
    write_coding_workbook(path, sample, "A.B.")
    book = openpyxl.load_workbook(path)
    page = book["Codifica"]
    header = [cell.value for cell in page[1]]
    written = {str(cell.value) for row in page.iter_rows() for cell in row}
    assert {"fase_derivata", "peso", "Origine della fase"}.isdisjoint(header)
    assert set(sample["intervento_id"]).isdisjoint(written)
    phases = {code.titolo_it for code in list_codes("fase")}
    assert phases.isdisjoint(written)
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules == {"B2:B61": "'Elenchi'!$A$2:$A$6", "C2:C61": "'Elenchi'!$B$2:$B$4"}
    page.cell(2, 2, "Lettura della situazione")
    page.cell(2, 3, "Attivazione")
    page.cell(3, 2, "verifica")
    book.save(path)
    found = read_coding_workbook(path, sample["campione_id"].tolist())
    assert found["campione_id"].tolist() == sample["campione_id"].tolist()
    assert found["fase"].fillna("").tolist()[:3] == ["lettura", "verifica", ""]
    assert found["orientamento"].fillna("").tolist()[:2] == ["attivazione", ""]


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (4, 2, "boh", "C0003.*non è dell'elenco"),
        (4, 1, "C9999", "C9999.*non è del campione"),
        (4, 1, "C0001", "C0001.*scritto due volte"),
        (4, 1, None, "mancano 1 casi.*C0003"),
        (1, 2, "Phase", "non è un foglio di codifica"),
    ],
)
def test_a_spoiled_workbook_is_refused_with_its_case(
    tmp_path: Path, row: int, column: int, value: str | None, said: str
) -> None:
    sample = draw_sample(make_log(), DESIGN)
    path = tmp_path / "codifica.xlsx"
    write_coding_workbook(path, sample, "A.B.")
    book = openpyxl.load_workbook(path)
    book["Codifica"].cell(row, column).value = value
    book.save(path)
    with pytest.raises(SourceError, match=said):
        read_coding_workbook(path, sample["campione_id"].tolist())


def test_agreement_shares_and_error_of_a_sample_with_known_answers() -> None:
    sample = draw_sample(make_log(), DESIGN)
    derived = sample["fase_derivata"].tolist()
    truth = ["lettura" if place % 4 == 0 else code for place, code in enumerate(derived)]
    second = ["verifica" if place in (1, 2) else code for place, code in enumerate(truth)]
    judged = judge_sample(coded(sample, truth, second), make_log())
    phase, orientation = judged.agreement
    assert phase.share is not None
    assert (phase.n, float(phase.share.value)) == (60, pytest.approx(58 / 60))
    assert phase.kappa is not None
    assert 0.9 < phase.kappa.value < 1
    assert orientation.kappa is None
    assert orientation.why_not
    assert judged.disputed["intervento_id"].tolist() == sample["intervento_id"].tolist()[1:3]
    assert judged.error is not None
    assert float(judged.error.low) < 15 / 58 < float(judged.error.high)
    assert int(judged.confusion.to_numpy().sum()) == 58
    shares = judged.shares.query("variabile == 'fase'")
    assert float(shares["quota"].sum()) == pytest.approx(1)
    assert (shares["basso"] <= shares["quota"]).all()
    assert (shares["quota"] <= shares["alto"]).all()


def test_a_third_person_decides_what_two_dispute() -> None:
    sample = draw_sample(make_log(), DESIGN)
    given = coded(sample, ["lettura"] * 60, ["verifica", *["lettura"] * 59])
    given.loc[0, "fase_3"] = "progettazione"
    judged = judge_sample(given, make_log())
    decided = judged.agreed.set_index(["intervento_id", "variabile"])["codice"]
    assert decided[sample["intervento_id"][0], "fase"] == "progettazione"
    assert len(judged.agreed) == 120
    assert judged.disputed.empty


def test_a_variable_nobody_coded_twice_is_said_and_the_other_is_judged() -> None:
    sample = draw_sample(make_log(), DESIGN)
    judged = judge_sample(coded(sample, [None] * 60, ["lettura"] * 60), make_log())
    phase, orientation = judged.agreement
    assert (phase.n, phase.share, phase.kappa) == (0, None, None)
    assert phase.why_not
    assert orientation.n == 60


def test_coders_without_a_common_case_are_refused() -> None:
    sample = draw_sample(make_log(), DESIGN)
    given = coded(sample, [None] * 60, ["lettura"] * 60).assign(orientamento_2=None)
    with pytest.raises(EstimationError, match="entrambi"):
        judge_sample(given, make_log())


def test_a_weighted_share_is_the_stratified_estimate() -> None:
    rows = pd.DataFrame({"strato": ["A"] * 4 + ["B"] * 2, "N_strato": [80] * 4 + [20] * 2})
    share = weighted_share(rows, pd.Series([True, True, False, False, True, True]))
    assert float(share.value) == pytest.approx(0.8 * 0.5 + 0.2)
    everybody = weighted_share(rows, pd.Series([True] * 6))
    assert float(everybody.value) == 1
    assert float(everybody.low) < 1


def test_a_whole_log_leaves_no_sampling_error() -> None:
    rows = pd.DataFrame({"strato": ["A"] * 4, "N_strato": [4] * 4})
    share = weighted_share(rows, pd.Series([True, False, False, False]))
    assert float(share.value) == pytest.approx(0.25)


def test_agreed_codes_become_corrections_but_what_the_file_says_stays(tmp_path: Path) -> None:
    agreed = pd.DataFrame(
        {"intervento_id": ["I0001", "I0002"], "variabile": "fase", "codice": "lettura"}
    )
    log = make_log()
    log["fase_origine"] = pd.Series("derivata", index=log.index).mask(
        log["intervento_id"] == "I0002", "registrata"
    )
    path = tmp_path / "ricodifiche.csv"
    recoding_lines(agreed, log, "A.B. e C.D.", "2026-11-23").to_csv(path, index=False)
    [decision] = read_decisions(path)
    assert (decision.table, decision.column) == ("interventi", "fase")
    assert (decision.code, decision.new_value) == ("I0001", "lettura")
