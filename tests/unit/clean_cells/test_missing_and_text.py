"""Cells without a value; spoiled texts; what is reported of a column."""

from __future__ import annotations

import string

import pandas as pd
import pytest

from bgest_analysis.clean.cells.hours import parse_minutes
from bgest_analysis.clean.cells.missing import fill_idem, missing_forms, missing_rule
from bgest_analysis.clean.cells.mojibake import repair, repair_text
from bgest_analysis.clean.cells.report import report_column
from bgest_analysis.clean.cells.rules import RULES
from bgest_analysis.problems.record import ProblemLog, Treatment
from bgest_analysis.problems.register import CleaningRegister


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("n.d.", "mancante_nd"),
        ("N.D.", "mancante_nd"),
        ("nd", "mancante_nd"),
        ("n. d.", "mancante_nd"),
        ("n.p.", "mancante_np"),
        ("non rilevato", "mancante_nr"),
        ("Non  Rilevato", "mancante_nr"),
        ("-", "mancante_segno"),
        ("—", "mancante_segno"),
        ("/", "mancante_segno"),
        ("...", "mancante_segno"),
        ("?", "mancante_ignoto"),
        ("  ", "vuota"),
        ("\u00a0", "vuota"),
        ("idem", "idem_senza_origine"),
        ("“", "idem_senza_origine"),
        ("c.s.", "idem_senza_origine"),
        ("0", ""),
        ("Nadia", ""),
    ],
)
def test_forms_of_nothing(text, rule):
    assert missing_rule(text) == rule


def test_every_form_has_a_rule():
    assert set(missing_forms().values()) <= set(RULES)


def test_idem_takes_the_cell_above_and_says_where():
    text = pd.Series(["idem", "1:30", "idem", "vedi sopra", "", "idem"], index=range(5, 11))
    kinds = pd.Series(list("tttttt"), index=text.index)
    filled, new_kinds, mask = fill_idem(text.astype("str"), kinds)
    assert list(filled) == ["idem", "1:30", "1:30", "1:30", "", "idem"]
    assert list(mask[mask].index) == [7, 8]
    assert new_kinds is not None
    assert list(new_kinds.index) == list(range(5, 11))


def test_idem_takes_the_kind_too():
    text = pd.Series(["01:30:00", "idem"], dtype="str")
    filled, kinds, _ = fill_idem(text, pd.Series(["h", "t"]))
    assert list(parse_minutes(filled, kinds).values) == [90, 90]


@pytest.mark.parametrize(
    ("spoiled", "clean", "rule"),
    [
        ("perchÃ©", "perché", "testo_codifica"),
        ("Ã¨", "è", "testo_codifica"),
        ("ÃƒÂ¨", "è", "testo_codifica"),  # spoiled twice
        ("cittÃ\u00a0", "città", "testo_codifica"),
        ("cittÃ di Lovere", "città di Lovere", "testo_codifica"),
        ("lâ€™aula", "l'aula", "testo_codifica"),
        ("Ð\x9eÐ»ÐµÐ½Ð°", "Олена", "testo_codifica"),
        ("a\u202eb\x07", "ab", "testo_caratteri_invisibili"),
        ("D’Angelo", "D'Angelo", "testo_segni"),
        ("Val\u00a0Cavallina", "Val Cavallina", "testo_segni"),
        ("citta\u0300", "città", "testo_segni"),
        ("  Val  Cavallina ", "Val Cavallina", "testo_spazi"),
        ("São Paulo", "São Paulo", ""),
        ("Università", "Università", ""),
        ("Олена", "Олена", ""),
        ("ÇÃO", "ÇÃO", ""),
    ],
)
def test_spoiled_texts(spoiled, clean, rule):
    assert repair(spoiled) == (clean, rule)
    assert repair(clean) == (clean, "")


def test_a_column_of_texts_keeps_order_index_and_empty_cells():
    text = pd.Series(["Lovere", "cittÃ\u00a0", "", " x", "Lov�re"], dtype="str", index=range(3, 8))
    parsed = repair_text(text)
    assert list(parsed.values.fillna("NA")) == ["Lovere", "città", "", "x", "NA"]
    assert list(parsed.rule) == [
        "",
        "testo_codifica",
        "",
        "testo_spazi",
        "testo_carattere_perduto",
    ]
    assert list(parsed.values.index) == list(range(3, 8))


def test_reports_name_the_row_and_count_the_repairs():
    text = pd.Series(["1:30", "boh", "mezz'ora", "n.d.", ""], dtype="str", index=range(7, 12))
    log, register = ProblemLog("log.xlsx", "Gennaio"), CleaningRegister()
    report_column(parse_minutes(text), text, "minuti_frontali", log, register=register)
    assert [(p.row, p.rule.code, p.value) for p in log.problems()] == [
        (8, "ore_illeggibili", "boh")
    ]
    assert {(s.rule, s.cells) for s in register.steps} == {
        ("ore_illeggibili", 1),
        ("ore_a_parole", 1),
        ("mancante_nd", 1),
    }


def test_reports_of_personal_columns_have_no_values():
    text = pd.Series(["boh"], dtype="str", index=[2])
    log = ProblemLog("log.xlsx")
    report_column(parse_minutes(text), text, "minuti_frontali", log, show_values=False)
    assert [p.value for p in log.problems()] == [""]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rules_speak(rule):
    fields = {name for _, name, _, _ in string.Formatter().parse(rule.what + rule.remedy) if name}
    assert fields <= {"colonna", "valore"}
    assert rule.what[0] in "««abcdefghijklmnopqrstuvwxyzèàì0123456789"
    assert rule.remedy
    assert rule.treatment in set(Treatment)
