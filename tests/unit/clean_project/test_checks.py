"""What the tables say of each other."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from bgest_analysis.clean.checks.model import TOLERANCES
from bgest_analysis.clean.checks.run import check_tables
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.model import Study

ONE, TWO = "a" * 20, "b" * 20


def frame(name: str, *rows: dict[str, Any]) -> pd.DataFrame:
    """Return a tidy table with what the rows say; the rest is missing."""
    table = find_table(name)
    listed = [{"fonte_file": "f.csv", "fonte_riga": at, **row} for at, row in enumerate(rows, 2)]
    made = pd.DataFrame(listed).reindex(columns=table.column_names)
    return made.astype({column.name: column.dtype for column in table.columns})


def work(**cells: Any) -> dict[str, Any]:
    row = {
        "intervento_id": "1",
        "data": pd.Timestamp(2022, 4, 3),
        "minuti_frontali": 60,
        "mediatore_id": ONE,
        "ambito_id": "SER",
        "esito": "concluso",
    }
    return {**row, **cells}


def found(study: Study, check: str, **frames: pd.DataFrame) -> pd.DataFrame:
    every = check_tables(frames, study)
    validate_table(every, find_table("riscontri"))
    return every[every["controllo"] == check].reset_index(drop=True)


@pytest.mark.parametrize(
    ("minutes", "outcome"), [(600, "coerente"), (660, "coerente"), (661, "da_rivedere")]
)
def test_log_and_timesheet_agree_within_an_hour(study: Study, minutes: int, outcome: str) -> None:
    log = frame("interventi", work(minuti_frontali=500, minuti_viaggio=minutes - 500))
    sheets = frame("timesheet", {"mediatore_id": ONE, "mese": "2022-04", "minuti": 600})
    rows = found(study, "log_timesheet", interventi=log, timesheet=sheets)
    assert rows["esito_riscontro"].tolist() == [outcome]
    assert rows["scarto"].tolist() == [minutes - 600]
    assert rows["soglia"].tolist() == [TOLERANCES["log_timesheet"].absolute]


def test_a_month_in_one_table_only_is_a_gap(study: Study) -> None:
    log = frame("interventi", work(minuti_frontali=300))
    sheets = frame("timesheet", {"mediatore_id": TWO, "mese": "2022-05", "minuti": 3000})
    rows = found(study, "log_timesheet", interventi=log, timesheet=sheets)
    assert dict(zip(rows["mediatore_id"], rows["scarto"], strict=True)) == {ONE: 300, TWO: -3000}
    assert rows["esito_riscontro"].unique().tolist() == ["da_rivedere"]


@pytest.mark.parametrize(
    ("minutes", "outcome"), [(720, []), (721, ["da_rivedere"]), (1441, ["impossibile"])]
)
def test_hours_that_do_not_fit_in_a_day(study: Study, minutes: int, outcome: list[str]) -> None:
    log = frame(
        "interventi",
        work(minuti_frontali=700),
        work(minuti_frontali=0, minuti_viaggio=minutes - 700),
    )
    rows = found(study, "ore_giorno", interventi=log)
    assert rows["esito_riscontro"].tolist() == outcome


def test_several_ambiti_in_a_day_without_travel(study: Study) -> None:
    two = (work(), work(intervento_id="2", ambito_id="VCA"))
    assert len(found(study, "interventi_sovrapposti", interventi=frame("interventi", *two))) == 1
    travelled = frame("interventi", two[0], {**two[1], "minuti_viaggio": 30})
    assert found(study, "interventi_sovrapposti", interventi=travelled).empty
    by_phone = frame("interventi", two[0], {**two[1], "canale": "telefono"})
    assert found(study, "interventi_sovrapposti", interventi=by_phone).empty


def test_languages_that_a_mediator_does_not_declare(study: Study) -> None:
    log = frame("interventi", work(lingua="urd"), work(lingua="ara"), work(lingua="urd"))
    people = frame("mediatori", {"mediatore_id": ONE, "ente_id": "RUAH", "lingue": "ara|fra"})
    rows = found(study, "lingua_mediatore", interventi=log, mediatori=people)
    assert rows[["oggetto", "righe"]].to_dict("records") == [{"oggetto": "urd", "righe": 2}]


def test_an_unknown_start_is_said_and_the_end_is_checked(study: Study) -> None:
    log = frame("interventi", work(), work(data=pd.Timestamp(2023, 7, 1)))
    rows = found(study, "fuori_progetto", interventi=log)
    assert rows["esito_riscontro"].tolist() == ["da_rivedere", "non_calcolabile"]
    assert rows["periodo"].fillna("").tolist() == ["2023-07", ""]
    assert rows["oggetto"].tolist() == ["labimpact", "labimpact: inizio non nota"]


def sheet(quarter: str, value: float, version: int = 1, code: str = "P3") -> dict[str, Any]:
    return {
        "codice": code,
        "trimestre": quarter,
        "versione": version,
        "valore_realizzato": value,
        "cumulato": True,
    }


def test_declared_indicators_against_the_log(study: Study) -> None:
    log = frame("interventi", work(), work(), work(esito="non_coperto"), work(data=None))
    declared = frame(
        "indicatori", sheet("2022-T1", 0), sheet("2022-T2", 40), sheet("2022-T2", 9, 1, "X")
    )
    rows = found(study, "indicatore_log", interventi=log, indicatori=declared)
    assert rows["periodo"].tolist() == ["2022-T1", "2022-T2"]
    assert rows["valore_b"].tolist() == [0, 2]
    assert rows["esito_riscontro"].tolist() == ["coerente", "da_rivedere"]


def test_sheets_reopened_and_cumulative_values_that_fall(study: Study) -> None:
    declared = frame(
        "indicatori",
        sheet("2022-T1", 10),
        sheet("2022-T1", 12, 2),
        sheet("2022-T2", 11),
        sheet("2022-T3", 30),
    )
    again = found(study, "scheda_riaperta", indicatori=declared)
    assert again[["periodo", "scarto"]].to_dict("records") == [{"periodo": "2022-T1", "scarto": 2}]
    falling = found(study, "cumulato_in_calo", indicatori=declared)
    assert falling[["periodo", "valore_a", "valore_b"]].to_dict("records") == [
        {"periodo": "2022-T2", "valore_a": 11, "valore_b": 12}
    ]


def test_spending_against_the_version_in_force(study: Study) -> None:
    rows = [
        {"voce": "A", "versione_budget": "approvato", "importo_eur": 100},
        {"voce": "A", "versione_budget": "rimod_2", "importo_eur": 80},
        {"voce": "A", "versione_budget": "rimod_1", "importo_eur": 500},
        {"voce": "B", "versione_budget": "rimod_2", "importo_eur": 50},
        {"voce": "A", "importo_rendicontato_eur": 90},
        {"voce": "B", "importo_rendicontato_eur": 10},
        {"voce": "L", "importo_rendicontato_eur": 1},
    ]
    result = found(study, "spesa_budget", budget=frame("budget", *rows))
    outcome = dict(zip(result["oggetto"], result["esito_riscontro"], strict=True))
    assert outcome == {"A": "da_rivedere", "B": "coerente", "L": "da_rivedere"}
    assert result["valore_b"].tolist() == [80, 50, 0]


def test_a_line_over_its_limit_shows_though_its_heading_is_within(study: Study) -> None:
    line = {"voce": "A", "versione_budget": "approvato", "importo_eur": 100}
    rows = [
        {**line, "sottovoce": "mediatori", "ente_id": "RUAH"},
        {**line, "sottovoce": "viaggi", "ente_id": "RUAH"},
        {"voce": "A", "sottovoce": "viaggi", "ente_id": "RUAH", "importo_rendicontato_eur": 130},
        {"voce": "A", "sottovoce": "altro", "ente_id": "RUAH", "importo_rendicontato_eur": 5},
    ]
    result = found(study, "spesa_budget", budget=frame("budget", *rows))
    outcome = dict(zip(result["oggetto"], result["esito_riscontro"], strict=True))
    assert outcome == {
        "A": "coerente",
        "A · mediatori · RUAH": "coerente",
        "A · viaggi · RUAH": "da_rivedere",
    }


def test_a_fall_that_a_later_version_mends_is_told_too(study: Study) -> None:
    sheet = {"codice": "M1", "cumulato": True}
    rows = [
        {**sheet, "trimestre": "2021-T1", "versione": 1, "valore_realizzato": 10},
        {**sheet, "trimestre": "2021-T2", "versione": 1, "valore_realizzato": 8},
        {**sheet, "trimestre": "2021-T2", "versione": 2, "valore_realizzato": 12},
        {**sheet, "trimestre": "2021-T3", "versione": 1, "valore_realizzato": 13},
    ]
    result = found(study, "cumulato_in_calo", indicatori=frame("indicatori", *rows))
    assert result[["periodo", "valore_a", "valore_b"]].to_numpy().tolist() == [["2021-T2", 8, 10]]


def test_expenses_without_a_budget_cannot_be_judged(study: Study) -> None:
    rows = [{"voce": "A", "importo_rendicontato_eur": 90}]
    result = found(study, "spesa_budget", budget=frame("budget", *rows))
    assert result["esito_riscontro"].tolist() == ["non_calcolabile"]


def test_names_that_no_list_has(study: Study) -> None:
    frames = {
        "interventi": frame("interventi", work(destinatari_id=f"{ONE}|{TWO}")),
        "mediatori": frame("mediatori", {"mediatore_id": TWO, "ente_id": "RUAH", "lingue": "ara"}),
        "destinatari": frame("destinatari", {"destinatario_id": ONE}),
        "presenze": frame(
            "presenze",
            {"incontro_id": "I9", "ente_id": "RUAH", "ruolo": "altro", "n_persone": 1},
        ),
        "incontri": frame("incontri", {"incontro_id": "I1", "livello": "operativo"}),
    }
    every = check_tables(frames, study)
    named = every.set_index("controllo")
    assert named.loc["mediatore_ignoto", "mediatore_id"] == ONE
    assert named.loc["destinatario_ignoto", "oggetto"] == "f.csv"
    assert named.loc["incontro_ignoto", "oggetto"] == "I9"


def test_no_tables_no_checks(study: Study) -> None:
    every = check_tables({}, study)
    validate_table(every, find_table("riscontri"))
    assert every.empty
