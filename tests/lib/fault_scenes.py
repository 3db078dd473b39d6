"""The commands that meet faults at their writes, each on a small study of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from bgest_analysis.cli.main import main
from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.runner import run_jobs
from bgest_analysis.errors import DONE, PROBLEMS_FOUND, WRONG_USAGE, machine_fault
from bgest_analysis.example.tables import make_tables
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.store import write_table
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job, make_study
from tests.lib.faults import Scene
from tests.lib.finished_run import FinishedRun, people_block
from tests.lib.studies import STUDY_TOML, write_study

PERSON = "a" * 20
COMPLETE = frozenset({DONE, WRONG_USAGE})  # a study that is there is not made again
DAY = ["--when", "2026-11-23"]


def first_run(folder: Path) -> Scene:
    """Five jobs: texts, a Parquet table, a folder of files, a document."""
    make_study(folder, a="uno", b="due")
    return Scene(folder, small_run)


def later_run(folder: Path) -> Scene:
    """The same after a complete run and a change in a raw file."""
    study = make_study(folder, a="uno", b="due")
    if small_run(folder):
        raise AssertionError
    (study.raw / "a.txt").write_text("tre", encoding="utf-8")
    return Scene(folder, small_run)


def small_run(folder: Path) -> int:
    study = Workspace(folder)
    try:
        result = run_jobs(study, _jobs(study), InlineBackend())
    except OSError as fault:  # as the command line does
        lacks = machine_fault(fault)
        if lacks is None:
            raise
        print(lacks)
        return lacks.exit_code
    for error in result.failed.values():
        print(error)
    return result.exit_code


def _jobs(study: Workspace) -> list[Job]:
    names = {"names": ["1.png", "2.png"]}
    table, figures = study.processed / "t.parquet", study.reports / "it/figure"
    document = study.reports / "it/dossier.docx"
    return [
        make_job(study, "p", reads=("a",), makes=(study.processed / "p.txt",)),
        make_job(study, "t", "write_parquet", makes=(table,)),
        make_job(study, "f", "fill_folder", makes=(), folders=(figures,), settings=names),
        make_job(study, "d", reads=("a", "b"), makes=(document,), step=Step.DOCUMENT),
    ]


def new_study(folder: Path) -> Scene:
    return Scene(folder, lambda study: main(["new", str(study)]), raw="", done=COMPLETE)


def tiny_world(folder: Path, world: object) -> None:
    """Write, in the place of the synthetic study, one file in each of its places."""
    for name in ("data/raw/x.csv", "studio/ambiti.csv", "study.toml", "truth.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")


def new_example(folder: Path) -> Scene:
    """The study in its place; with ``tiny_world``, for its own writing is all made aside."""
    return Scene(
        folder, lambda room: main(["example", str(room / "studio")]), raw="", done=COMPLETE
    )


def new_key(folder: Path) -> Scene:
    write_study(folder / "studio")

    def make(room: Path) -> int:
        os.environ["XDG_CONFIG_HOME"] = str(room / "mio")
        words = ["key", "--study", str(room / "studio")]
        made = main([*words, "--make"])
        return main(words) if made == WRONG_USAGE else made  # it was whole already

    return Scene(folder, make, raw="studio")


def check(folder: Path) -> Scene:
    """A table of the project with problems: its marked copy."""
    synthetic = STUDY_TOML.replace('origine = "progetto"', 'origine = "sintetica"')
    write_study(folder, toml=synthetic)
    place = folder / "data/raw/incontri"
    place.mkdir(parents=True)
    lines = "Incontro;Data;Livello\ni1;31/02/2021;Boh\ni2;01/03/2021;\n"
    (place / "incontri.csv").write_text(lines, encoding="utf-8")

    def again(room: Path) -> int:
        for copy in (room / "data/raw/incontri").glob("*.xlsx"):
            copy.unlink()  # each check gives its copy a number of its own
        words = ["--table", "incontri", "--study", str(room)]
        return main(["check", str(room / "data/raw/incontri/incontri.csv"), *words])

    return Scene(folder, again, raw="data/raw/incontri/incontri.csv",
                 done=frozenset({PROBLEMS_FOUND}))  # fmt: skip


def sample(folder: Path) -> Scene:
    """A list and two workbooks."""
    write_study(folder)
    log = make_tables(scale=0.05)["interventi"]
    table = Workspace(folder).processed / "tidy_interventi.parquet"
    write_table(table, log, Lineage(Origin.SINTETICA))
    words = ["sample", "--size", "20", "--coders", "A.B.", "C.D.", "--study"]
    return Scene(folder, lambda room: main([*words, str(room)]))


def publish(folder: Path) -> Scene:
    run = FinishedRun(write_study(folder))
    run.write_table([1230, 25, None])
    run.write(people_block())
    words = ["publish", "--first", "Anna", "--second", "Bruno", *DAY, "--study"]
    return Scene(folder, lambda room: main([*words, str(room)]))


def erase(folder: Path) -> Scene:
    """One person out of two files, and every table taken away."""
    study = write_study(folder)
    for number in (1, 2):
        file = f"data/raw/destinatari/elenco{number}.csv"
        path = study.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"nome;note\r\nAnna;x\r\nUgo;y\r\n")
        part = study.processed / f"fonti/destinatari/elenco{number}_csv/pulito.parquet"
        part.parent.mkdir(parents=True)
        columns = {"persona_id": [PERSON], "fonte_file": [file], "fonte_riga": [2]}
        pd.DataFrame(columns).to_parquet(part)
    study.reports.mkdir()
    (study.reports / "run.json").write_text('{"lavori": []}\n', encoding="utf-8")

    def again(room: Path) -> int:
        return main(["erase", PERSON, "--do", *DAY, "--study", str(room)])

    done = frozenset({DONE, PROBLEMS_FOUND, WRONG_USAGE})  # her rows are nowhere any more
    return Scene(folder, again, raw="", done=done, left="processed/fonti/")


def retain(folder: Path) -> Scene:
    """Two files kept too long."""
    study = write_study(folder, toml=f"{STUDY_TOML}\n[trattamento]\nconservazione_mesi = 12\n")
    for number in (1, 2):
        path = study.root / f"data/raw/destinatari/elenco{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("nome\n", encoding="utf-8")
        os.utime(path, (1_500_000_000, 1_500_000_000))
    return Scene(folder, lambda room: main(["retain", "--do", *DAY, "--study", str(room)]), raw="")


SCENES: Mapping[str, Callable[[Path], Scene]] = {
    "prima esecuzione": first_run,
    "esecuzione successiva": later_run,
    "new": new_study,
    "example": new_example,
    "key": new_key,
    "check": check,
    "sample": sample,
    "publish": publish,
    "erase": erase,
    "retain": retain,
}
