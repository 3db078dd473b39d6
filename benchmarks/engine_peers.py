"""The peers of the engine's benchmarks: a papermill and nbconvert loop, Snakemake, DVC.

Snakemake and DVC live in environments of their own, made here with the versions of the running
one for what they share.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

from engine_pairs import pairs

SHARED = ("papermill", "nbconvert", "ipykernel", "pandas", "matplotlib", "seaborn", "statsmodels")
SNAKEFILE = """
PAIRS = {pairs!r}
NAMES = [f"{{n:04}}-{{m}}-{{d}}" for n, (m, d) in enumerate(PAIRS)]

rule all:
    input: expand("out/{{name}}.html", name=NAMES)

rule notebook:
    input:
        nb=lambda w: f"notebooks/{{w.model}}.ipynb",
        data=lambda w: f"data/raw/{{w.district}}.csv",
    output:
        nb="out/{{number}}-{{model}}-{{district}}.ipynb",
        html="out/{{number}}-{{model}}-{{district}}.html",
    shell:
        "papermill --no-progress-bar -p distretto {{wildcards.district}} -p cartella data/raw "
        "{{input.nb}} {{output.nb}} && "
        "jupyter nbconvert --to html --log-level ERROR {{output.nb}}"
"""


def papermill_loop(work: Path, jobs: int) -> None:
    """Execute and convert one notebook after the other, in this process."""
    import papermill
    from nbconvert import HTMLExporter

    exporter = HTMLExporter()
    out = work / "out"
    out.mkdir(exist_ok=True)
    for number, (model, district) in enumerate(pairs(jobs)):
        base = out / f"{number:04}-{model}-{district}"
        nb = papermill.execute_notebook(
            work / "notebooks" / f"{model}.ipynb",
            base.with_suffix(".ipynb"),
            {"distretto": district, "cartella": "data/raw"},
            progress_bar=False,
            cwd=work,
        )
        body, _ = exporter.from_notebook_node(nb)
        base.with_suffix(".html").write_text(body, encoding="utf-8")


def write_snakefile(work: Path, jobs: int) -> None:
    """Write the same work as rules."""
    (work / "Snakefile").write_text(SNAKEFILE.format(pairs=pairs(jobs)), encoding="utf-8")


def write_dvc(work: Path, jobs: int) -> None:
    """Write the same work as DVC stages."""
    lines = ["stages:"]
    for number, (model, district) in enumerate(pairs(jobs)):
        base = f"out/{number:04}-{model}-{district}"
        lines += [
            f"  j{number:04}:",
            f"    cmd: papermill --no-progress-bar -p distretto {district} -p cartella data/raw "
            f"notebooks/{model}.ipynb {base}.ipynb && "
            f"jupyter nbconvert --to html --log-level ERROR {base}.ipynb",
            f"    deps: [notebooks/{model}.ipynb, data/raw/{district}.csv]",
            f"    outs: [{base}.ipynb, {base}.html]",
        ]
    (work / "dvc.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def peer_python(folder: Path, package: str) -> Path:
    """Return the interpreter of a peer's environment, made if it is not there."""
    home = folder / package
    python = home / "bin" / "python"
    if not (home / "fatto").is_file():
        venv.create(home, clear=True, with_pip=True)
        wanted = [f"{name}=={version(name)}" for name in SHARED]
        command = [str(python), "-m", "pip", "install", "--quiet", package, *wanted]
        subprocess.run(command, check=True, capture_output=True)
        (home / "fatto").touch()
    return python


def main() -> None:
    """Run the papermill loop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--jobs", type=int, required=True)
    options = parser.parse_args()
    papermill_loop(options.work, options.jobs)


if __name__ == "__main__":
    sys.exit(main())
