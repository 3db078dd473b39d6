"""What JupyterLab needs of a study: working copies, a named kernel, settings in its language.

Nothing is written in the user's home. The copies stand in ``lab/``, out of git: they keep what
was computed, and the notebooks of the dossier stay as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from bgest_analysis.engine.files import read_json, write_json
from bgest_analysis.workspace import Workspace, shipped_notebooks

FOLDER = "lab"
DOOR = f"{FOLDER}/00_Inizio.ipynb"
KERNEL, KERNEL_TITLE = "bgest", "Lab'Impact (Python)"
LOCALES = {"it": "it_IT", "en": "default"}
RECORD = "copie.json"
# Lab asks its language pack for these in the context "menu", which the Italian one lacks.
MENUS = {
    "it": {
        "edit": "Modifica",
        "view": "Visualizza",
        "run": "Esegui",
        "tabs": "Schede",
        "settings": "Impostazioni",
        "help": "Aiuto",
    },
    "en": {},
}


def lay_copies(workspace: Workspace) -> list[str]:
    """Put a working copy of each notebook into ``lab/``.

    Returns
    -------
    Names of the copies that somebody changed: they are left as they are.
    """
    folder, record = workspace.root / FOLDER, _home(workspace) / RECORD
    folder.mkdir(exist_ok=True)
    laid = read_json(record)
    laid = laid if isinstance(laid, dict) else {}
    kept = []
    for source in _notebooks(workspace):
        copy, mark = folder / source.name, _imprint(_read(source))
        now = _imprint(_read(copy)) if copy.is_file() else None
        if now not in (None, laid.get(source.name), mark):
            kept.append(source.name)
            continue
        if now != mark:
            write_json(copy, _with_kernel(_read(source)), indent=1)
        laid[source.name] = mark
    write_json(record, laid, indent=1)
    return kept


def _notebooks(workspace: Workspace) -> list[Path]:
    shipped = {path.name for path in shipped_notebooks().glob("[0-9][0-9]_*.ipynb")}
    own = {path.name for path in (workspace.root / "notebooks").glob("[0-9][0-9]_*.ipynb")}
    return [workspace.notebook(name.removesuffix(".ipynb")) for name in sorted(shipped | own)]


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _imprint(notebook: dict[str, Any]) -> str:
    """Return what tells two notebooks apart: their cells' sources, whatever was computed."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def _with_kernel(notebook: dict[str, Any]) -> dict[str, Any]:
    spec = {"name": KERNEL, "display_name": KERNEL_TITLE, "language": "python"}
    return {**notebook, "metadata": {**notebook["metadata"], "kernelspec": spec}}


def _home(workspace: Workspace) -> Path:
    home = workspace.state / "lab"
    home.mkdir(parents=True, exist_ok=True)
    return home


def lab_environment(workspace: Workspace, language: str) -> dict[str, str]:
    """Write kernel and settings, and return the environment that makes Lab use them."""
    home = _home(workspace)
    write_json(home / "kernels" / KERNEL / "kernel.json", _kernel())
    write_json(
        home / "config" / "labconfig" / "default_setting_overrides.json", _settings(language)
    )
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": ".",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    return {**os.environ, **{name: str(home / place) for name, place in places.items()}}


def _kernel() -> dict[str, Any]:
    return {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": KERNEL_TITLE,
        "language": "python",
        "metadata": {"debugger": True},
    }


def _settings(language: str) -> dict[str, Any]:
    return {
        "@jupyterlab/translation-extension:plugin": {"locale": LOCALES[language]},
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
        "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True},
        "@jupyterlab/mainmenu-extension:plugin": {
            "menus": [
                {"id": f"jp-mainmenu-{name}", "label": label}
                for name, label in MENUS[language].items()
            ]
        },
    }
