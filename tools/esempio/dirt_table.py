"""What was planted in the synthetic study's files, class by class, and what cleaning made of it.

Run as ``python -m tools.esempio.dirt_table [--scale 1.0]``: writes the study in a folder of its
own, does its cleaning jobs, and prints one table; exit code 1 if something was not found or
changed in silence. The truth is the generator's, row by row.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from bgest_analysis.clean.derive import UNMET
from bgest_analysis.engine.job import Step
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.request import Request
from bgest_analysis.example.tables import make_tables
from bgest_analysis.example.write import write_example
from bgest_analysis.read.headers import synonyms
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace

Place = tuple[str, str, int]  # file, sheet, row
OUTCOMES = ("riparate", "mancanti", "quarantena", "da_rivedere", "scartate", "segnalate")
COLUMNS = ("classe", "piantate", "trovate", *OUTCOMES, "in_silenzio")
# Classes that the checks across tables find: the check, and the outcomes that say so.
CHECKS = {
    "foglio_ore_diverso": "log_timesheet",
    "oltre_budget": "spesa_budget",
    "scheda_riaperta": "scheda_riaperta",
    "cumulato_decrescente": "cumulato_in_calo",
}
SKIPPED = {"riga_totale": "totale", "nota_sotto": "nota", "riga_ripetuta": "riga_ripetuta"}
REMARKS = {
    "foglio_nascosto": "fogli_nascosti",
    "intestazione_sconosciuta": "intestazione_sconosciuta",
}
REPLACED = {"mediatore": ("mediatore_id",)}  # what stands in the place of a person's field
# Lines of the budget have no code: what tells them apart.
KEYS = {"budget": ["voce", "sottovoce", "ente_id", "versione_budget", "data_spesa"]}
SILENT = "in_silenzio"
BY_TREATMENT = {
    "quarantena": "quarantena",
    "scarto": "scartate",
    "revisione": "da_rivedere",
    "avviso": "segnalate",
}
PAIRS = frozenset({"persona_doppia", "gemelli"})


@dataclass(frozen=True, eq=False)
class Cleaned:
    """What the cleaning jobs of a study left, and the tables that are true."""

    folder: Path
    truth: Mapping[str, pd.DataFrame]

    @cached_property
    def observed(self) -> Mapping[str, Any]:
        """What the generator says came out in its draw."""
        text = (self.folder / "truth.json").read_text(encoding="utf-8")
        found: Mapping[str, Any] = json.loads(text)["osservato"]
        return found

    @cached_property
    def problems(self) -> pd.DataFrame:
        return self.table("problemi")

    @cached_property
    def register(self) -> pd.DataFrame:
        return self.table("registro")

    @cache  # noqa: B019 (lives as long as the run of this tool)
    def table(self, name: str) -> pd.DataFrame:
        """Return a table that cleaning made."""
        return pd.read_parquet(self.folder / "data" / "processed" / f"tidy_{name}.parquet")

    @cache  # noqa: B019
    def _rows(self, name: str) -> dict[Place, list[int]]:
        frame = self.table(name)
        parts = frame["fonte_file"].str.partition("#")
        places = zip(parts[0], parts[2], frame["fonte_riga"].astype(int), strict=True)
        found: dict[Place, list[int]] = {}
        for at, place in enumerate(places):
            found.setdefault(place, []).append(at)
        return found

    def at(self, name: str, place: Place) -> pd.DataFrame | None:
        """Return the tidy rows that come from a row of a file, ``None`` when there are none."""
        found = self._rows(name).get(place)
        return None if found is None else self.table(name).iloc[found]

    @cached_property
    def _treated(self) -> dict[Place, set[str]]:
        found: dict[Place, set[str]] = {}
        told = self.problems.dropna(subset=["riga"])
        names = ["file", "foglio", "riga", "trattamento"]
        for file, sheet, row, treatment in told[names].itertuples(index=False):
            found.setdefault((file, sheet, int(row)), set()).add(treatment)
        return found

    def treatments(self, place: Place) -> frozenset[str]:
        """Return the treatments of the problems told of a row."""
        return frozenset(self._treated.get(place, set()))


def clean_example(folder: Path, scale: float) -> Cleaned:
    """Write the synthetic study and do its jobs from raw files to tidy tables."""
    write_example(folder, scale)
    workspace = Workspace(folder)
    for job in Planner(workspace, load_study(workspace), Request()).all_jobs():
        if job.step in (Step.CLEAN, Step.TIDY):
            for path in job.outputs:
                path.parent.mkdir(parents=True, exist_ok=True)
            module, name = job.action.split(":")
            getattr(importlib.import_module(module), name)(workspace, job)
    return Cleaned(folder, make_tables(scale=scale))


def count_dirt(cleaned: Cleaned) -> pd.DataFrame:
    """Return one row a class of ``truth.json``: planted, found, what became of it."""
    planted = json.loads((cleaned.folder / "truth.json").read_text(encoding="utf-8"))["sporco"]
    lines = [_count(cleaned, kind, one) for kind, one in planted.items() if one["quante"]]
    table = pd.DataFrame(lines, columns=list(COLUMNS)).fillna(0)
    return table.astype(dict.fromkeys(COLUMNS[1:], "int64"))


def _count(cleaned: Cleaned, kind: str, planted: Mapping[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"classe": kind, "piantate": planted["quante"], "in_silenzio": 0}
    if kind in CHECKS:
        return _checked(cleaned, line, kind)
    if kind in SKIPPED:
        steps = cleaned.register
        return _told(
            line, "scartate", int(steps.loc[steps["regola"] == SKIPPED[kind], "celle"].sum())
        )
    if kind in REMARKS:
        return _told(line, "segnalate", int((cleaned.problems["regola"] == REMARKS[kind]).sum()))
    fates = [fate for place in planted["dove"] for fate in _fates(cleaned, kind, place)]
    counts = {outcome: fates.count(outcome) for outcome in (*OUTCOMES, SILENT)}
    found = len(fates) - counts[SILENT]
    return {**line, "piantate": len(fates), "trovate": found, **counts}


def _checked(cleaned: Cleaned, line: dict[str, Any], kind: str) -> dict[str, Any]:
    """Count what a check across tables reports; gaps within its stated tolerance are none."""
    checks = cleaned.table("riscontri")
    own = checks[checks["controllo"] == CHECKS[kind]]
    flagged = own[~own["esito_riscontro"].isin(["coerente", "non_calcolabile"])]
    if kind != "foglio_ore_diverso":
        return _told(line, "segnalate", len(flagged))
    gaps = pd.DataFrame(cleaned.observed[kind])
    limit = float(own["soglia"].max())
    wide = gaps[(gaps["minuti_foglio"] - gaps["minuti_registro"]).abs() > limit]
    told = set(zip(flagged["mediatore_id"], flagged["periodo"], strict=True))
    found = sum(pair in told for pair in zip(wide["mediatore_id"], wide["mese"], strict=True))
    return _told({**line, "piantate": len(wide)}, "segnalate", found)


def _fates(cleaned: Cleaned, kind: str, place: Mapping[str, Any]) -> list[str]:
    """Return what became of each spoiled row of one place."""
    file, sheet = str(place["file"]), str(place["foglio"])
    table = file.split("/")[2]
    spoiled = Spoiled(cleaned, kind, table, _column(table, str(place["colonna"])))
    return [spoiled.fate((file, sheet, int(row))) for row in place["righe"]]


def _column(table: str, written: str) -> str:
    """Return our name of a column that the ledger of the generator calls as the file does.

    A column that enters no tidy table (it identifies a person) is told by the row's key.
    """
    found = synonyms(TABLES[table]).find(written)
    known = {written, found[0] if found else "", *REPLACED.get(written, ())}
    ours = [name for name in TABLES[table].column_names if name in known]
    return ours[0] if ours else TABLES[table].key[0]


@dataclass(frozen=True)
class Spoiled:
    """One class of dirt in one column of one table."""

    cleaned: Cleaned
    kind: str
    table: str
    column: str

    def fate(self, place: Place) -> str:
        """Return the outcome of the spoiled cell or row of a place."""
        rows = self.cleaned.at(self.table, place)
        treated = self.cleaned.treatments(place)
        if self.kind in PAIRS:
            return self._of_two(place, rows)
        if rows is None:
            return self._of_no_row(treated)
        if self.kind == "fuori_target":
            return "segnalate" if not rows["ammissibile_fami"].fillna(False).all() else SILENT
        if self.kind == "richiesta_inevasa":
            return "segnalate" if rows["esito"].isin(UNMET).all() else SILENT
        return self._of_cells(rows, treated)

    def _of_no_row(self, treated: frozenset[str]) -> str:
        for treatment, outcome in BY_TREATMENT.items():
            if treatment in treated:
                return outcome
        return "scartate" if self.kind == "riga_vuota" else SILENT

    def _of_two(self, place: Place, rows: pd.DataFrame | None) -> str:
        """A double is told when it is merged by its pseudonym or its pair is listed."""
        people = self.cleaned.table("impronte_persone")
        parts = people["fonte_file"].str.partition("#")
        own = people[(parts[0] == place[0]) & (parts[2] == place[1])]
        who = own.loc[own["fonte_riga"] == place[2], "destinatario_id"]
        pairs = self.cleaned.table("coppie_persone")
        if who.isin([*pairs["destinatario_a"], *pairs["destinatario_b"]]).any():
            return "segnalate"
        if self.kind == "gemelli":
            return "riparate" if rows is not None else SILENT  # two persons, and two they stay
        return (
            "scartate" if rows is None or people["destinatario_id"].isin(who).sum() > 1 else SILENT
        )

    def _of_cells(self, rows: pd.DataFrame, treated: frozenset[str]) -> str:
        key = KEYS.get(self.table, list(TABLES[self.table].key))
        truth = self.cleaned.truth[self.table]
        true_rows = truth[key].assign(_vero=truth[self.column])
        both = rows[key].assign(_pulito=rows[self.column]).merge(true_rows, on=key, how="left")
        made, true = both["_pulito"].astype("string"), both["_vero"].astype("string")
        same = (made == true).fillna(False) | (made.isna() & true.isna())
        if same.all():
            return "segnalate" if "avviso" in treated else "riparate"
        if made.isna().any():
            return "da_rivedere" if "revisione" in treated else "mancanti"
        return "segnalate" if treated else SILENT


def _told(line: dict[str, Any], outcome: str, found: int) -> dict[str, Any]:
    shown = min(found, line["piantate"])
    return {**line, "trovate": shown, outcome: shown}


def main() -> int:
    """Print the table; 1 if something was not found or changed in silence."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0)
    with tempfile.TemporaryDirectory() as place:
        table = count_dirt(clean_example(Path(place) / "esempio", parser.parse_args().scale))
    print(table.to_string(index=False))
    print(table.drop(columns="classe").sum().to_string())
    fine = table["trovate"].equals(table["piantate"]) and not table["in_silenzio"].any()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
