"""Files kept too long are listed, and deleted only when asked, each with its line."""

from __future__ import annotations

import csv
import datetime as dt
import os

import pytest

from bgest_analysis.cli.main import main
from bgest_analysis.errors import StudyError, UsageError
from bgest_analysis.publish.retention import expired_files, months_before
from bgest_analysis.study.load import load_study
from tests.lib.studies import STUDY_TOML, write_study

TODAY = dt.date(2026, 11, 23)


def study_with(folder, months="24", **files):
    toml = STUDY_TOML + f"\n[trattamento]\nconservazione_mesi = {months}\n"
    workspace = write_study(folder, toml=toml)
    for name, day in {
        "destinatari/vecchio.xlsx": dt.date(2024, 11, 22),
        "destinatari/giusto.xlsx": dt.date(2024, 11, 23),
        "interventi/archivio/vecchissimo.pdf": dt.date(2019, 1, 1),
        "territorio/istat.csv": dt.date(2019, 1, 1),
        "popolazione/istat.csv": dt.date(2019, 1, 1),
    }.items():
        path = workspace.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
        noon = dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC).timestamp()
        os.utime(path, (noon, noon))
    return workspace


OLD = ["data/raw/destinatari/vecchio.xlsx", "data/raw/interventi/archivio/vecchissimo.pdf"]


def test_only_old_project_files_expire(tmp_path):
    workspace = study_with(tmp_path)
    found = expired_files(workspace, load_study(workspace), TODAY)
    assert [item.file for item in found] == OLD
    assert found[0].changed == "2024-11-22"


def test_the_command_lists_and_only_with_do_deletes(tmp_path, capsys):
    workspace = study_with(tmp_path)
    where = ["--study", str(tmp_path), "--when", "2026-11-23"]
    assert main(["retain", *where]) == 0
    assert "nessuno toccato" in capsys.readouterr().out
    assert all((tmp_path / name).is_file() for name in OLD)
    assert not (tmp_path / "data/registro_conservazione.csv").exists()
    assert main(["retain", *where, "--do"]) == 0
    assert not any((tmp_path / name).exists() for name in OLD)
    assert (workspace.raw / "destinatari/giusto.xlsx").is_file()
    with (tmp_path / "data/registro_conservazione.csv").open(encoding="utf-8") as lines:
        register = list(csv.DictReader(lines))
    assert [line["file"] for line in register] == OLD
    assert {line["mesi"] for line in register} == {"24"}
    assert main(["retain", *where, "--do"]) == 0
    assert len((tmp_path / "data/registro_conservazione.csv").read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 11, 23), 24, dt.date(2024, 11, 23)),
        (dt.date(2026, 3, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 3, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 1, 15), 1, dt.date(2025, 12, 15)),
        (dt.date(2026, 12, 31), 13, dt.date(2025, 11, 30)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, expected):
    assert months_before(day, months) == expected


def test_a_study_that_does_not_say_is_asked(tmp_path):
    workspace = write_study(tmp_path)
    with pytest.raises(UsageError, match="conservazione_mesi"):
        expired_files(workspace, load_study(workspace), TODAY)


@pytest.mark.parametrize("months", ["0", "-3", "true", '"24"', "2.5"])
def test_months_are_a_whole_number(tmp_path, months):
    with pytest.raises(StudyError, match="numero di mesi"):
        load_study(study_with(tmp_path, months))
