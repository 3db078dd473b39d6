"""What it costs to take in the files of the project, against the bare readers.

Two goals of the design: a workbook of 50,000 x 20 cells to strings, with the checks on formulas
and size, the start of the child process apart, within 2.5 times calamine's bare reading; a text
file of 1,000,000 interventions to a typed frame and problems within 6 times the bare
``pandas.read_csv(engine="pyarrow")``, at most 2 GB of memory. Both sides take turns in one run;
the best of the rounds counts.

    python benchmarks/bench_intake.py [--rounds 3] [--scale 1.0] [workbook] [text]
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import python_calamine

from bgest_analysis.clean.project.model import CleanContext
from bgest_analysis.clean.project.tidy import clean_project
from bgest_analysis.clean.project.vocabularies import study_vocabularies
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.read.child import read_in_child
from bgest_analysis.read.grid import grid_of
from bgest_analysis.read.project import read_project_file
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace

WORKBOOK_ROWS, TEXT_ROWS = 50_000, 1_000_000
ROOT = Path(__file__).resolve().parents[1]
PIECE = 50_000
WORKBOOK_GOAL, TEXT_GOAL, MEMORY_GOAL = 2.5, 6.0, 2_000
CHOICES: dict[str, tuple[str, ...]] = {
    "Ore frontali": ("1,5", "1:30", "90'", "2", "0,75", "1h15", "mezz'ora", "n.d."),
    "Ore viaggio": ("0,5", "0", "", "30'"),
    "Ente": ("A", "B"),
    "Ambito": ("ES1", "ES2", "Esempio 3"),
    "Lingua": ("Arabo", "Urdu", "Bengalese", "Cinese mandarino", "Djoula"),
    "Tipo di servizio richiedente": ("scuola primaria", "consultorio", "tutela minori"),
    "Modalità di attivazione": ("programmata", "urgente", "a chiamata"),
    "Canale": ("presenza", "telefono"),
    "Tipologia": ("linguistica", "traduzione"),
    "Fase": ("", "lettura", "attuazione"),
    "Utenza": ("individuale", "gruppo"),
    "Esito": ("concluso", "non_coperto", "Utente assente"),
    "Azione": ("01", "02"),
    "Fondo": ("labimpact", "comunale"),
    "Autonomia nel caso": ("0", "1", "2", "3", ""),
}


def make_log(rows: int, first: int = 0) -> pd.DataFrame:
    """Return a log of interventions as a cooperative writes it, 20 columns."""
    draw = np.random.default_rng([20190101, first])
    days = pd.date_range("2019-01-01", "2023-12-31").strftime("%d/%m/%Y").to_numpy()
    log = {
        "Intervento": [f"INT{number:07d}" for number in range(first, first + rows)],
        "Data della richiesta": draw.choice(days, rows),
        "Data": draw.choice(days, rows),
        "Mediatore": [f"M{number:02d}" for number in draw.integers(0, 60, rows)],
        "Partecipanti": draw.integers(1, 13, rows),
        **{name: draw.choice(np.array(values), rows) for name, values in CHOICES.items()},
    }
    return pd.DataFrame(log)


def write_workbook(path: Path, rows: int) -> None:
    """Write the log as a workbook whose dates and numbers are typed."""
    log = make_log(rows)
    log["Data"] = pd.to_datetime(log["Data"], format="%d/%m/%Y")
    log["Partecipanti"] = log["Partecipanti"].astype(float)
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Interventi")
    page.append(list(log))
    for row in log.itertuples(index=False):
        page.append(list(row))
    book.save(path)


def write_text(path: Path, rows: int) -> None:
    """Write the log as a text file, piece by piece so that memory shows the reading only."""
    for first in range(0, rows, PIECE):
        piece = make_log(min(PIECE, rows - first), first)
        piece.to_csv(path, sep=";", index=False, mode="a", header=first == 0)


def best(rounds: int, *sides: Callable[[], Any]) -> list[float]:
    """Return the best wall time of each side; the sides take turns."""
    times = [[] for _ in sides]
    for _ in range(rounds):
        for side, found in zip(sides, times, strict=True):
            gc.collect()
            start = time.perf_counter()
            side()
            found.append(time.perf_counter() - start)
    return [min(found) for found in times]


def peak_megabytes() -> float:
    """Return the highest memory of this process so far (POSIX; NaN elsewhere)."""
    if sys.platform == "win32":
        return float("nan")
    import resource  # the module exists on POSIX only

    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def bench_workbook(folder: Path, rounds: int, scale: float) -> dict[str, Any]:
    """Compare reading a workbook in the child process with calamine alone."""
    path, small = folder / "log.xlsx", folder / "piccolo.xlsx"
    rows = int(WORKBOOK_ROWS * scale)
    write_workbook(path, rows)
    write_workbook(small, 1)

    def bare() -> None:
        book = python_calamine.CalamineWorkbook.from_path(path)
        book.get_sheet_by_index(0).to_python()

    def ours() -> None:
        for sheet in read_in_child(path, path.name):
            grid_of(sheet)

    bare_time, our_time, start = best(rounds, bare, ours, lambda: read_in_child(small, small.name))
    return {
        "cosa": f"xlsx {rows} x 20 -> testi, con i controlli",
        "nudo_s": bare_time,
        "nostro_s": our_time - start,
        "avvio_del_figlio_s": start,
        "rapporto": (our_time - start) / bare_time,
        "obiettivo": WORKBOOK_GOAL,
    }


def _context() -> CleanContext:
    """Return the shipped synthetic study's context, with its published key."""
    study = load_study(Workspace(ROOT / "example"))
    vocabularies = study_vocabularies(study)
    return CleanContext(study=study, vocabularies=vocabularies, key=example_key())


def bench_text(folder: Path, rounds: int, scale: float) -> dict[str, Any]:
    """Compare taking in a text file with pandas' bare reading of it."""
    path = folder / "log.csv"
    rows = int(TEXT_ROWS * scale)
    write_text(path, rows)
    gc.collect()
    before = peak_megabytes()
    table, context = TABLES["interventi"], _context()

    def bare() -> None:
        pd.read_csv(path, sep=";", engine="pyarrow")

    def ours() -> None:
        [raw] = read_project_file(path, table)
        if clean_project(raw, table, context).accounting.rows_in != rows:
            raise SystemExit("rows were lost")

    bare_time, our_time = best(rounds, bare, ours)
    return {
        "cosa": f"csv {rows} interventi -> tabella tipata e problemi",
        "nudo_s": bare_time,
        "nostro_s": our_time,
        "rapporto": our_time / bare_time,
        "obiettivo": TEXT_GOAL,
        "memoria_prima_mb": before,
        "memoria_massima_mb": peak_megabytes(),
        "obiettivo_memoria_mb": MEMORY_GOAL,
    }


BENCHES = {"workbook": bench_workbook, "text": bench_text}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", metavar="|".join(BENCHES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.which or BENCHES:
            found = BENCHES[name](Path(folder), arguments.rounds, arguments.scale)
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
