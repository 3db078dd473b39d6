"""P2 and P3: what comes out of a sound file, and what each damage is told as."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bgest_analysis.errors import UnknownLayout
from tests.lib.official_samples import (
    balance_file,
    balance_header,
    balance_row,
    balance_rows,
    clean_file,
    places,
    rules,
    write,
)

HEADER = balance_header(foreign=True)
END_TOTAL = "Popolazione al 31 dicembre - Totale"
START_MALES = "Popolazione censita al 1° gennaio - Maschi"
START_TOTAL = "Popolazione censita al 1° gennaio - Totale"


def column(name: str) -> int:
    return HEADER.index(name)


def p3(tmp_path: Path, rows: list[list[str]], **options) -> Path:
    return write(tmp_path, "P3_2025_it_Comuni.csv", balance_file(rows, foreign=True, **options))


def test_a_sound_file_gives_two_dates_and_three_sexes(tmp_path: Path) -> None:
    cleaned = clean_file(p3(tmp_path, balance_rows(foreign=True)))

    table = cleaned.tables["popolazione"]
    first = table[table["cod_istat"].eq("016001")].set_index(["anno", "sesso"])["n"]
    assert len(table) == 5 * 2 * 3
    assert first.to_dict() == {
        (2025, "M"): 10,
        (2025, "F"): 12,
        (2025, "T"): 22,
        (2026, "M"): 12,
        (2026, "F"): 14,
        (2026, "T"): 26,
    }
    assert set(table["cittadinanza"]) == {"stranieri"}
    assert set(table["eta"]) == {"tot"}
    status = table.groupby("anno")["stato_dato"].unique().map(list).to_dict()
    assert status == {2025: ["definitivo"], 2026: ["provvisorio"]}
    assert table["fonte_riga"].iloc[0] == 3
    assert rules(cleaned) == []
    assert cleaned.accounting.dropped == {"nota": 1}


def test_p2_counts_everybody(tmp_path: Path) -> None:
    text = balance_file(balance_rows(foreign=False), foreign=False, year=2023)
    cleaned = clean_file(write(tmp_path, "P2.csv", text))

    assert set(cleaned.tables["popolazione"]["cittadinanza"]) == {"tutti"}
    assert set(cleaned.tables["popolazione"]["anno"]) == {2023, 2024}
    assert rules(cleaned) == []


def test_without_the_flag_the_end_of_the_year_is_final(tmp_path: Path) -> None:
    rows = [balance_row("016001", "Alfa", 1, 1, foreign=True, flag="")]

    cleaned = clean_file(p3(tmp_path, rows))

    assert set(cleaned.tables["popolazione"]["stato_dato"]) == {"definitivo"}


def test_a_rebuilt_balance_says_so(tmp_path: Path) -> None:
    text = balance_file(
        [balance_row("016001", "Alfa", 1, 1, foreign=True, flag="")], foreign=True, year=2015
    ).replace("Cittadini stranieri:", "Cittadini stranieri, ricostruzione:")

    cleaned = clean_file(write(tmp_path, "x.csv", text))

    assert set(cleaned.tables["popolazione"]["stato_dato"]) == {"ricostruito"}


def damage_zero(rows: list[list[str]]) -> None:
    rows[0][0] = "16001"


def damage_unknown(rows: list[list[str]]) -> None:
    rows[1][0] = "016999"


def damage_double(rows: list[list[str]]) -> None:
    rows.append(balance_row("016003", "Gamma", 99, 99, foreign=True))


def damage_negative(rows: list[list[str]]) -> None:
    rows[3][column("Nati vivi - Femmine")] = "-1"


def damage_decimal(rows: list[list[str]]) -> None:
    rows[4][column(END_TOTAL)] = "114.5"


def damage_sum(rows: list[list[str]]) -> None:
    rows[4][column(START_MALES)] = "51"


def damage_total(rows: list[list[str]]) -> None:
    rows.append(balance_row("", "Totale Italia", 150, 180, foreign=True))


@pytest.mark.parametrize(
    ("damage", "expected", "remedy"),
    [
        (damage_zero, [(3, "Codice comune", "zero_perso")], "come testo"),
        (damage_unknown, [(4, "Codice comune", "comune_sconosciuto")], "elenco dei comuni"),
        (
            damage_double,
            [(5, "Codice comune", "chiave_doppia"), (8, "Codice comune", "chiave_doppia")],
            "tenere una sola riga",
        ),
        (
            damage_negative,
            [
                (6, "Nati vivi - Femmine", "valore_negativo"),
                (6, "Nati vivi - Totale", "sessi_non_sommano"),
            ],
            "alla fonte",
        ),
        (damage_decimal, [(7, END_TOTAL, "valore_non_intero")], "numero intero"),
        (
            damage_sum,
            [
                (7, START_TOTAL, "sessi_non_sommano"),
            ],
            "uno è sbagliato",
        ),
        (damage_total, [(8, "Comune", "riga_di_totale")], "si ricalcolano"),
    ],
)
def test_one_damage_is_told_with_row_column_rule_and_remedy(
    tmp_path: Path,
    damage: Callable[[list[list[str]]], None],
    expected: list[tuple[int, str, str]],
    remedy: str,
) -> None:
    rows = balance_rows(foreign=True)
    damage(rows)

    cleaned = clean_file(p3(tmp_path, rows))

    assert rules(cleaned) == expected
    problem = cleaned.log.problems()[0]
    assert problem.file == "P3_2025_it_Comuni.csv"
    assert remedy in problem.remedy().render("it")
    assert problem.message().render("it")


def test_a_file_damaged_in_seven_ways_loses_exactly_the_damaged_rows(tmp_path: Path) -> None:
    rows = balance_rows(foreign=True)
    rows += [balance_row("016100", "Grande", 5, 6, foreign=True)]
    damage_zero(rows)
    damage_unknown(rows)
    damage_double(rows)
    damage_negative(rows)
    damage_decimal(rows)
    rows += [balance_row("016250", "Fusa", 7, 7, foreign=True)]
    rows[-1][column(START_MALES)] = "8"
    damage_total(rows)

    cleaned = clean_file(p3(tmp_path, rows))

    assert {rule for _, _, rule in rules(cleaned)} == {
        "zero_perso",
        "comune_sconosciuto",
        "chiave_doppia",
        "valore_negativo",
        "valore_non_intero",
        "sessi_non_sommano",
        "riga_di_totale",
    }
    assert sorted(set(cleaned.tables["popolazione"]["cod_istat"])) == ["016001", "016100"]
    assert cleaned.quarantine["riga"].tolist() == [4, 5, 6, 7, 9, 10]
    accounting = cleaned.accounting
    assert (accounting.rows_in, accounting.tidy, accounting.quarantined) == (10, 2, 6)
    assert accounting.dropped == {"nota": 1, "riga_di_totale": 1}


def test_a_number_changed_in_all_sexes_is_caught_by_the_balance(tmp_path: Path) -> None:
    rows = balance_rows(foreign=True)
    for name, value in ((START_MALES, "60"), (START_TOTAL, "120")):
        rows[4][column(name)] = value

    cleaned = clean_file(p3(tmp_path, rows))

    assert [(row, rule) for row, _, rule in rules(cleaned)] == [
        (7, "bilancio_non_torna"),
        (7, "bilancio_non_torna"),
    ]
    assert cleaned.accounting.tidy == 5


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("", "valore_mancante"),
        ("..", "valore_mancante"),
        ("molti", "valore_non_numerico"),
        ("1,5", "valore_non_intero"),
        ("-3", "valore_negativo"),
    ],
)
def test_what_is_no_count_stands_aside(tmp_path: Path, value: str, rule: str) -> None:
    rows = balance_rows(foreign=True)
    rows[2][column(END_TOTAL)] = value

    cleaned = clean_file(p3(tmp_path, rows))

    assert (5, END_TOTAL, rule) in rules(cleaned)
    assert cleaned.quarantine["riga"].tolist() == [5]


def test_identical_rows_are_kept_once(tmp_path: Path) -> None:
    rows = balance_rows(foreign=True)
    rows.insert(1, list(rows[0]))

    cleaned = clean_file(p3(tmp_path, rows))

    assert rules(cleaned) == [(4, "Codice comune", "riga_identica")]
    assert cleaned.accounting.dropped == {"nota": 1, "riga_identica": 1}
    assert cleaned.accounting.tidy == 5


def test_comuni_of_the_rest_of_the_country_are_counted_not_told(tmp_path: Path) -> None:
    rows = [*balance_rows(foreign=True), balance_row("058091", "Roma", 5, 5, foreign=True)]

    cleaned = clean_file(p3(tmp_path, rows), places(["016001", "016002"]))

    assert rules(cleaned) == []
    assert cleaned.accounting.dropped == {"fuori_territorio": 4, "nota": 1}
    assert set(cleaned.tables["popolazione"]["cod_istat"]) == {"016001", "016002"}


def test_damage_outside_the_study_is_told_all_the_same(tmp_path: Path) -> None:
    rows = balance_rows(foreign=True)
    damage_negative(rows)

    cleaned = clean_file(p3(tmp_path, rows), places(["016001"]))

    assert (6, "Nati vivi - Femmine", "valore_negativo") in rules(cleaned)
    assert cleaned.accounting.quarantined == 1


def test_the_year_of_the_title_counts_and_the_name_is_compared(tmp_path: Path) -> None:
    text = balance_file(balance_rows(foreign=True), foreign=True, year=2024)

    cleaned = clean_file(write(tmp_path, "P3_2025_it_Comuni.csv", text))

    assert set(cleaned.tables["popolazione"]["anno"]) == {2024, 2025}
    assert [rule for _, _, rule in rules(cleaned)] == ["anno_discorde"]


def test_a_file_without_any_year_is_refused(tmp_path: Path) -> None:
    text = balance_file(balance_rows(foreign=True), foreign=True).replace(" 2025", "")

    with pytest.raises(UnknownLayout, match="un solo anno"):
        clean_file(write(tmp_path, "P3.csv", text))


def test_the_english_edition_with_commas_and_totals_only(tmp_path: Path) -> None:
    text = (
        '"Foreign citizens. Demographic balance year 2022"\n'
        "Municipality code,Municipality,Population on 1st January - Total,"
        "Population on 31st December - Total\n"
        "016001,Alfa,269.0,270\n"
    )

    table = clean_file(write(tmp_path, "P3_2022_en.csv", text, "latin-1")).tables["popolazione"]

    assert table[["anno", "sesso", "n"]].to_numpy().tolist() == [[2022, "T", 269], [2023, "T", 270]]


def test_a_row_with_a_separator_in_its_name_stands_aside(tmp_path: Path) -> None:
    text = balance_file(balance_rows(foreign=True), foreign=True)
    broken = text.replace('"Alfa Superiore"', "Alfa;Superiore")

    cleaned = clean_file(write(tmp_path, "P3_2025.csv", broken))

    assert (3, "", "numero_di_campi") in rules(cleaned)
    assert cleaned.quarantine["riga"].tolist() == [3]
    assert cleaned.quarantine["regola"].tolist() == ["numero_di_campi"]
