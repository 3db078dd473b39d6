import pandas as pd
import pytest

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import PANDAS, Origin, Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.schema.store import read_table, write_table

VISIT = {
    "destinatario_id": "0" * 20,
    "progetto_id": "labimpact",
    "servizio": "mediazione",
    "data": "2022-03-15",
    "azione": "02",
    "minuti": 90,
    "fonte_file": "registro.csv",
    "fonte_riga": 2,
}
SERVIZI = TABLES["servizi_ricevuti"]


def frame(table: Table, *rows: dict) -> pd.DataFrame:
    columns = {
        column.name: pd.Series([row.get(column.name) for row in rows], dtype="object")
        for column in table.columns
    }
    return pd.DataFrame(columns).astype({c.name: PANDAS[c.type] for c in table.columns})


def test_a_frame_that_keeps_everything_passes():
    assert validate_table(frame(SERVIZI, VISIT), SERVIZI) is None


def test_optional_values_may_miss():
    row = {**VISIT, "azione": None, "minuti": None, "progetto_id": None}

    assert validate_table(frame(SERVIZI, row), SERVIZI) is None


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_frame_of_each_table_passes(name):
    assert validate_table(frame(TABLES[name]), TABLES[name]) is None


BREACHES = {
    "a missing key": ({"servizio": None}, "servizio: not_nullable (1)"),
    "an unknown code": ({"servizio": "CANARINO"}, "servizio: codici (1)"),
    "a wrong form": ({"destinatario_id": "CANARINO"}, "destinatario_id: forma (1)"),
    "below the range": ({"minuti": -5}, "minuti: minimo (1)"),
}


@pytest.mark.parametrize(("change", "expected"), BREACHES.values(), ids=BREACHES)
def test_a_breach_is_told_by_column_rule_and_rows_and_never_by_value(change, expected):
    with pytest.raises(SchemaViolation) as caught:
        validate_table(frame(SERVIZI, {**VISIT, **change}), SERVIZI)

    assert expected in str(caught.value)
    assert "tidy_servizi_ricevuti" in str(caught.value)
    assert "CANARINO" not in repr(caught.value) + str(caught.value)
    assert caught.value.__cause__ is None


def test_all_breaches_are_told_at_once():
    wrong = [{**VISIT, "minuti": -1}, {**VISIT, "data": None}, {**VISIT, "azione": "99"}]

    with pytest.raises(SchemaViolation) as caught:
        validate_table(frame(SERVIZI, *wrong), SERVIZI)

    for part in ("minuti: minimo (1)", "data: not_nullable (1)", "azione: codici (1)"):
        assert part in str(caught.value)


SHAPES = {
    "a column less": (lambda good: good.drop(columns="azione"), "azione: column_in_dataframe"),
    "a column more": (lambda good: good.assign(cognome="x"), "cognome: column_in_schema"),
    "another type": (lambda good: good.astype({"minuti": "float64"}), "minuti: dtype"),
    "the key twice": (lambda good: pd.concat([good, good]), "chiave ripetuta (2)"),
}


@pytest.mark.parametrize(("spoil", "expected"), SHAPES.values(), ids=SHAPES)
def test_a_frame_of_another_shape_is_refused(spoil, expected):
    with pytest.raises(SchemaViolation) as caught:
        validate_table(spoil(frame(SERVIZI, VISIT)), SERVIZI)
    assert expected in str(caught.value)


@pytest.mark.parametrize(("temi", "passes"), [("ucraina|casi", True), ("ucraina|boh", False)])
def test_each_code_of_a_list_is_looked_at(temi, passes):
    incontri = TABLES["incontri"]
    row = {"incontro_id": "I1", "data": "2022-03-15", "livello": "cabina_regia", "odg_temi": temi}
    meeting = frame(incontri, {**row, "fonte_file": "a.csv", "fonte_riga": 1})

    if passes:
        validate_table(meeting, incontri)
    else:
        with pytest.raises(SchemaViolation, match="odg_temi: codici"):
            validate_table(meeting, incontri)


def test_a_total_of_the_sexes_is_refused_among_persons():
    destinatari = TABLES["destinatari"]
    row = {"destinatario_id": "0" * 20, "sesso": "T", "fonte_file": "a.csv", "fonte_riga": 1}

    with pytest.raises(SchemaViolation, match="sesso: codici"):
        validate_table(frame(destinatari, row), destinatari)


def test_what_was_stored_and_read_back_keeps_the_contract(tmp_path):
    path = tmp_path / "tidy_servizi_ricevuti.parquet"
    write_table(path, frame(SERVIZI, VISIT), Lineage(Origin.SINTETICA))

    validate_table(read_table(path), SERVIZI)
