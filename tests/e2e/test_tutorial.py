"""The tutorial, followed to the letter: its commands, its files, what it says is printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
FENCE = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.M | re.S)
GAP = "…"


def write(path: Path, text: str) -> None:
    """Write a file of the tutorial; that of an Excel is typed in cell by cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".xlsx":
        path.write_text(text, encoding="utf-8")
        return
    book = openpyxl.Workbook()
    book.active.title = "Foglio1"
    for line in text.splitlines():
        book.active.append(line.split(";"))
    book.save(path)


def printed(command: str, folder: Path, home: Path) -> str:
    """Run a command of the tutorial and return what it prints."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": programs, "XDG_CONFIG_HOME": str(home)}
    answer = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True
    )
    assert answer.returncode in (0, 1), answer.stderr
    return answer.stdout


def shown_as(text: str) -> re.Pattern[str]:
    """Return the pattern of a printed text in which a line of dots stands for any lines."""
    lines = [r"(?:.*\n)*?" if line == GAP else re.escape(line) + "\n" for line in text.splitlines()]
    return re.compile("".join(lines))


def follow(text: str, start: Path) -> list[str]:
    """Do what a tutorial says, from its top; return the commands whose answer differs."""
    folder, answer, command, wrong = start, "", "", []
    for language, name, body in FENCE.findall(text):
        if name:
            write(folder / name, body)
        elif language == "sh":
            command = body.strip()
            answer = printed(command, folder, start / "casa")
            folder = start / "rete" if command.startswith("bgest new") else folder
        elif not shown_as(body).fullmatch(answer):
            wrong.append(f"{command}\n{answer}")
    return wrong


def test_the_tutorial_leads_from_an_excel_to_a_word_file(tmp_path):
    assert follow(TUTORIAL.read_text(encoding="utf-8"), tmp_path) == []

    word = docx.Document(tmp_path / "rete" / "reports" / "it" / "A1" / "dossier.docx")
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "la Valle Alta ha chiesto mediazione soprattutto per le scuole primarie" in text
    assert {p.suffix for p in (tmp_path / "rete/reports/it/A1").iterdir()} >= {".html", ".pdf"}


@pytest.mark.parametrize("change", [("22 modelli", "23 modelli"), ("rete:", "rete;")])
def test_a_tutorial_that_shows_other_words_is_found_out(tmp_path, change):
    beginning = TUTORIAL.read_text(encoding="utf-8").partition("## 2.")[0].replace(*change)

    assert len(follow(beginning, tmp_path)) == 1
