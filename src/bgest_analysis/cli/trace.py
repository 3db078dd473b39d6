"""``bgest trace FILE#ITEM``: from a printed table or figure back to the files as received."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bgest_analysis.cli.main import message_language
from bgest_analysis.engine.trace import Node, trace
from bgest_analysis.errors import DONE
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """Print the way back, the notebook first, the raw files last."""
    workspace = Workspace.find(options.study or Path.cwd())
    found = trace(workspace, options.item)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        return DONE
    language = message_language(options)
    print(f"{found.document}#{found.block['id']}")
    for node in found.nodes:
        for line in node_lines(node, language):
            print(line)
    return DONE


def node_lines(node: Node, language: str) -> list[str]:
    """Return what is known of one file on the way."""
    lines = [f"- {node.kind} {node.name}  sha256 {node.sha256[:12]}"]
    if node.rows is not None:
        lines.append("    " + T("righe {n:int}", n=node.rows).render(language))
    if node.settings:
        lines.append("    " + json.dumps(node.settings, ensure_ascii=False))
    for account in node.accounts:
        words = T(
            "lette {a:int}, pulite {b:int}, quarantena {c:int}, scartate {d:int}",
            a=account["righe_lette"],
            b=account["righe_pulite"],
            c=account["quarantena"],
            d=sum(account["scartate"].values()),
        )
        lines.append("    " + words.render(language))
    lines += [f"    {rule}: {count}" for rule, count in sorted((node.rules or {}).items())]
    if node.made_from:
        lines.append("    " + T("da {files}", files=list(node.made_from)).render(language))
    return lines
