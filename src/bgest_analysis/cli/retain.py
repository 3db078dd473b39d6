"""``bgest retain``: files kept longer than the study says; deletes them only with ``--do``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

from bgest_analysis.cli.days import read_day
from bgest_analysis.cli.main import message_language
from bgest_analysis.errors import DONE
from bgest_analysis.publish.retention import delete_expired, expired_files
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """List the expired files, or delete them."""
    workspace = Workspace.find(options.study or Path.cwd())
    study = load_study(workspace)
    today = dt.date.fromisoformat(read_day(options.when))
    expired = expired_files(workspace, study, today)
    if options.do:
        delete_expired(workspace, study, expired, today)
    if options.json:
        print(json.dumps({"cancellati": options.do, "file": [asdict(item) for item in expired]}))
        return DONE
    language = message_language(options)
    for item in expired:
        line = T("{file}, del {day:date}", file=item.file, day=item.changed)
        print(line.render(language))
    done = T(
        "cancellati {n:int} file; il registro è data/registro_conservazione.csv", n=len(expired)
    )
    kept = T("scaduti {n:int} file, nessuno toccato: per cancellarli, --do", n=len(expired))
    print((done if options.do else kept).render(language))
    return DONE
