"""What every table and column of the schema must keep."""

import re
from itertools import chain

import pytest

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.schema.codes import allowed_codes, hides_values, list_codes
from bgest_analysis.schema.ingresso import IDENTIFIERS, input_columns, is_required
from bgest_analysis.schema.model import Personal, Type
from bgest_analysis.schema.registry import TABLES, find_table

COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]
BY_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)

DOMAIN_TABLES = [
    "ambiti",
    "comuni",
    "popolazione",
    "enti",
    "mediatori",
    "interventi",
    "destinatari",
    "servizi_ricevuti",
    "attivita",
    "incontri",
    "presenze",
    "relazioni",
    "indicatori",
    "budget",
    "timesheet",
    "questionari",
    "codifiche_qual",
    "composizione_organi",
    "proposte",
    "pratiche",
    "progetti",
    "teoria_nodi",
    "teoria_nessi",
    "eventi",
    "redditi",
    "stranieri_provincia",
]


def test_every_table_of_the_domain_is_there():
    assert set(DOMAIN_TABLES) <= set(TABLES)


def test_a_column_name_has_one_definition():
    definitions: dict[str, set] = {}
    for _, column in COLUMNS:
        definitions.setdefault(column.name, set()).add(column)

    assert [name for name, found in definitions.items() if len(found) > 1] == []


@BY_TABLE
def test_a_table_is_complete(table):
    assert len(set(table.column_names)) == len(table.columns)
    assert set(table.key) <= set(table.column_names)
    assert table.optional <= set(table.column_names)
    assert table.key
    assert all([table.title_it, table.title_en, table.grain_it, table.grain_en, table.source])


@BY_TABLE
def test_a_column_says_what_it_is_in_both_languages(table):
    for column in table.columns:
        assert column.title_it, column.name
        assert column.title_en, column.name
        assert column.description.endswith("."), column.name
        assert column.type in (Type.INT, Type.DEC) or column.minimum is None, column.name


@BY_TABLE
def test_headings_of_a_table_differ_from_each_other(table):
    headings = [column.title_it.casefold() for column in input_columns(table)]

    assert len(set(headings)) == len(headings)


def test_names_are_snake_case_without_accents():
    names = chain(TABLES, (column.name for _, column in COLUMNS))

    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []


def test_tables_hold_no_identifier_and_no_free_text_of_persons():
    forbidden = (Personal.DIRETTO, Personal.LIBERO)

    assert [c.name for _, c in COLUMNS if c.personal in forbidden] == []
    assert {c.name for c in IDENTIFIERS} & {c.name for _, c in COLUMNS} == set()
    assert {c.personal for c in IDENTIFIERS} == set(forbidden)


def test_pseudonyms_stand_in_tables_about_people_only():
    tables = {t.name for t, c in COLUMNS if c.personal is Personal.PSEUDONIMO}

    assert all(TABLES[name].about_people for name in tables)


@pytest.mark.parametrize("lista", sorted({c.codes for _, c in COLUMNS if c.codes}))
def test_every_code_list_exists_and_its_codes_are_distinct(lista):
    codes = [code.codice for code in list_codes(lista)]

    assert codes
    assert len(set(codes)) == len(codes)


@BY_TABLE
def test_codes_keep_the_pattern_of_their_column(table):
    for column in table.columns:
        pattern = column.pattern or ".+"
        wrong = [
            c.codice for c in allowed_codes(table, column) if not re.fullmatch(pattern, c.codice)
        ]
        assert wrong == [], column.name


def test_the_total_of_the_sexes_is_no_persons_sex():
    sesso = TABLES["destinatari"].column("sesso")

    assert [c.codice for c in allowed_codes(TABLES["destinatari"], sesso)] == ["M", "F", "altro_nd"]
    assert "T" in [c.codice for c in allowed_codes(TABLES["popolazione"], sesso)]


def test_values_are_hidden_where_rows_are_persons():
    destinatari, popolazione = TABLES["destinatari"], TABLES["popolazione"]

    assert hides_values(destinatari, destinatari.column("sesso"))
    assert hides_values(destinatari, destinatari.column("destinatario_id"))
    assert not hides_values(destinatari, destinatari.column("ambito_id"))
    assert not hides_values(popolazione, popolazione.column("sesso"))


def test_unmet_requests_are_rows_without_date_or_minutes():
    interventi = TABLES["interventi"]
    outcomes = {code.codice for code in allowed_codes(interventi, interventi.column("esito"))}

    assert {"non_coperto", "annullato_ente", "annullato_mediatore"} <= outcomes
    assert {"data", "minuti_frontali", "mediatore_id", "data_richiesta"} <= interventi.optional
    assert "esito" not in interventi.optional


@pytest.mark.parametrize("variable", ["fase", "orientamento", "caso_id"])
def test_the_models_variables_say_their_origin(variable):
    origin = TABLES["interventi"].column(f"{variable}_origine")
    codes = [code.codice for code in allowed_codes(TABLES["interventi"], origin)]

    assert codes == ["registrata", "ricodificata", "derivata"]


def test_senders_fill_in_persons_and_not_pseudonyms():
    asked = {name: [c.name for c in input_columns(table)] for name, table in TABLES.items()}

    assert "destinatario_id" not in asked["destinatari"]
    assert asked["destinatari"][:3] == ["codice_utente", "cognome", "nome_persona"]
    assert {"mediatore", "caso", "persone", "note"} <= set(asked["interventi"])
    assert not {"mediatore_id", "caso_id", "fase_origine", "fonte_riga"} & set(asked["interventi"])
    assert asked["redditi"] == TABLES["redditi"].column_names[:-2]


def test_only_columns_a_row_cannot_do_without_are_required():
    presenze = TABLES["presenze"]
    mediatore = next(c for c in IDENTIFIERS if c.name == "mediatore")

    assert is_required(presenze, presenze.column("ente_id"))
    assert not is_required(TABLES["interventi"], mediatore)


@pytest.mark.parametrize("name", ["comuni", "tidy_comuni"])
def test_finds_a_table_with_or_without_its_prefix(name):
    assert find_table(name) is TABLES["comuni"]


def test_an_unknown_table_is_refused_by_name():
    with pytest.raises(SchemaViolation, match="nessuna_tabella"):
        find_table("nessuna_tabella")
