"""What the four outputs of one dossier cost after its notebooks: figures, page, Word, PDF, Excel.

Goal of the design: the four outputs under 2 s, figures drawn. Takes a study whose notebooks were
run; nothing of it is written. The best of the rounds counts, in seconds of clock and of processor
(on a busy machine only the second tells).

    python benchmarks/bench_documents.py STUDY [--area distretto] [--language it] [--rounds 3]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bgest_analysis.engine.dossiers import input_files, make_section, meta, title
from bgest_analysis.notebook.style import chart_style
from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.dossier import Colophon, Dossier
from bgest_analysis.report.excel import write_excel
from bgest_analysis.report.html.render import render_html
from bgest_analysis.report.pdf.render import render_pdf
from bgest_analysis.report.word.render import render_word
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import Message
from bgest_analysis.workspace import Workspace

GOAL = 2.0


def read_dossier(workspace: Workspace, area: str) -> Dossier:
    """Return the dossier of an area from its executed notebooks."""
    study = load_study(workspace)
    notebooks = sorted((workspace.reports / "notebooks" / area).glob("[0-9][0-9]_*.ipynb"))
    return Dossier(
        id=area,
        title=title(study, area),
        subtitle=Message("{testo}", {"testo": study.sottotitolo}),
        sections=tuple(make_section(path.stem, path, area) for path in notebooks),
        colophon=Colophon("misura", inputs=input_files(workspace)),
        meta=meta(workspace, study),
    )


def best(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the least seconds of clock and of processor that a piece of work took."""
    taken = []
    for _ in range(rounds):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    clocks, processors = zip(*taken, strict=True)
    return min(clocks), min(processors)


def main() -> int:
    """Print one line a step, then the sum of the four outputs against its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", type=Path)
    parser.add_argument("--area", default="distretto")
    parser.add_argument("--language", default="it")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    workspace = Workspace(options.study.resolve())
    dossier = read_dossier(workspace, options.area)
    language, style = options.language, chart_style(load_study(workspace))
    figures = render_figures(dossier.sections, language, style)
    tables = sum(block.grid is not None and block.chart is None for _, block in dossier.items())
    print(f"{options.area}, {language}: {tables} tables, {len(figures)} figures")
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "tabelle.xlsx"
        steps: dict[str, Callable[[], object]] = {
            "web page": lambda: render_html(dossier, language, figures),
            "Word": lambda: render_word(dossier, language, figures),
            "PDF": lambda: render_pdf(dossier, language, figures),
            "Excel": lambda: write_excel(dossier, language, book),
        }
        taken = {name: best(work, options.rounds) for name, work in steps.items()}
    taken["four outputs"] = (sum(t[0] for t in taken.values()), sum(t[1] for t in taken.values()))
    taken["figures, before them"] = best(
        lambda: render_figures(dossier.sections, language, style), 1
    )
    for name, (clock, processor) in taken.items():
        print(f"{name:22} {clock:6.2f} s   {processor:6.2f} s of processor")
    reached = taken["four outputs"][0] <= GOAL
    print(f"goal {GOAL:.0f} s for the four outputs: {'reached' if reached else 'missed'}")
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
