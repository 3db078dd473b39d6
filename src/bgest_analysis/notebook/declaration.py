"""What a notebook says of itself: its parameters, and the tables it reads.

The parameters cell (tagged ``parameters``) is the only declaration of parameters: annotated
plain literals, a trailing comment as help. The tables are the literal argument of ``start``.
Both are read from the source, without running anything.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bgest_analysis.errors import ParamsError

TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
AREA = "ambito"
LISTS = ("needs", "tables", "results", "models")
SAFE_TEXT = re.compile(r"[\w ,.;:'()/-]{0,120}")


@dataclass(frozen=True)
class Parameter:
    """One declared parameter."""

    name: str
    type: type
    default: Any
    help: str


@dataclass(frozen=True)
class Declaration:
    """A notebook's analysis name, parameters, and the tables and results it reads.

    Parameters
    ----------
    needs
        Tables without which the notebook is not run; its place in the dossier then says what is
        missing.
    tables
        Tables it reads when they are there.
    results
        Results of other analyses.
    models
        Estimators it calls.
    """

    analisi: str
    parameters: tuple[Parameter, ...]
    needs: tuple[str, ...]
    tables: tuple[str, ...]
    results: tuple[str, ...]
    models: tuple[str, ...] = ()


def read_declaration(path: Path) -> Declaration:
    """Read a notebook's declaration from its source.

    Raises
    ------
    ParamsError
        If the notebook has no parameters cell, declares one in a way papermill would hide or
        turn into text, or never calls ``start``.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = [_source(cell) for cell in cells if cell["cell_type"] == "code"]
    tagged = [
        _source(cell) for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    if len(tagged) != 1:
        raise ParamsError(
            "{name}: serve una sola cella con etichetta «parameters», trovate {n}",
            name=path.name,
            n=len(tagged),
        )
    call = _start_call(sources, path.name)
    lists = {str(k.arg): k.value for k in call.keywords if k.arg in LISTS}
    return Declaration(
        analisi=ast.literal_eval(call.args[0]),
        parameters=_parameters(tagged[0], path.name),
        needs=_names(lists.get("needs")),
        tables=_names(lists.get("tables")),
        results=_names(lists.get("results")),
        models=_names(lists.get("models")),
    )


def _names(node: ast.expr | None) -> tuple[str, ...]:
    return () if node is None else tuple(ast.literal_eval(node))


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _start_call(sources: list[str], name: str) -> ast.Call:
    for source in sources:
        if "start(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "start":
                return node
    raise ParamsError("{name}: manca la cella che chiama start(...)", name=name)


def _parameters(source: str, name: str) -> tuple[Parameter, ...]:
    comments = _comments(source)
    found = []
    for node in ast.parse(source).body:
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            raise ParamsError(
                "{name}: nella cella dei parametri ogni riga è «nome: tipo = valore  # aiuto»",
                name=name,
            )
        type_name = getattr(node.annotation, "id", "")
        if type_name not in TYPES or node.value is None:
            raise ParamsError(
                "{name}: il parametro {parameter} deve essere {types} e avere un valore",
                name=name,
                parameter=node.target.id,
                types=list(TYPES),
            )
        default = ast.literal_eval(node.value)
        help_text = comments.get(node.lineno, "")
        found.append(Parameter(node.target.id, TYPES[type_name], default, help_text))
    return tuple(found)


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


def check_values(
    declaration: Declaration, values: Mapping[str, Any], areas: tuple[str, ...]
) -> dict[str, Any]:
    """Return all parameters of a notebook, given ones checked, the others at their default.

    Raises
    ------
    ParamsError
        For a name that is not declared, a value of another type, an area that is not the
        study's, or text that could be code or a path.
    """
    known = {parameter.name: parameter for parameter in declaration.parameters}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ParamsError(
            "{analisi}: parametri sconosciuti {unknown}; quelli dichiarati sono {known}",
            analisi=declaration.analisi,
            unknown=unknown,
            known=sorted(known),
        )
    complete = {name: values.get(name, parameter.default) for name, parameter in known.items()}
    for name, value in complete.items():
        _check_value(declaration.analisi, known[name], value, areas)
    return complete


def _check_value(analisi: str, parameter: Parameter, value: Any, areas: tuple[str, ...]) -> None:
    right_type = type(value) is parameter.type or (parameter.type is float and type(value) is int)
    if not right_type:
        raise ParamsError(
            "{analisi}: il parametro {name} vuole {wanted}, non {found}",
            analisi=analisi,
            name=parameter.name,
            wanted=parameter.type.__name__,
            found=type(value).__name__,
        )
    if parameter.name == AREA and value not in areas:
        raise ParamsError(
            "{analisi}: l'area {value} non è tra quelle dello studio: {areas}",
            analisi=analisi,
            value=str(value)[:40],
            areas=list(areas),
        )
    if isinstance(value, str) and (".." in value or not SAFE_TEXT.fullmatch(value)):
        raise ParamsError(
            "{analisi}: il testo del parametro {name} contiene caratteri non ammessi",
            analisi=analisi,
            name=parameter.name,
        )
