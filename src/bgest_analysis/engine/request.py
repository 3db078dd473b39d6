"""What a run is asked to make, checked before anything is loaded or started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bgest_analysis.engine.profiles import Profile
from bgest_analysis.errors import ParamsError
from bgest_analysis.notebook.declaration import Declaration, check_values, read_declaration
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace, shipped_notebooks

DOOR = "00_Inizio"  # opened by bgest lab, no analysis


@dataclass(frozen=True)
class Request:
    """What a run is asked to make.

    Parameters
    ----------
    areas
        Areas of the dossiers; empty for all.
    notebooks
        Analyses; empty for all.
    languages
        Languages of the documents; empty for the study's own.
    parameters
        Notebook parameters that differ from the defaults.
    example
        The entry page leads to the synthetic example, made beside.
    profile
        For whom the documents are: which counts are hidden.
    """

    areas: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    parameters: Mapping[str, Any] | None = None
    profile: Profile = Profile.INTERNO
    example: bool = False


def check_request(workspace: Workspace, study: Study, request: Request) -> None:
    """Refuse what the study does not have and what its notebooks do not declare.

    Raises
    ------
    ParamsError
        For an unknown table, area or analysis; a parameter that no analysis asked for declares;
        a value that is not of its type, or that could be code or a path.
    """
    check_known_tables(study)
    areas = areas_of(study, request)
    names = analyses_of(workspace, request)
    declarations = [read_declaration(workspace.notebook(name)) for name in names]
    known = {parameter.name for item in declarations for parameter in item.parameters}
    unknown = sorted(set(request.parameters or ()) - known)
    if unknown:
        raise ParamsError(
            "parametri sconosciuti {unknown}; quelli delle analisi chieste sono {known}",
            unknown=unknown,
            known=sorted(known),
        )
    for declaration in declarations:
        for area in areas:
            parameters_of(declaration, area, study, request)


def check_known_tables(study: Study) -> None:
    """Refuse a source for a table that does not exist.

    Raises
    ------
    ParamsError
        Naming the file and the tables known.
    """
    for fonte in study.fonti:
        if fonte.tabella not in TABLES:
            raise ParamsError(
                "{file}: la tabella «{tabella}» non esiste; quelle note sono {known}",
                file=fonte.file,
                tabella=fonte.tabella,
                known=sorted(TABLES),
            )


def areas_of(study: Study, request: Request) -> tuple[str, ...]:
    """Return the areas asked for, in the study's order.

    Raises
    ------
    ParamsError
        If one is not the study's.
    """
    unknown = sorted(set(request.areas) - set(study.aree))
    if unknown:
        raise ParamsError(
            "aree sconosciute {unknown}; quelle dello studio sono {known}",
            unknown=unknown,
            known=study.aree,
        )
    wanted = request.areas or study.aree
    return tuple(area for area in study.aree if area in wanted)


def analyses_of(workspace: Workspace, request: Request) -> list[str]:
    """Return the analyses asked for; a study's own notebooks count.

    Raises
    ------
    ParamsError
        If one does not exist.
    """
    folders = (shipped_notebooks(), workspace.root / "notebooks")
    found = {path.stem for folder in folders for path in folder.glob("[0-9][0-9]_*.ipynb")}
    known = sorted(found - {DOOR})
    unknown = sorted(set(request.notebooks) - set(known))
    if unknown:
        raise ParamsError(
            "analisi sconosciute {unknown}; quelle disponibili sono {known}",
            unknown=unknown,
            known=known,
        )
    return [name for name in known if name in (request.notebooks or known)]


def parameters_of(
    declaration: Declaration, area: str, study: Study, request: Request
) -> dict[str, Any]:
    """Return a notebook's parameters for an area, checked.

    Raises
    ------
    ParamsError
        For a value that is not of its type, or that could be code or a path.
    """
    names = {parameter.name for parameter in declaration.parameters}
    given = {"ambito": area, "anno": study.anno_riferimento, **(request.parameters or {})}
    used = {name: value for name, value in given.items() if name in names}
    return check_values(declaration, used, study.aree)
