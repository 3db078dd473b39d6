from __future__ import annotations

import json
from pathlib import Path

import pytest

from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.events import Event, EventKind
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.lock import run_lock
from bgest_analysis.engine.manifest import FILE_NAME as MANIFEST
from bgest_analysis.engine.runner import RunResult, RunSettings, run_jobs
from bgest_analysis.errors import MachineLacks
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job, make_study


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    return make_study(tmp_path / "studio", a="uno", b="due")


def chain(study: Workspace) -> list[Job]:
    return [
        make_job(study, "indicatore", reads=("pulito", "altro")),
        make_job(study, "pulito", reads=("a",)),
        make_job(study, "altro", reads=("b",)),
    ]


def run(study: Workspace, jobs: list[Job]) -> RunResult:
    return run_jobs(study, jobs, InlineBackend())


def text(study: Workspace, name: str) -> str:
    return (study.processed / f"{name}.txt").read_text(encoding="utf-8")


def leftovers(study: Workspace) -> list[str]:
    names = [path.name for path in study.root.rglob("*")]
    return [name for name in names if name.endswith(".tmp") or "in_corso" in Path(name).stem]


def test_first_run_does_all_in_order(study: Workspace) -> None:
    result = run(study, chain(study))
    assert result.done == ("pulito", "altro", "indicatore")
    assert text(study, "indicatore") == "0:0:uno{}0:due{}{}"
    assert result.exit_code == 0


def test_second_run_does_nothing(study: Workspace) -> None:
    run(study, chain(study))
    result = run(study, chain(study))
    assert (result.done, sorted(result.current)) == ((), ["altro", "indicatore", "pulito"])


def test_one_changed_file_runs_its_dependants_only(study: Workspace) -> None:
    run(study, chain(study))
    (study.raw / "b.txt").write_text("tre", encoding="utf-8")
    assert run(study, chain(study)).done == ("altro", "indicatore")


def test_a_predecessor_that_makes_the_same_bytes_stops_the_wave(study: Workspace) -> None:
    jobs = [
        make_job(study, "fisso", "write_text", reads=("a",), settings={"text": "t"}),
        make_job(study, "dopo", reads=("fisso",)),
    ]
    run(study, jobs)
    (study.raw / "a.txt").write_text("cambiato", encoding="utf-8")
    result = run(study, jobs)
    assert (result.done, result.current) == (("fisso",), ("dopo",))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("refuse", "il file a.csv non va"),
        ("break_down", "errore del programma KeyError in engine_actions.py"),
        ("forget", "finito senza produrre data/processed/secondo.txt"),
        ("run_out_of_memory", "memoria esaurita"),
    ],
)
def test_a_failure_skips_dependants_and_the_others_go_on(
    study: Workspace, action: str, words: str
) -> None:
    makes = (study.processed / "rotto.txt", study.processed / "secondo.txt")
    jobs = [
        make_job(study, "rotto", action, reads=("a",), makes=makes),
        make_job(study, "dopo", reads=("rotto",)),
        make_job(study, "dopo_dopo", reads=("dopo",)),
        make_job(study, "altro", reads=("b",)),
    ]
    result = run(study, jobs)
    assert result.done == ("altro",)
    assert result.skipped == {"dopo": "rotto", "dopo_dopo": "rotto"}
    assert words in str(result.failed["rotto"])
    assert "Rossi" not in str(result.failed["rotto"])
    assert result.exit_code == 6
    assert not any(path.exists() for path in makes)
    assert leftovers(study) == ["in_corso.lock"]


def test_a_fault_keeps_its_place_for_debugging_but_no_value(study: Workspace) -> None:
    result = run(study, [make_job(study, "rotto", "break_down")])
    assert any("break_down" in frame for frame in result.frames["rotto"])
    assert "Rossi" not in json.dumps(result.frames)


def test_a_missing_file_fails_its_job(study: Workspace) -> None:
    job = make_job(study, "pulito", reads=("a",))
    (study.raw / "a.txt").unlink()
    result = run(study, [job])
    assert "manca data/raw/a.txt" in str(result.failed["pulito"])


def test_a_failed_job_is_tried_again(study: Workspace) -> None:
    run(study, [make_job(study, "x", "refuse")])
    assert run(study, [make_job(study, "x", "refuse")]).failed.keys() == {"x"}


def test_ctrl_c_keeps_what_is_done(study: Workspace) -> None:
    jobs = [
        make_job(study, "prima", reads=("a",)),
        make_job(study, "fermato", "interrupt"),
        make_job(study, "mai", reads=("b",)),
    ]
    result = run(study, jobs)
    assert (result.done, result.interrupted, result.exit_code) == (("prima",), True, 130)
    assert text(study, "prima") == "0:uno{}"
    assert not (study.processed / "fermato.txt").exists()
    assert not (study.reports / MANIFEST).exists()
    assert leftovers(study) == ["in_corso.lock"]
    again = run(study, [jobs[0], jobs[2]])
    assert (again.current, again.done) == (("prima",), ("mai",))


