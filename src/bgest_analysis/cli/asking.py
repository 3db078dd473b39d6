"""What the options of ``bgest run`` ask for; refused before what makes things is loaded."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from bgest_analysis.cli.run import Target
from bgest_analysis.engine.profiles import Profile
from bgest_analysis.engine.request import Request, check_request
from bgest_analysis.errors import UsageError
from bgest_analysis.study.load import load_study
from bgest_analysis.text.formats import LANGUAGES


def refuse_wrong(options: argparse.Namespace, target: Target) -> None:
    """Refuse what was asked wrongly of a study; a synthetic one not made yet is left for later.

    Raises
    ------
    UsageError, ParamsError, StudyError
        See ``read_request``, ``check_request``, ``load_study``.
    """
    request = replace(read_request(options), areas=target.areas)
    if target.workspace.study_file.is_file():
        check_request(target.workspace, load_study(target.workspace), request)


def read_request(options: argparse.Namespace) -> Request:
    """Read what was asked for.

    Raises
    ------
    UsageError
        For an unknown language or a parameter that is not NAME=VALUE.
    """
    languages = tuple(code for code in options.language.split(",") if code)
    unknown = sorted(set(languages) - set(LANGUAGES))
    if unknown:
        raise UsageError("lingue sconosciute {unknown}: usare it, en", unknown=unknown)
    return Request(
        areas=tuple(options.ambito),
        notebooks=tuple(options.notebook),
        languages=languages,
        parameters=dict(read_parameter(text) for text in options.parameter),
        profile=Profile(options.profile),
    )


def read_parameter(text: str) -> tuple[str, Any]:
    """Read ``name=value``; whole numbers, decimals, true and false become such.

    Raises
    ------
    UsageError
        If there is no name.
    """
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise UsageError("scrivere il parametro come nome=valore, per esempio anno=2023")
    if value in ("true", "false"):
        return name, value == "true"
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value
