"""Write the pages of the reference that come from the code, into ``docs/riferimento``.

Usage: ``python -m tools.docs.make_reference``. They are made anew each time the site is built,
and git ignores them: nothing there can lag behind the code.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import re
import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bgest_analysis import errors, stats
from bgest_analysis.blocks import ChartKind, Kind
from bgest_analysis.clean.project.rules import BY_CODE
from bgest_analysis.cli.main import build_parser
from bgest_analysis.indicators.registry import INDICATORS

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "riferimento"


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / f"{name}.md").write_text(page() + "\n", encoding="utf-8", newline="\n")


def grid(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [headings, ("---",) * len(headings), *rows]
    escaped = ([" ".join(cell.replace("|", r"\|").split()) for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)


def commands() -> str:
    """Return the page of the commands, from the parser itself."""
    parser = build_parser()
    parts = ["# Comandi", str(parser.description), str(parser.epilog)]
    for name, verb in _verbs(parser).items():
        rows = [
            (f"`{' '.join(a.option_strings) or a.metavar or a.dest}`", _help(a))
            for a in verb._actions
            if a.dest != "help"
        ]
        parts += [f"## `bgest {name}`", str(verb.description), grid(("Opzione", "Che cosa"), rows)]
    return "\n\n".join(parts)


def _verbs(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    actions = parser._actions
    (verbs,) = (a for a in actions if isinstance(a, argparse._SubParsersAction))
    return dict(verbs.choices)


def _help(action: argparse.Action) -> str:
    choices = f" ({', '.join(map(str, action.choices))})" if action.choices else ""
    return f"{action.help or ''}{choices}"


def indicators() -> str:
    """Return the page of the indicator tables: formula, unit, source and what they read."""
    parts = ["# Indicatori", "Le tabelle `ind_`: da che cosa si calcolano, formula e unità."]
    for indicator in INDICATORS:
        table = indicator.table
        reads = ", ".join(f"`{name}`" for name in (*indicator.reads, *indicator.also_reads))
        source = f" Fonte: {table.source}." if table.source else ""
        rows = [(f"`{c.name}`", c.title_it, c.unit, c.description) for c in table.columns]
        parts += [
            f"## `{table.full_name}` {table.title_it}",
            f"Una riga per: {table.grain_it}.{source} Legge: {reads}.",
            grid(("Colonna", "Titolo", "Unità", "Formula o descrizione"), rows),
        ]
    return "\n\n".join(parts)


def rules() -> str:
    """Return the page of the cleaning rules."""
    rows = [(f"`{r.code}`", r.treatment, r.what, r.remedy) for r in BY_CODE.values()]
    return "# Regole di pulizia\n\n" + grid(("Regola", "Esito", "Che cosa", "Rimedio"), rows)


def blocks() -> str:
    """Return the page of the kinds of block and of figure."""
    names = [(f"`{kind}`", "blocco") for kind in Kind]
    charts = [(f"`{kind}`", "figura") for kind in ChartKind]
    return "# Blocchi\n\n" + grid(("Nome", "Che cosa"), [*names, *charts])


def exit_codes() -> str:
    """Return the page of the exit codes, with the errors that carry them."""
    codes = {n: v for n, v in vars(errors).items() if n.isupper() and isinstance(v, int)}
    kinds = [k for k in vars(errors).values() if inspect.isclass(k) and hasattr(k, "exit_code")]
    rows = [
        (str(code), f"`{name}`", ", ".join(f"`{k.__name__}`" for k in kinds if k.exit_code == code))
        for name, code in codes.items()
    ]
    return "# Codici di uscita\n\n" + grid(("Codice", "Nome", "Errori"), rows)


def methods() -> str:
    """Return the page of the methods: what each module estimates, by which formula, from where."""
    parts = ["# Metodi", "I moduli di `stats/`, con formule e riferimenti (in inglese)."]
    for module in _modules(stats):
        parts += [f"## `{module.__name__.rpartition('.')[2]}`", _plain(module)]
        parts += [
            f"### `{function.__name__}{_arguments(function)}`\n\n{_plain(function)}"
            for function in _public_functions(module)
        ]
    return "\n\n".join(parts)


def _modules(package: types.ModuleType) -> Iterator[types.ModuleType]:
    for found in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{found.name}")


def _public_functions(module: types.ModuleType) -> list[Callable[..., object]]:
    own = inspect.getmembers(module, inspect.isfunction)
    return [f for name, f in own if f.__module__ == module.__name__ and not name.startswith("_")]


def _arguments(function: Callable[..., object]) -> str:
    return f"({', '.join(inspect.signature(function).parameters)})"


def _plain(documented: object) -> str:
    """Return a docstring as text that Markdown does not read as marks."""
    text = inspect.getdoc(documented) or ""
    return "```text\n" + re.sub(r"``", "`", text) + "\n```"


PAGES: dict[str, Callable[[], str]] = {
    "comandi": commands,
    "indicatori": indicators,
    "regole": rules,
    "blocchi": blocks,
    "uscite": exit_codes,
    "metodi": methods,
}

if __name__ == "__main__":
    main()
