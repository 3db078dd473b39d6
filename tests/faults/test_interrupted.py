"""A command that could not end can be repeated: nothing half made is taken for whole."""

import errno
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bgest_analysis.cli import new
from bgest_analysis.cli.main import main
from bgest_analysis.engine import perform, staging
from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.events import Event, EventKind
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.manifest import FILE_NAME as MANIFEST
from bgest_analysis.engine.manifest import known_outputs
from bgest_analysis.engine.quick import FILE_NAME as QUICK
from bgest_analysis.engine.quick import nothing_to_do
from bgest_analysis.engine.runner import run_jobs
from bgest_analysis.errors import MACHINE_LACKS, PRIVACY_GATE, UsageError, machine_fault
from bgest_analysis.example import write
from bgest_analysis.privacy import pseudonyms
from bgest_analysis.schema.model import Origin
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job, make_study

SMALL = 0.05  # scale of the synthetic study


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    return make_study(tmp_path / "studio", a="uno", b="due")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def room_for(size: int) -> None:
    resource = importlib.import_module("resource")  # POSIX only
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.skipif(os.name != "posix", reason="a limit on file sizes is set through POSIX")
@pytest.mark.parametrize("size", [0, 700, 3000])
def test_new_without_room_says_so_and_can_be_repeated(tmp_path, size):
    folder = tmp_path / "studio"
    command = [sys.executable, "-m", "bgest_analysis", "new", str(folder)]
    ended = subprocess.run(
        command, preexec_fn=lambda: room_for(size), capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (MACHINE_LACKS, "")
    assert "fare spazio e ripetere" in ended.stderr
    assert "Traceback" not in ended.stderr

    assert main(["new", str(folder)]) == 0
    assert load_study(Workspace.find(folder)).id == "studio"
    assert not [name for name in contents(folder) if name.endswith(".tmp")]


@pytest.mark.parametrize("code", ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"])
def test_what_the_machine_refuses_is_told_with_a_remedy(tmp_path, monkeypatch, capsys, code):
    def refuse(path: Path, table: object) -> None:
        raise OSError(getattr(errno, code), os.strerror(getattr(errno, code)), str(path))

    monkeypatch.setattr(new, "write_template", refuse)
    assert main(["new", str(tmp_path / "studio")]) == MACHINE_LACKS
    told = capsys.readouterr().err
    assert "ripetere il comando" in told
    assert ".xlsx" in told
    assert str(tmp_path) not in told


def test_another_fault_of_the_system_stays_a_fault_of_ours():
    assert machine_fault(OSError(errno.EISDIR, "is a directory", "x")) is None


def test_a_job_without_room_says_so(study, monkeypatch):
    def refuse(name: str) -> object:
        raise OSError(errno.ENOSPC, "no room", "tabella.parquet")

    monkeypatch.setattr(perform, "resolve_action", refuse)
    result = run_jobs(study, [make_job(study, "pulito", reads=("a",))], InlineBackend())
    assert "tabella.parquet" in str(result.failed["pulito"])
    assert "fare spazio" in str(result.failed["pulito"])

    monkeypatch.undo()
    assert (
        run_jobs(study, [make_job(study, "pulito", reads=("a",))], InlineBackend()).exit_code == 0
    )


def test_an_example_that_was_interrupted_is_not_taken_for_whole(tmp_path, monkeypatch):
    undisturbed = tmp_path / "intero"
    write.write_example(undisturbed, SMALL)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "esempio"
    with monkeypatch.context() as patch:
        patch.setattr(write, "write_admin", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write.write_example(folder, SMALL)
    assert not folder.exists()

    write.write_example(folder, SMALL)
    assert contents(folder) == contents(undisturbed)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["esempio", "intero"]


def test_an_example_goes_into_an_empty_folder_that_is_there(tmp_path):
    (tmp_path / "vuota").mkdir()
    write.write_example(tmp_path / "vuota", SMALL)
    assert load_study(Workspace.find(tmp_path / "vuota")).id
    with pytest.raises(UsageError):
        write.write_example(tmp_path / "vuota", SMALL)


def test_an_example_killed_while_it_was_moved_in_place_is_completed(tmp_path):
    undisturbed, folder = tmp_path / "intero", tmp_path / "esempio"
    write.write_example(undisturbed, SMALL)
    shutil.copytree(undisturbed / "data", folder / "data")
    write.write_example(folder, SMALL)
    assert contents(folder) == contents(undisturbed)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["esempio", "intero"]


def test_an_example_never_takes_the_place_of_somebody_s_files(tmp_path):
    own = tmp_path / "mio" / "data" / "raw" / "registro.csv"
    own.parent.mkdir(parents=True)
    own.write_text("mio", encoding="utf-8")
    with pytest.raises(UsageError, match="non è vuota"):
        write.write_example(tmp_path / "mio", SMALL)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [own]
    assert own.read_text(encoding="utf-8") == "mio"
    assert [path.name for path in tmp_path.iterdir()] == ["mio"]


def test_a_key_that_could_not_be_written_can_be_made_again(tmp_path, monkeypatch):
    path, root = tmp_path / "chiavi" / "prova.chiave", tmp_path / "studio"

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pseudonyms.os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            pseudonyms.make_key(path, root)
    assert not path.exists()
    made = pseudonyms.make_key(path, root)
    assert pseudonyms.load_key(path, root, Origin.PROGETTO) == made


@pytest.mark.parametrize("text", ["", "{}", '{"versione": 1, "id": "x"'])
def test_a_damaged_key_is_not_called_a_key(tmp_path, monkeypatch, capsys, text):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "mio"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "mio"))
    folder = tmp_path / "studio"
    assert main(["new", str(folder)]) == 0
    assert main(["key", "--make", "--study", str(folder)]) == 0
    assert main(["key", "--study", str(folder)]) == 0
    (path,) = (tmp_path / "mio").rglob("*.chiave")
    path.write_text(text, encoding="ascii")
    capsys.readouterr()
    assert main(["key", "--study", str(folder)]) == PRIVACY_GATE
    assert "è danneggiata" in capsys.readouterr().err


def test_half_files_of_killed_commands_are_swept_others_stay(study):
    left = [
        "reports/timings.json.99999.tmp",
        "data/raw/.log.xlsx.3.tmp",
    ]
    left = [f"{study.relative(study.state)}/rapido.json.7.tmp", *left]
    left += ["data/processed/ind_x.parquet.tmp", "reports/tabelle.xlsx.tmp"]
    own = ["data/raw/appunti.tmp", "reports/mio.tmp"]
    for name in left + own:
        path = study.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    run_jobs(study, [make_job(study, "pulito", reads=("a",))], InlineBackend())
    found = {name for name in contents(study.root) if name.endswith(".tmp")}
    assert found == set(own)


@pytest.mark.parametrize(
    "text", ['{"uscite": [1]}', '{"uscite": 3}', '{"uscite": [{}]}', "[]", '{"uscite"', ""]
)
def test_a_damaged_manifest_is_made_anew(study, text):
    jobs = [make_job(study, "pulito", reads=("a",))]
    run_jobs(study, jobs, InlineBackend())
    whole = (study.reports / MANIFEST).read_bytes()
    (study.reports / MANIFEST).write_text(text, encoding="utf-8")
    assert isinstance(known_outputs(study), frozenset)
    assert run_jobs(study, jobs, InlineBackend()).exit_code == 0
    made, before = json.loads((study.reports / MANIFEST).read_bytes()), json.loads(whole)
    assert made["uscite"] == before["uscite"]


@pytest.mark.parametrize("missing", ["file", "cartelle", "intorno", "chiusura"])
def test_a_memory_of_the_last_run_that_lacks_something_is_not_believed(study, missing):
    data = {"versione": 1, "argomenti": ["run"], "file": {}, "cartelle": [], "intorno": []}
    data["chiusura"] = "fatto"
    del data[missing]
    study.state.mkdir(parents=True, exist_ok=True)
    (study.state / QUICK).write_text(json.dumps(data), encoding="utf-8")
    assert nothing_to_do(study, ["run"]) is None


class TestHeldOpen:
    """Word or Excel holds a document open: on Windows it cannot be replaced."""

    def jobs(self, study: Workspace, text: str, step: Step = Step.DOCUMENT) -> list[Job]:
        path = study.reports / "it" / "dossier.docx"
        settings = {"text": text}
        return [make_job(study, "d", "write_text", makes=(path,), step=step, settings=settings)]

    def names(self, study: Workspace) -> dict[str, str]:
        folder = study.reports / "it"
        return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}

    @pytest.fixture
    def held(self, monkeypatch):
        """Refuse to replace the files named."""
        names: set[str] = set()
        replace = os.replace

        def refuse(source: Path, target: Path) -> None:
            if Path(target).name in names:
                raise PermissionError(errno.EACCES, "held", str(target))
            replace(source, target)

        monkeypatch.setattr(staging.os, "replace", refuse)
        return names

    def test_a_document_gets_a_number_and_the_run_says_which(self, study, held):
        run_jobs(study, self.jobs(study, "v1"), InlineBackend())
        held.add("dossier.docx")
        told: list[Event] = []
        result = run_jobs(study, self.jobs(study, "v2"), InlineBackend(), events=told.append)
        assert result.exit_code == 0
        assert self.names(study) == {"dossier.docx": "v1", "dossier-2.docx": "v2"}
        (note,) = [event for event in told if event.kind is EventKind.NOTE]
        assert "reports/it/dossier.docx" in note.message.render("it")
        assert "dossier-2.docx; chiudere il file" in note.message.render("it")

    def test_once_closed_the_next_version_takes_its_name_back(self, study, held):
        run_jobs(study, self.jobs(study, "v1"), InlineBackend())
        held.add("dossier.docx")
        run_jobs(study, self.jobs(study, "v2"), InlineBackend())
        held.clear()
        run_jobs(study, self.jobs(study, "v3"), InlineBackend())
        assert self.names(study) == {"dossier.docx": "v3"}

    def test_an_edited_document_is_still_never_overwritten(self, study, held):
        run_jobs(study, self.jobs(study, "v1"), InlineBackend())
        (study.reports / "it" / "dossier.docx").write_text("a mano", encoding="utf-8")
        held.add("dossier-2.docx")
        run_jobs(study, self.jobs(study, "v2"), InlineBackend())
        assert self.names(study) == {"dossier.docx": "a mano", "dossier-3.docx": "v2"}

    def test_a_table_held_open_ends_the_run_with_a_remedy(self, study, held):
        held.add("dossier.docx")
        with pytest.raises(PermissionError) as raised:
            run_jobs(study, self.jobs(study, "v1", Step.TIDY), InlineBackend())
        assert "chiuderlo" in str(machine_fault(raised.value))
        held.clear()
        assert run_jobs(study, self.jobs(study, "v1", Step.TIDY), InlineBackend()).exit_code == 0
