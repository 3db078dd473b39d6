"""Problems say where they are and how to mend them; accounts must add up."""

import pytest

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.problems.record import COLUMNS, ProblemLog, Rule, Treatment, empty_problems
from bgest_analysis.problems.register import Accounting, CleaningRegister, Step

NEGATIVE = Rule(
    "negativo", "{colonna}: {valore} è negativo", "scrivere un numero da 0", Treatment.QUARANTENA
)
NOTE = Rule("nota", "riga di nota", "nessuno", Treatment.SCARTO)


def test_problems_come_out_by_row_with_their_words():
    log = ProblemLog("a.csv", "Foglio1")
    log.add(NEGATIVE, [9, 4], "n", [-1, -2])
    log.add(NOTE, [6], "tutte")
    assert [p.row for p in log.problems()] == [4, 6, 9]
    assert log.problems()[0].message().render("it") == "n: -2 è negativo"
    assert len(log) == 3
    assert set(log.rules()) == {"negativo", "nota"}


def test_the_frame_has_the_declared_columns_also_when_empty():
    log = ProblemLog("a.csv")
    assert list(log.to_frame().columns) == list(COLUMNS)
    log.add(NEGATIVE, [], "n", [])
    assert log.to_frame().equals(empty_problems())


def test_values_left_out_stay_out():
    log = ProblemLog("a.csv")
    log.add(NEGATIVE, [3], "cognome")
    assert log.to_frame()["valore"].tolist() == [""]


def test_accounts_that_do_not_add_up_are_our_fault():
    with pytest.raises(SchemaViolation, match="righe lette 5, ritrovate 4"):
        Accounting("a.csv", "", rows_in=5, tidy=3, quarantined=1, dropped={})
    accounts = Accounting("a.csv", "", 5, 3, 1, {"nota": 1})
    assert accounts.to_json()["scartate"] == {"nota": 1}


def test_the_register_keeps_the_order_of_steps():
    register = CleaningRegister()
    register.add(Step("a.csv", "", "cod_istat", "zero_perso", 5, 5, 2))
    register.add(Step("a.csv", "", "tutte", "nota", 5, 4, 0))
    assert register.to_frame()["regola"].tolist() == ["zero_perso", "nota"]
