import json

import pytest
from frictionless import Package, Resource, Schema, validate

from bgest_analysis.schema.datapackage import describe_table, describe_tables, to_json
from bgest_analysis.schema.registry import TABLES

HEADER = "cod_provincia,anno,stranieri,stranieri_ue,fonte_file,fonte_riga"
GOOD_ROW = "016,2023,120821,20635,province.csv,6"


def test_frictionless_accepts_the_descriptor_of_all_tables():
    descriptor = describe_tables(TABLES.values(), name="bergamo-est", title="Bergamo Est")

    assert Package.metadata_validate(descriptor) is not None
    assert list(Package.metadata_validate(descriptor)) == []
    assert len(descriptor["resources"]) == len(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_each_tables_schema_is_a_table_schema(name):
    schema = describe_table(TABLES[name])["schema"]

    assert list(Schema.metadata_validate(schema)) == []
    assert [field["name"] for field in schema["fields"]] == TABLES[name].column_names


ROWS = {
    "right": (GOOD_ROW, []),
    "a lost zero": ("16,2023,120821,20635,province.csv,6", ["constraint-error"]),
    "a negative count": ("016,2023,-1,20635,province.csv,6", ["constraint-error"]),
    "a word": ("016,2023,molti,20635,province.csv,6", ["type-error"]),
    "an empty key": ("016,,120821,20635,province.csv,6", ["constraint-error"]),
}


@pytest.mark.parametrize(("row", "expected"), ROWS.values(), ids=ROWS)
def test_frictionless_finds_with_it_what_the_contract_finds(tmp_path, monkeypatch, row, expected):
    monkeypatch.chdir(tmp_path)
    descriptor = describe_table(TABLES["stranieri_province"], "csv")
    (tmp_path / descriptor["path"]).write_text(f"{HEADER}\n{row}\n", encoding="utf-8")

    report = validate(Resource.from_descriptor(descriptor))

    found = [error[0] for error in report.flatten(["type"])]
    assert sorted(set(found)) == expected


def test_says_what_is_personal_and_about_people():
    resource = describe_table(TABLES["destinatari"])
    fields = {field["name"]: field for field in resource["schema"]["fields"]}

    assert resource["bgest_about_people"] is True
    assert fields["destinatario_id"]["bgest_personal"] == "pseudonimo"
    assert fields["sesso"]["constraints"]["enum"] == ["M", "F", "altro_nd"]
    assert "bgest_personal" not in fields["ambito_id"]


def test_a_key_that_may_miss_is_no_primary_key():
    assert "primaryKey" not in describe_table(TABLES["timesheet"])["schema"]
    assert describe_table(TABLES["comuni"])["schema"]["primaryKey"] == ["cod_istat"]


def test_the_text_is_json_that_says_the_same():
    descriptor = describe_tables([TABLES["comuni"]], name="prova", title="Prova è")

    assert json.loads(to_json(descriptor)) == descriptor
    assert "Prova è" in to_json(descriptor)
