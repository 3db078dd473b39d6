"""The help speaks one language whole, and every command written in the guides exists."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest

from bgest_analysis.cli.main import build_parser
from bgest_analysis.cli.spoken_help import asked_language

ROOT = Path(__file__).resolve().parents[3]
PAGES = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
COMMAND = re.compile(r"(?:^|`)(?:bgest|python3 avvia\.py|py avvia\.py) ([^`\n]+)", re.M)
NOT_OURS = ("test", "COMANDO", "…")  # avvia.py's own verb; a place for any verb


def verbs(language: str) -> dict[str, argparse.ArgumentParser]:
    actions = build_parser(language)._actions
    (found,) = (a for a in actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


@pytest.mark.parametrize("verb", ["", *verbs("it")])
def test_no_text_of_the_help_is_in_the_other_language(verb):
    italian, english = (
        build_parser(language) if not verb else verbs(language)[verb] for language in ("it", "en")
    )
    said = {"it": italian.format_help(), "en": english.format_help()}
    texts = [italian.description, italian.epilog, *(a.help for a in italian._actions)]
    squeezed = {language: " ".join(text.split()) for language, text in said.items()}
    for text in filter(None, texts):
        assert " ".join(text.split()) in squeezed["it"]
        assert " ".join(text.split()) not in squeezed["en"]
    assert said["it"].startswith("uso: bgest")
    assert said["en"].startswith("usage: bgest")
    assert not re.search(r"usage:|options:|show this|arguments:", said["it"])


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--language", "en", "run", "--help"], "en"),
        (["run", "--language=en,it", "-h"], "en"),
        (["run"], "it"),
        (["--language", "de", "run"], "it"),
        (["run", "--language"], "it"),
    ],
)
def test_the_language_asked_for_stands_before_or_after_the_verb(arguments, language):
    assert asked_language(arguments) == language


def test_a_language_before_the_verb_holds_and_one_after_it_wins():
    parse = build_parser().parse_args
    assert parse(["--language", "en", "doctor"]).language == "en"
    assert parse(["--language", "en", "doctor", "--language", "it"]).language == "it"
    assert parse(["doctor"]).language == ""


def commands() -> list[str]:
    found = {c.strip() for page in PAGES for c in COMMAND.findall(page.read_text("utf-8"))}
    return sorted(c for c in found if not c.startswith(NOT_OURS))


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_guides_exists_with_its_options(command):
    words = [word for word in shlex.split(command) if word not in ("…", "|")]
    known = verbs("it")
    assert words[0] in known or words == ["--help"]
    if words[0] in known:
        options = {o for action in known[words[0]]._actions for o in action.option_strings}
        assert {word for word in words if word.startswith("-")} <= options
    if len(words) > 1 and words[-1] not in options:  # whole, not the name of an option alone
        build_parser().parse_args(words)


def test_the_guides_have_commands_to_look_at():
    assert len(commands()) > 20
