"""``bgest sample`` on the synthetic study: drawn, coded by two, read back, and in the tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from bgest_analysis.clean.coding_round import KEY
from bgest_analysis.clean.sources import clean_source
from bgest_analysis.cli.main import main
from bgest_analysis.errors import DONE, PROBLEMS_FOUND, WRONG_USAGE
from bgest_analysis.example.tables import make_tables
from bgest_analysis.example.write import write_example
from bgest_analysis.indicators.codifica import compute_accordo, compute_quote
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.schema.codes import list_codes
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.store import write_table
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace
from tests.lib.studies import write_study

SCALE, CASES, FEW = 0.1, 60, 4
DRAW = ["sample", "--size", str(CASES), "--coders", "A.B.", "C.D."]
Codes = Mapping[str, str]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a synthetic study with its log cleaned."""
    folder = tmp_path_factory.mktemp("campione") / "studio"
    write_example(folder, SCALE)
    [own] = (folder / "data/raw/doppia_codifica").iterdir()
    own.unlink()  # here the sample is coded anew
    log = make_tables(scale=SCALE)["interventi"]
    write_table(Workspace(folder).processed / "tidy_interventi.parquet", log,
                Lineage(Origin.SINTETICA))  # fmt: skip
    return folder


@pytest.fixture
def study(example: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the study as the current folder, with a sample just drawn."""
    monkeypatch.chdir(example)
    for path in (example / "data" / "campione").glob("*"):
        path.unlink()
    assert main(DRAW) == DONE
    return example


def fill(path: Path, phases: Sequence[str], orientations: Sequence[str]) -> None:
    """Fill a workbook as a person would, from the drop-downs."""
    book = openpyxl.load_workbook(path)
    page = book["Codifica"]
    titles = {c.codice: c.titolo_it for v in ("fase", "orientamento") for c in list_codes(v)}
    for row, codes in enumerate(zip(phases, orientations, strict=True), start=2):
        for column, code in enumerate(codes, start=2):
            page.cell(row, column).value = titles.get(code)
    book.save(path)


def answers() -> tuple[list[str], list[str]]:
    """Return phases and orientations of the two coders: the first knows, the second errs."""
    phases = [code.codice for code in list_codes("fase")]
    first = [phases[case % len(phases)] for case in range(CASES)]
    second = [phases[0] if case % 10 == 3 else code for case, code in enumerate(first)]
    return first, second


def code_both(study: Path) -> tuple[Path, Path]:
    books = (study / "data/campione/codifica_AB.xlsx", study / "data/campione/codifica_CD.xlsx")
    for book, phases in zip(books, answers(), strict=True):
        fill(book, phases, ["attivazione"] * (CASES - 1) + ["assistenza"])
    return books


def read(study: Path, *more: str) -> list[str]:
    books = [str(study / "data/campione" / f"codifica_{who}.xlsx") for who in ("AB", "CD")]
    return ["sample", "--read", *books, "--when", "2026-11-23", *more]


def test_the_same_log_and_seed_give_the_same_bytes(study: Path) -> None:
    first = {p.name: p.read_bytes() for p in (study / "data/campione").iterdir()}
    assert main(DRAW) == DONE
    assert {p.name: p.read_bytes() for p in (study / "data/campione").iterdir()} == first
    assert len(first) == 3


def test_a_filled_workbook_is_never_overwritten(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = code_both(study)
    before = [book.read_bytes() for book in books]
    assert main(DRAW) == DONE  # the same sample: nothing is lost
    assert main([*DRAW, "--seed", "5"]) == WRONG_USAGE
    assert "codifica_AB.xlsx è già compilato" in capsys.readouterr().err
    assert [book.read_bytes() for book in books] == before


def test_two_coders_read_back_and_their_codes_enter_the_log(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code_both(study)
    capsys.readouterr()
    assert main(read(study, "--json")) == DONE
    answer = json.loads(capsys.readouterr().out)
    phase, orientation = answer["accordo"]
    first, second = answers()
    agreed = [a == b for a, b in zip(first, second, strict=True)]
    assert phase["concordi"]["valore"] == pytest.approx(sum(agreed) / CASES)
    assert phase["kappa"]["low"] < phase["kappa"]["value"] < phase["kappa"]["high"]
    assert orientation["kappa"]["value"] == 1
    assert answer["casi_in_disaccordo"] == agreed.count(False)
    assert 0 < answer["errore_regola"]["basso"] < answer["errore_regola"]["alto"] < 1
    assert sum(r["quota"] for r in answer["quote"] if r["variabile"] == "fase") == pytest.approx(1)
    assert answer["ricodifiche"] > 0
    assert_in_tables(study)


def assert_in_tables(study: Path) -> None:
    """Clean the study's own files: every agreed code is in the log, marked as recoded."""
    workspace, settings = Workspace(study), load_study(Workspace(study))
    cleaned = {
        table: pd.concat(
            [
                clean_source(workspace, settings, fonte, example_key()).table
                for fonte in settings.fonti
                if fonte.tabella == table
            ]
        ).set_index("intervento_id", drop=False)
        for table in ("interventi", "doppia_codifica")
    }
    log, coded = cleaned["interventi"], cleaned["doppia_codifica"]
    lines = pd.read_csv(study / "data/raw/correzioni/personali/ricodifiche.csv")
    here = lines[lines["codice"].isin(log.index)]
    assert len(here) > FEW
    for line in here.itertuples():
        assert log.loc[line.codice, line.colonna] == line.nuovo_valore
        assert log.loc[line.codice, f"{line.colonna}_origine"] == "ricodificata"
    assert (log["fase_origine"] == "ricodificata").sum() == (here["colonna"] == "fase").sum()
    sample = pd.read_csv(study / "data/campione" / KEY).set_index("campione_id")["intervento_id"]
    assert coded.loc[sample["C0001"], "fase_1"] == answers()[0][0]
    frames = {"tidy_interventi": log, "tidy_doppia_codifica": coded}
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    agreement = compute_accordo(frames, settings).set_index("variabile")
    assert agreement.loc["fase", "kappa_basso"] < agreement.loc["fase", "kappa"]
    assert compute_quote(frames, settings)["casi"].sum() > FEW


def test_a_third_person_decides_the_disputes(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code_both(study)
    assert main(read(study)) == DONE
    disputed = study / "data/campione/disaccordi.xlsx"
    cases = openpyxl.load_workbook(disputed)["Codifica"].max_row - 1
    assert cases == sum(a != b for a, b in zip(*answers(), strict=True))
    fill(disputed, ["verifica"] * cases, ["attivazione"] * cases)
    capsys.readouterr()
    assert main(read(study, "--third", str(disputed), "--json")) == DONE
    assert json.loads(capsys.readouterr().out)["casi_in_disaccordo"] == 0


def test_one_coder_is_not_two(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, _ = code_both(study)
    assert main(["sample", "--read", str(first), str(first)]) == WRONG_USAGE
    fill(study / "data/campione/codifica_CD.xlsx", [""] * CASES, [""] * CASES)
    assert main(read(study)) == PROBLEMS_FOUND
    assert "codifica_CD.xlsx: nessun caso è codificato" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sample", "--size", "100000"], "--size"),
        (["sample", "--coders", "A.B.", "AB"], "due sigle diverse"),
        (["sample", "--coders", "Mario Rossi", "AB"], "due sigle diverse"),
        (["sample", "--third", "x.xlsx"], "--read"),
    ],
)
def test_a_wrong_use_says_the_remedy(
    study: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == WRONG_USAGE
    assert said in capsys.readouterr().err


def test_without_a_log_the_remedy_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_study(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["sample"]) == PROBLEMS_FOUND
    assert "bgest run" in capsys.readouterr().err


def test_interventions_coded_in_another_file_are_refused(study, capsys):
    books = code_both(study)
    drawn = pd.read_csv(study / "data/campione" / KEY, dtype=str)["intervento_id"]
    known = pd.DataFrame(
        {"intervento_id": drawn[:2], "fonte_file": "data/raw/doppia_codifica/a.xlsx"}
    )
    coded = study / "data/raw/doppia_codifica"
    before = {p: p.read_bytes() for p in coded.glob("*")}
    path = Workspace(study).processed / "tidy_doppia_codifica.parquet"
    write_table(path, known, Lineage(Origin.SINTETICA))
    try:
        assert main(["sample", "--read", *map(str, books)]) == WRONG_USAGE
    finally:
        path.unlink()
    said = capsys.readouterr().err
    assert "2 interventi" in said
    assert "data/raw/doppia_codifica/a.xlsx" in said
    assert {p: p.read_bytes() for p in coded.glob("*")} == before
