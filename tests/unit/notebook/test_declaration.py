"""What a notebook declares is read from its source; values are checked before anything runs."""

import json

import pytest

from bgest_analysis.errors import ParamsError
from bgest_analysis.notebook.declaration import check_values, read_declaration

AREAS = ("distretto", "NO", "SU")
PARAMETERS = 'ambito: str = "distretto"  # area\nanno: int = 2023  # anno\nsoglia: float = 0.5\n'
START = 'run = start("09_prova", tables=["ind_a", "ind_b"], results=["ris_c"], ambito=ambito)'


def write(path, parameters=PARAMETERS, start=START, tags=("parameters",)):
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Prova"]},
        {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": [parameters]},
        {"cell_type": "code", "metadata": {}, "source": start},
    ]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_the_declaration_is_read(tmp_path):
    declaration = read_declaration(write(tmp_path / "n.ipynb"))
    assert declaration.analisi == "09_prova"
    assert [(p.name, p.type, p.default) for p in declaration.parameters] == [
        ("ambito", str, "distretto"),
        ("anno", int, 2023),
        ("soglia", float, 0.5),
    ]
    assert declaration.parameters[1].help == "anno"
    assert declaration.tables == ("ind_a", "ind_b")
    assert declaration.results == ("ris_c",)
    assert declaration.needs == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parameters": "anno = 2023"}, "nome: tipo = valore"),
        ({"parameters": "anno: Literal[1] = 1"}, "deve essere"),
        ({"parameters": "anno: int | None = 1"}, "deve essere"),
        ({"parameters": "anno: int"}, "avere un valore"),
        ({"tags": ()}, "trovate 0"),
        ({"start": "x = 1"}, "manca la cella"),
    ],
)
def test_a_declaration_papermill_would_misread_is_refused(tmp_path, change, said):
    with pytest.raises(ParamsError, match=said):
        read_declaration(write(tmp_path / "n.ipynb", **change))


def test_defaults_fill_what_is_not_given(tmp_path):
    declaration = read_declaration(write(tmp_path / "n.ipynb"))
    values = check_values(declaration, {"ambito": "NO", "soglia": 1}, AREAS)
    assert values == {"ambito": "NO", "anno": 2023, "soglia": 1}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"anni": 2023}, "sconosciuti anni"),
        ({'x=1;__import__("os")': 1}, "sconosciuti"),
        ({"anno": "2023"}, "vuole int, non str"),
        ({"anno": True}, "vuole int, non bool"),
        ({"ambito": "EST"}, "non è tra quelle"),
        ({"ambito": "../../etc/x"}, "non è tra quelle"),
    ],
)
def test_values_that_do_not_fit_are_refused(tmp_path, values, said):
    declaration = read_declaration(write(tmp_path / "n.ipynb"))
    with pytest.raises(ParamsError, match=said):
        check_values(declaration, values, AREAS)


@pytest.mark.parametrize("text", ["../x", "a\nb", "{x}", "$(ls)", "x" * 200, "a\x00b"])
def test_text_that_could_be_code_or_a_path_is_refused(tmp_path, text):
    declaration = read_declaration(write(tmp_path / "n.ipynb", parameters='titolo: str = "a"'))
    with pytest.raises(ParamsError, match="caratteri non ammessi"):
        check_values(declaration, {"titolo": text}, AREAS)
