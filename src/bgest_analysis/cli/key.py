"""``bgest key``: the pseudonym key of a study, kept outside its folder."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bgest_analysis.cli.main import message_language
from bgest_analysis.errors import DONE
from bgest_analysis.privacy.pseudonyms import key_folder, key_path, load_key, make_key
from bgest_analysis.schema.model import Origin
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """Make the study's key, or say where it is."""
    workspace = Workspace.find(options.study or Path.cwd())
    study = load_study(workspace)
    path = key_path(key_folder(os.environ, Path.home()), study.id)
    language = message_language(options)
    if options.make:
        key = make_key(path, workspace.root)
        print(T("chiave {id} creata in {file}", id=key.id, file=str(path)).render(language))
        keep = T("conservarne una copia: senza, gli pseudonimi già fatti non si ritrovano")
        print(keep.render(language))
        return DONE
    if path.is_file():
        load_key(path, workspace.root, Origin(study.origine))  # one that cannot be used is said so
        print(T("la chiave è in {file}", file=str(path)).render(language))
    else:
        absent = T("la chiave non c'è; si crea con bgest key --make, in {file}", file=str(path))
        print(absent.render(language))
    return DONE