def test_two_runs_in_one_folder_are_refused(study: Workspace) -> None:
    with run_lock(study.state), pytest.raises(MachineLacks, match="già in corso"):
        run(study, chain(study))


def test_settings_are_part_of_the_key(study: Workspace) -> None:
    run(study, [make_job(study, "x", settings={"soglia": 5})])
    assert run(study, [make_job(study, "x", settings={"soglia": 5})]).done == ()
    assert run(study, [make_job(study, "x", settings={"soglia": 6})]).done == ("x",)


def test_events_tell_the_story(study: Workspace) -> None:
    told: list[Event] = []
    jobs = [make_job(study, "rotto", "refuse"), make_job(study, "dopo", reads=("rotto",))]
    jobs += [make_job(study, "buono", reads=("a",))]
    run_jobs(study, jobs, InlineBackend(), events=told.append)
    assert [(event.kind, event.job) for event in told] == [
        (EventKind.PLANNED, ""),
        (EventKind.STARTED, "rotto"),
        (EventKind.FAILED, "rotto"),
        (EventKind.SKIPPED, "dopo"),
        (EventKind.STARTED, "buono"),
        (EventKind.DONE, "buono"),
        (EventKind.FINISHED, ""),
    ]
    last = told[-1].progress
    assert (last.total, last.settled, last.done, last.failed, last.skipped) == (3, 3, 1, 1, 1)
    assert told[2].to_json()["messaggio"] == "il file a.csv non va"
    assert told[1].to_json()["messaggio"] == "mai eseguito"


def test_time_left_is_known_from_the_last_run(study: Workspace) -> None:
    run(study, chain(study))
    (study.raw / "a.txt").write_text("cambiato", encoding="utf-8")
    told: list[Event] = []
    run_jobs(study, chain(study), InlineBackend(), events=told.append)
    assert told[0].progress.seconds_left is not None


class TestWants:
    """A job that wants a file waits for it, and is done also without it."""

    def jobs(self, study: Workspace, action: str) -> list[Job]:
        wanted = study.processed / "forse.txt"
        return [
            make_job(study, "pagina", "list_wants", wants=(wanted,)),
            make_job(study, "forse", action, reads=("a",)),
            make_job(study, "dopo", reads=("pagina",)),
        ]

    def test_it_is_read_when_it_could_be_made(self, study: Workspace) -> None:
        assert run(study, self.jobs(study, "join")).done == ("forse", "pagina", "dopo")
        assert text(study, "pagina") == "forse.txt"

    def test_its_failure_stops_nobody(self, study: Workspace) -> None:
        result = run(study, self.jobs(study, "refuse"))
        assert (result.done, result.skipped) == (("pagina", "dopo"), {})
        assert text(study, "pagina") == ""

    def test_its_coming_makes_the_other_stale(self, study: Workspace) -> None:
        run(study, self.jobs(study, "refuse"))
        assert run(study, self.jobs(study, "join")).done == ("forse", "pagina", "dopo")
        assert run(study, self.jobs(study, "join")).done == ()


class TestFolders:
    """A folder whose files have names that only the job knows."""

    def run(self, study: Workspace, *names: str) -> RunResult:
        folder, settings = study.reports / "figure", {"names": list(names)}
        job = make_job(study, "f", "fill_folder", makes=(), folders=(folder,), settings=settings)
        return run(study, [job])

    def names(self, study: Workspace) -> list[str]:
        return sorted(path.name for path in (study.reports / "figure").iterdir())

    def test_every_file_is_an_output(self, study: Workspace) -> None:
        assert self.run(study, "a", "b").done == ("f",)
        assert self.names(study) == ["a", "b"]
        assert self.run(study, "a", "b").done == ()

    def test_a_missing_one_is_made_again(self, study: Workspace) -> None:
        self.run(study, "a", "b")
        (study.reports / "figure" / "b").unlink()
        assert self.run(study, "a", "b").done == ("f",)
        assert self.names(study) == ["a", "b"]

    def test_one_no_longer_made_goes_away(self, study: Workspace) -> None:
        self.run(study, "a", "b")
        self.run(study, "a")
        assert self.names(study) == ["a"]


