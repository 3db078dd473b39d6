"""``bgest trace``: from a printed table or figure back to everything that made it."""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bgest_analysis.engine.job import Step, path_of
from bgest_analysis.engine.manifest import read_manifest
from bgest_analysis.engine.notebooks import extract_blocks, read_source
from bgest_analysis.errors import SourceMissing, UsageError
from bgest_analysis.schema.store import count_rows, read_table
from bgest_analysis.workspace import Workspace

NUMBERED = {"tabella": "table", "table": "table", "figura": "figure", "figure": "figure"}
ACCOUNTS = "conti.json"
PROBLEMS = "problemi.parquet"
ASIDE = frozenset({PROBLEMS, "quarantena.parquet"})
_UNSAFE = re.compile(r"[^0-9A-Za-z_]+")


class NodeKind(StrEnum):
    """What a step on the way back is."""

    NOTEBOOK = "notebook"
    TABLE = "tabella"
    RAW = "file"


@dataclass(frozen=True)
class Node:
    """A file on the way from a printed figure to the files as received.

    Parameters
    ----------
    name
        The file's name in the study.
    job
        What made it; ``""`` for a file as received.
    settings
        The job's settings (for a notebook: its parameters).
    made_from
        Names of the files it was made from.
    rows
        Rows of a table.
    accounts
        For a cleaned file: rows read, kept, in quarantine, dropped by each rule.
    rules
        Breaches of each rule, by what was done with them.
    """

    kind: NodeKind
    name: str
    sha256: str
    job: str = ""
    settings: Mapping[str, Any] | None = None
    made_from: tuple[str, ...] = ()
    rows: int | None = None
    accounts: tuple[Mapping[str, Any], ...] = ()
    rules: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Trace:
    """The way back: the printed thing, then each file once, from the notebook to the raw files."""

    document: str
    block: Mapping[str, Any]
    nodes: tuple[Node, ...]

    def to_json(self) -> dict[str, Any]:
        nodes = [{**asdict(node), "kind": str(node.kind)} for node in self.nodes]
        return {"documento": self.document, "blocco": self.block["id"], "passi": nodes}


def trace(workspace: Workspace, reference: str) -> Trace:
    """Trace ``FILE#ITEM``.

    Parameters
    ----------
    reference
        A document or executed notebook, and in it a block's id (``analisi:id`` where two
        analyses use the same), its anchor, or ``tabella-3``, ``figura-2``.

    Raises
    ------
    SourceMissing
        If no run is current.
    UsageError
        If there is no such file in the last run, or no such item in it.
    """
    file, sign, item = reference.partition("#")
    if not sign or not item:
        raise UsageError("scrivere FILE#ELEMENTO, per esempio dossier.html#tabella-2")
    history = _History(workspace)
    document = history.find(file)
    notebook, block = _find_block(workspace, history, document, item)
    wanted = [name for name in history.inputs_of(notebook) if Path(name).stem in block["tables"]]
    nodes = [_node(workspace, history, notebook, (history.source_of(notebook), *wanted))]
    return Trace(document, block, (*nodes, *_walk(workspace, history, wanted)))


class _History:
    """The last run, as its manifest tells it."""

    def __init__(self, workspace: Workspace) -> None:
        manifest = read_manifest(workspace)
        if manifest is None:
            raise SourceMissing("nessuna esecuzione conclusa; bgest run")
        jobs: list[dict[str, Any]] = manifest["lavori"]
        self.maker: dict[str, dict[str, Any]] = {
            name: job for job in jobs for name in job["uscite"]
        }
        listed: list[dict[str, str]] = [*manifest["ingressi"], *manifest["uscite"]]
        self.sha = {item["file"]: item["sha256"] for item in listed}

    def find(self, file: str) -> str:
        """Return the output that a user's path means: whole name, or the end of just one."""
        asked = file.replace("\\", "/")
        found = [name for name in self.maker if asked == name or asked.endswith(f"/{name}")]
        found = found or [name for name in self.maker if f"/{name}".endswith(f"/{asked}")]
        if len(found) != 1:
            raise UsageError(
                "{file}: nell'ultima esecuzione ci sono {n} risultati con questo nome; scriverne "
                "il percorso, per esempio reports/it/BSE/dossier.html",
                file=Path(file).name,
                n=len(found),
            )
        return found[0]

    def inputs_of(self, name: str) -> list[str]:
        """Return what a file was made from (``protect`` keeps each table apart)."""
        job = self.maker.get(name)
        if job is None:
            return []
        same = [other for other in job["ingressi"] if Path(other).name == Path(name).name]
        return same if job["passo"] == Step.PROTECT and same else list(job["ingressi"])

    def source_of(self, name: str) -> str:
        """Return the notebook that an executed one was made from."""
        return next(other for other in self.inputs_of(name) if other.endswith(".ipynb"))


