"""What the door of JupyterLab shows: the study, and which analyses have their data."""

from __future__ import annotations

from pathlib import Path

from IPython.display import HTML, display
from markupsafe import Markup

from bgest_analysis.notebook.declaration import Declaration, read_declaration
from bgest_analysis.pages.names import analysis_name
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import Workspace

DOOR = "00_Inizio"
RUN_FIRST = T(
    "Non ci sono ancora tabelle: chiudere JupyterLab, lanciare bgest run e riaprire. I notebook "
    "leggono solo ciò che bgest run ha pulito e protetto."
)
HOW = T(
    "Aprire un'analisi e scegliere Esegui, Esegui tutte le celle. Si lavora su copie, nella "
    "cartella lab: i documenti di bgest run si fanno con i notebook dello studio, non con queste. "
    "Per cambiare un'analisi dello studio, salvare la copia in notebooks/ con lo stesso nome."
)
ROW = Markup(
    '<tr><td style="text-align:left"><a href="{}">{}</a></td>'
    '<td style="text-align:left">{}</td></tr>'
)


def show_state() -> None:
    """Show the study and its analyses, in the study's language."""
    workspace = Workspace.find(Path.cwd())
    display(HTML(state_html(workspace)))


def state_html(workspace: Workspace) -> str:
    """Return the study's state as a fragment of HTML."""
    study = load_study(workspace)
    language = study.lingua
    made = workspace.protected.is_dir() and any(workspace.protected.rglob("*.parquet"))
    head = Markup("<h2>{}</h2>").format(study.titolo)
    lines = [HOW] if made else [RUN_FIRST]
    text = Markup("").join(Markup("<p>{}</p>").format(line.render(language)) for line in lines)
    rows = Markup("").join(_row(workspace, path, language) for path in _notebooks(workspace))
    heads = [T("Analisi"), T("Dati")]
    titles = Markup("").join(
        Markup('<th style="text-align:left">{}</th>').format(h.render(language)) for h in heads
    )
    table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>")
    return str(head + text + table.format(titles, rows))


def _notebooks(workspace: Workspace) -> list[Path]:
    found = sorted((workspace.root / "lab").glob("[0-9][0-9]_*.ipynb"))
    return [path for path in found if path.stem != DOOR]


def _row(workspace: Workspace, path: Path, language: str) -> Markup:
    state = _state(workspace, read_declaration(path)).render(language)
    name = analysis_name(path.stem).render(language)
    return ROW.format(path.name, f"{path.stem[:2]} {name}", state)


def _state(workspace: Workspace, declaration: Declaration) -> Message:
    wanted = dict.fromkeys((*declaration.needs, *declaration.tables))
    absent = [name for name in wanted if not workspace.protected_table(name).is_file()]
    if not absent:
        return T("ci sono")
    if len(absent) == len(wanted):
        return T("mancano")
    return T("in parte: {n:int} tabelle su {k:int}", n=len(wanted) - len(absent), k=len(wanted))
