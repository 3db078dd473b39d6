"""The help of the commands in the reader's language: argparse's own words too."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from bgest_analysis.text.formats import LANGUAGES
from bgest_analysis.text.messages import T, translate

HEADINGS = {"options": T("opzioni"), "positional arguments": T("argomenti")}
USAGE = T("uso: ")


class SpokenHelp(argparse.HelpFormatter):
    """A help whose texts, Italian in the code, are told in one language."""

    def __init__(self, prog: str, language: str) -> None:
        super().__init__(prog)
        self.language = language

    def start_section(self, heading: str | None) -> None:
        known = HEADINGS.get(heading or "")
        super().start_section(known.render(self.language) if known else heading)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Say "uso:" where argparse says "usage:"."""
        said = USAGE.render(self.language) if prefix is None else prefix
        super().add_usage(usage, actions, groups, said)

    def add_text(self, text: str | None) -> None:
        """Translate the description of a command and the words under its options."""
        super().add_text(translate(text, self.language) if text else text)

    def _get_help_string(self, action: argparse.Action) -> str:
        return translate(action.help, self.language) if action.help else ""


def parser_class(language: str) -> type[argparse.ArgumentParser]:
    """Return a class of parsers, and of the parsers of their verbs, whose help is told so."""

    class Parser(argparse.ArgumentParser):
        def __init__(self, **options: Any) -> None:
            spoken = partial(SpokenHelp, language=language)
            super().__init__(**options, add_help=False, formatter_class=spoken)
            self.add_argument("-h", "--help", action="help", help="mostra questo aiuto ed esce")

    return Parser


def asked_language(arguments: Sequence[str]) -> str:
    """Return the language of the help: the first after ``--language``, Italian otherwise."""
    words = iter(arguments)
    for word in words:
        name, _, value = word.partition("=")
        if name == "--language":
            first = (value or next(words, "")).split(",")[0]
            return first if first in LANGUAGES else LANGUAGES[0]
    return LANGUAGES[0]