class TestEditedDocuments:
    def document(self, study: Workspace, text: str) -> list[Job]:
        path = study.reports / "it" / "dossier.docx"
        step, settings = Step.DOCUMENT, {"text": text}
        return [make_job(study, "d", "write_text", makes=(path,), step=step, settings=settings)]

    def names(self, study: Workspace) -> dict[str, str]:
        folder = study.reports / "it"
        return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}

    def test_an_edited_document_is_left_alone(self, study: Workspace) -> None:
        run(study, self.document(study, "v1"))
        (study.reports / "it" / "dossier.docx").write_text("a mano", encoding="utf-8")
        run(study, self.document(study, "v2"))
        assert self.names(study) == {"dossier.docx": "a mano", "dossier-2.docx": "v2"}
        assert run(study, self.document(study, "v2")).done == ()
        run(study, self.document(study, "v3"))
        assert self.names(study) == {"dossier.docx": "a mano", "dossier-2.docx": "v3"}

    def test_both_edited(self, study: Workspace) -> None:
        run(study, self.document(study, "v1"))
        for name in ("dossier.docx", "dossier-2.docx"):
            (study.reports / "it" / name).write_text("a mano", encoding="utf-8")
        run(study, self.document(study, "v2"))
        assert self.names(study)["dossier-3.docx"] == "v2"

    def test_the_plain_name_is_used_again_when_it_is_free(self, study: Workspace) -> None:
        run(study, self.document(study, "v1"))
        (study.reports / "it" / "dossier.docx").write_text("a mano", encoding="utf-8")
        run(study, self.document(study, "v2"))
        (study.reports / "it" / "dossier.docx").unlink()
        run(study, self.document(study, "v3"))
        assert self.names(study) == {"dossier.docx": "v3"}

    def test_losing_the_state_does_not_make_our_files_strangers(self, study: Workspace) -> None:
        run(study, self.document(study, "v1"))
        (study.state / "lavori.jsonl").unlink()
        run(study, self.document(study, "v2"))
        assert self.names(study) == {"dossier.docx": "v2"}

    def test_a_file_that_no_run_made_is_left_alone(self, study: Workspace) -> None:
        path = study.reports / "it" / "dossier.docx"
        path.parent.mkdir(parents=True)
        path.write_text("di qualcun altro", encoding="utf-8")
        told: list[Event] = []
        run_jobs(study, self.document(study, "v1"), InlineBackend(), events=told.append)
        assert self.names(study) == {"dossier.docx": "di qualcun altro", "dossier-2.docx": "v1"}
        assert "resta com'è" in [str(e.to_json()["messaggio"]) for e in told][-2]

    def test_a_table_is_no_document(self, study: Workspace) -> None:
        job = make_job(study, "t", "write_text", settings={"text": "v1"})
        run(study, [job])
        (study.processed / "t.txt").write_text("a mano", encoding="utf-8")
        assert run(study, [job]).done == ("t",)
        assert text(study, "t") == "v1"


class TestManifest:
    def manifest(self, study: Workspace) -> dict[str, object]:
        found: dict[str, object] = json.loads(
            (study.reports / MANIFEST).read_text(encoding="utf-8")
        )
        return found

    def test_it_holds_inputs_outputs_and_jobs(self, study: Workspace) -> None:
        run_jobs(study, chain(study), InlineBackend(), RunSettings(parameters={"ambito": "BSE"}))
        found = self.manifest(study)
        assert found["parametri"] == {"ambito": "BSE"}
        assert [item["file"] for item in found["ingressi"]] == ["data/raw/a.txt", "data/raw/b.txt"]
        assert [item["file"] for item in found["uscite"]] == [
            f"data/processed/{name}.txt" for name in ("altro", "indicatore", "pulito")
        ]
        assert [(job["id"], job["stato"]) for job in found["lavori"]] == [
            ("indicatore", "fatto"), ("pulito", "fatto"), ("altro", "fatto"),
        ]  # fmt: skip
        assert found["macchina"]["blas"]
        assert found["versioni"]["pandas"].startswith("3.")
        assert str(study.root) not in json.dumps(found)

    def test_the_same_study_elsewhere_gives_the_same_bytes(self, tmp_path: Path) -> None:
        texts = set()
        for name in ("uno", "un altro posto è"):
            study = make_study(tmp_path / name, a="uno", b="due")
            run(study, chain(study))
            texts.add((study.reports / MANIFEST).read_bytes())
        assert len(texts) == 1

    def test_a_run_with_nothing_to_do_leaves_it(self, study: Workspace) -> None:
        run(study, chain(study))
        before = (study.reports / MANIFEST).stat().st_mtime_ns
        run(study, chain(study))
        assert (study.reports / MANIFEST).stat().st_mtime_ns == before

    def test_it_is_gone_while_the_run_is_not_at_its_end(self, study: Workspace) -> None:
        run(study, chain(study))
        (study.raw / "a.txt").write_text("cambiato", encoding="utf-8")
        run(study, [*chain(study), make_job(study, "fermato", "interrupt")])
        assert not (study.reports / MANIFEST).exists()

    def test_failures_are_in_it(self, study: Workspace) -> None:
        run(study, [make_job(study, "x", "refuse"), make_job(study, "y", reads=("x",))])
        jobs = self.manifest(study)["lavori"]
        assert [(job["id"], job["stato"], job["chiave"]) for job in jobs] == [
            ("x", "fallito", None), ("y", "saltato", None),
        ]  # fmt: skip
