"""``bgest fetch``: official files from their publishers, into the study's raw folders."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

from bgest_analysis.cli.main import message_language
from bgest_analysis.errors import DONE
from bgest_analysis.read.addresses import Address, address_of, load_addresses
from bgest_analysis.read.fetch import Fetched, fetch, web
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """Fetch the sources named, or list those known."""
    workspace = Workspace.find(options.study or Path.cwd())
    addresses = load_addresses(workspace.root)
    language = message_language(options)
    year = options.year or load_study(workspace).anno_riferimento
    if not options.sources:
        for code in sorted(addresses):
            print(f"{code}: {addresses[code].title(year)} ({addresses[code].editore})")
        print(T("per scaricarne una: bgest fetch CODICE --year {year}", year=year).render(language))
        return DONE
    net = web()
    today = dt.date.today()  # noqa: DTZ011 (a day of the user's calendar, kept in the provenance)
    for address in [address_of(code, addresses) for code in options.sources]:
        folder = workspace.raw / address.tabella
        got = fetch(address, year, folder, net, today=today, again=options.again)
        print(told(workspace, address, got, options.json, language))
    return DONE


def told(workspace: Workspace, address: Address, got: Fetched, as_json: bool, language: str) -> str:
    """Return one line on what a fetch came to."""
    file = workspace.relative(got.path)
    if as_json:
        facts = {"fonte": address.codice, "file": file, "esito": str(got.outcome)}
        return json.dumps({**facts, "righe": got.rows, "sha256": got.sha256}, ensure_ascii=False)
    message = T(
        "{code}: {outcome}, {file}, {rows:int} righe",
        code=address.codice,
        outcome=str(got.outcome),
        file=file,
        rows=got.rows,
    )
    return message.render(language)
