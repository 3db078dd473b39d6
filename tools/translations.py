"""Keep the English catalogue in step with the Italian texts of the code.

Collects every text a reader can meet (``T("...")``, ``Message("...")``, ``translate("...")``,
the templates of errors and cleaning rules; code cells of notebooks too) into
``text/locale/en/LC_MESSAGES/bgest.po``, keeps the translations already there, drops those no
longer used, and compiles ``bgest.mo``. With ``--check`` it changes nothing and fails when a text
is untranslated, a translation names other fields, or a file is behind.

    python tools/translations.py [--check] [--missing] [--add FILE]
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import io
import json
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "bgest_analysis"
NOTEBOOKS = ROOT / "notebooks"
PO = SOURCE / "text" / "locale" / "en" / "LC_MESSAGES" / "bgest.po"
MO = PO.with_suffix(".mo")
WHEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

# Which arguments of a call are texts for a reader.
CALLS = {"T": (0,), "Message": (0,), "translate": (0,), "Rule": (1, 2), "_add": (2,)}
KEYWORDS = {
    "Rule": ("what", "remedy"),
    "T": ("template",),
    "Message": ("template",),
    "add_argument": ("help",),
}


def error_names(trees: Iterable[ast.AST]) -> set[str]:
    """Return the names of ``BgestError`` and every class that descends from it."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    names = {"BgestError"}
    while more := {name for name, above in bases.items() if above & names} - names:
        names |= more
    return names


def texts_of(tree: ast.AST, errors: set[str]) -> Iterator[str]:
    """Yield the literal texts of a module, in order."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _called(node)
            places = (0,) if name in errors else CALLS.get(name, ())
            values = [node.args[i] for i in places if i < len(node.args)]
            values += [k.value for k in node.keywords if k.arg in KEYWORDS.get(name, ())]
            yield from filter(str.strip, map(_literal, values))


def _called(node: ast.Call) -> str:
    function = node.func
    return getattr(function, "id", "") or getattr(function, "attr", "")


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def modules() -> dict[str, ast.AST]:
    """Return every module and notebook of the package, parsed, by its path."""
    found: dict[str, ast.AST] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        found[path.relative_to(ROOT).as_posix()] = ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        found[path.relative_to(ROOT).as_posix()] = ast.parse("\n".join(code))
    return found


def collect() -> dict[str, list[str]]:
    """Return every text and the files it stands in."""
    trees = modules()
    errors = error_names(trees.values())
    where: dict[str, list[str]] = {}
    for path, tree in trees.items():
        for text in texts_of(tree, errors):
            places = where.setdefault(text, [])
            if path not in places:
                places.append(path)
    return where


def read_catalogue(path: Path = PO) -> dict[str, str]:
    """Return the translations already made."""
    if not path.is_file():
        return {}
    with path.open("rb") as stream:
        catalogue = read_po(stream)
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string}


def build(where: dict[str, list[str]], done: dict[str, str]) -> Catalog:
    """Return the catalogue of these texts, with what is translated."""
    catalogue = Catalog(
        locale="en_GB",
        project="bgest_analysis",
        version="1",
        copyright_holder="",
        creation_date=WHEN,
        revision_date=WHEN,
        last_translator="bgest_analysis",
        language_team="English",
        msgid_bugs_address="bgest_analysis",
        fuzzy=False,
        header_comment="# English texts of bgest_analysis; Italian is the source language.",
    )
    for text in sorted(where):
        places = [(path, 0) for path in where[text]]
        catalogue.add(text, done.get(text, ""), locations=places).flags.clear()
    return catalogue


def fields(template: str) -> set[str]:
    """Return the names of the fields of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def faults(where: dict[str, list[str]], done: dict[str, str]) -> list[str]:
    """Return what is wrong, one line each: untranslated texts, other fields."""
    lines = [f"untranslated: {text!r} ({where[text][0]})" for text in where if text not in done]
    lines += [
        f"other fields: {text!r} -> {done[text]!r}"
        for text in where
        if text in done and fields(text) != fields(done[text])
    ]
    return lines


def rendered(catalogue: Catalog) -> tuple[bytes, bytes]:
    """Return the bytes of the ``.po`` and the ``.mo``."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=98, include_lineno=False, sort_output=True)
    write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def behind(catalogue: Catalog) -> list[str]:
    """Return the files that differ from what the code and the translations give."""
    pairs = zip((PO, MO), rendered(catalogue), strict=True)
    stale = [path for path, data in pairs if not path.is_file() or path.read_bytes() != data]
    return [f"behind the code: {path.relative_to(ROOT).as_posix()}" for path in stale]


def main(arguments: list[str] | None = None) -> int:
    """Rewrite the catalogue, or check it."""
    parser = argparse.ArgumentParser(description="English catalogue of the texts.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail if behind")
    parser.add_argument("--missing", action="store_true", help="print untranslated texts as JSON")
    parser.add_argument("--add", type=Path, help="JSON of Italian to English to put in first")
    options = parser.parse_args(arguments)
    where, done = collect(), read_catalogue()
    if options.add:
        done |= json.loads(options.add.read_text(encoding="utf-8"))
    catalogue = build(where, done)
    if options.missing:
        sys.stdout.write(
            json.dumps([t for t in where if t not in done], ensure_ascii=False, indent=0)
        )
        return 0
    wrong = faults(where, done)
    if options.check:
        wrong += behind(catalogue)
    else:
        PO.parent.mkdir(parents=True, exist_ok=True)
        for path, data in zip((PO, MO), rendered(catalogue), strict=True):
            path.write_bytes(data)
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    sys.stdout.write(f"{len(where)} texts, {len(wrong)} faults\n")
    return 1 if wrong and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