def _find_block(
    workspace: Workspace, history: _History, document: str, item: str
) -> tuple[str, dict[str, Any]]:
    own = document.endswith(".ipynb")
    notebooks = [document] if own else _notebooks_under(history, document)
    found = [
        (name, block)
        for name in notebooks
        for block in extract_blocks(read_source(path_of(workspace, name)))
    ]
    kind, _, number = item.lower().rpartition("-")
    if kind in NUMBERED and number.isdigit():
        same = [pair for pair in found if pair[1]["kind"] == NUMBERED[kind]]
        matching = same[int(number) - 1 : int(number)] if int(number) else []
    else:
        matching = [pair for pair in found if item in _names(*pair)]
    if len(matching) != 1:
        raise UsageError(
            "{item}: {n} elementi con questo nome in {file}; quelli che ha sono: {known}",
            item=item,
            n=len(matching),
            file=document,
            known=[f"{Path(name).stem}:{block['id']}" for name, block in found],
        )
    return matching[0]


def _notebooks_under(history: _History, document: str) -> list[str]:
    """Return the executed notebooks a document was made from, in its order."""
    made = [name for name in history.inputs_of(document) if name.endswith(".ipynb")]
    return sorted(made, key=lambda name: Path(name).stem)


def _names(notebook: str, block: Mapping[str, Any]) -> set[str]:
    """Return the names by which a block may be called."""
    analisi = Path(notebook).stem
    anchor = "s-" + _UNSAFE.sub("-", f"{analisi}--{block['id']}")
    return {block["id"], f"{analisi}:{block['id']}", anchor}


def _walk(workspace: Workspace, history: _History, start: Iterable[str]) -> list[Node]:
    """Return the nodes behind some files, each once, nearest first."""
    nodes: dict[str, Node] = {}
    todo = deque(start)
    while todo:
        name = todo.popleft()
        if name not in nodes:
            behind = tuple(history.inputs_of(name))
            nodes[name] = _node(workspace, history, name, behind)
            todo.extend(behind)
    return list(nodes.values())


def _node(workspace: Workspace, history: _History, name: str, behind: tuple[str, ...]) -> Node:
    job = history.maker.get(name)
    path = path_of(workspace, name)
    if job is None:
        return Node(NodeKind.RAW, name, history.sha[name])
    is_table = name.endswith(".parquet") and path.is_file()
    cleaned = job["passo"] == Step.CLEAN and is_table and path.name not in ASIDE
    return Node(
        kind=NodeKind.NOTEBOOK if name.endswith(".ipynb") else NodeKind.TABLE,
        name=name,
        sha256=history.sha[name],
        job=job["id"],
        settings=job["impostazioni"],
        made_from=behind,
        rows=count_rows(path) if is_table else None,
        accounts=_accounts(path.with_name(ACCOUNTS)) if cleaned else (),
        rules=_rules(path.with_name(PROBLEMS)) if cleaned else None,
    )


def _accounts(file: Path) -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads(file.read_text(encoding="utf-8"))["conti"]) if file.is_file() else ()


def _rules(file: Path) -> dict[str, int]:
    """Count breaches by rule and treatment; offending values are not read."""
    if not file.is_file():
        return {}
    frame = read_table(file, columns=["regola", "trattamento"])
    counts = Counter(zip(frame["regola"], frame["trattamento"], strict=True))
    return {f"{rule}: {done}": n for (rule, done), n in sorted(counts.items())}
