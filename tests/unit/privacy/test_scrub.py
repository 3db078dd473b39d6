import logging

import pytest

from bgest_analysis.privacy.scrub import (
    MASK,
    MaskingFormatter,
    Secrets,
    masked_traceback,
    summarise_error,
)

SHAPES = (
    "RSSMRA85T10A562S",
    "rssmra85t10a562s",
    "persona@esempio.test",
    "+39 347 000 0001",
    "0039 3470000001",
    "347/0000001",
    "I0000001",
    "AB1234567",
)


@pytest.mark.parametrize("value", SHAPES)
def test_masks_what_looks_like_an_identifier_without_being_told(value):
    masked = Secrets().mask(f"riga 12: valore {value}, colonna note")

    assert masked == f"riga 12: valore {MASK}, colonna note"


@pytest.mark.parametrize(
    "text",
    ["riga 12, colonna ore: 347 valori", "cod_istat 016024, anno 2022", "impronta 00ff00ff00ff",
     "15/03/2022 scritto 1.234.567,89", "3 file letti in 12.345 s", "prog-2463"],
)  # fmt: skip
def test_leaves_what_is_no_identifier(text):
    assert Secrets().mask(text) == text


def test_masks_known_values_in_other_case_accents_and_order():
    secrets = Secrets(["D'Agostino Nicolò", "via Zàn 12/b", "Олена"])

    masked = secrets.mask("KeyError: 'NICOLO dagostino' in via Zàn 12/b; OLENA")

    for value in ("NICOLO", "dagostino", "Zàn", "12/b", "OLENA"):
        assert value not in masked
    assert masked.startswith("KeyError: '")


def test_shows_how_many_values_it_holds_and_none_of_them():
    assert repr(Secrets(["Rahman", "Karim", "Al"])) == "Secrets(2)"


def _fail() -> None:
    try:
        int("Rahman Karim")
    except ValueError as error:
        raise KeyError("Rahman") from error


def test_log_lines_and_their_tracebacks_are_masked(caplog):
    formatter = MaskingFormatter("%(levelname)s %(message)s", Secrets(["Rahman Karim"]))
    try:
        _fail()
    except KeyError:
        logging.getLogger("prova").exception("riga di %s", "Rahman")

    line = formatter.format(caplog.records[0])

    assert line.startswith(f"ERROR riga di {MASK}\nTraceback")
    assert "Rahman" not in line
    assert "Karim" not in line


def test_summary_of_an_error_tells_types_and_places_only():
    with pytest.raises(KeyError) as caught:
        _fail()

    summary = summarise_error(caught.value).splitlines()

    assert [line.split(" <- ")[0] for line in summary] == ["KeyError", "ValueError"]
    assert "test_scrub.py" in summary[0]
    assert "Rahman" not in "".join(summary)
    assert "Rahman" not in masked_traceback(caught.value, Secrets(["Rahman Karim"]))
