"""Texts that must not leave: shapes of identifiers, paths and users, marks of other profiles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bgest_analysis.publish.findings import Rule

IDENTIFIERS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(
        r"\b[A-Za-z]{6}[0-9LMNPQRSTUVlmnpqrstuv]{2}[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{2}"
        r"[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{3}[A-Za-z]\b"
    ),
    re.compile(r"(?<![\w./,-])(?:\+|00)\d{1,3}[ /-]?\d{2,4}(?:[ /-]?\d{2,4}){1,4}(?![\w.,])"),
    re.compile(r"(?<![\w.,/-])3\d{2}[ /-]?\d{3}[ /-]?\d{3,4}(?![\w,/-]|\.\d)"),
    re.compile(r"\b[A-Za-z]{1,2}\d{7,9}\b"),
)
PATHS = (
    re.compile(
        r"(?<![\w:/.<>-])/(?:home|Users|root|tmp|var|mnt|media|opt|srv|private|work)/[\w.-]+"
    ),
    re.compile(r"(?<![A-Za-z])[A-Za-z]:\\[\w .-]+"),
    re.compile(r"\\\\[\w.-]+\\[\w$.-]+"),
    re.compile(r"file:/{2,3}[\w.~/-]", re.IGNORECASE),
)
SYNTHETIC = ("DATI SINTETICI", "SYNTHETIC DATA")
CONFIDENTIAL = ("RISERVATO", "CONFIDENTIAL")
SHORTEST_NAME = 4
NOBODY = frozenset({"root", "user", "users", "home", "admin", "runner", "jovyan", "utente"})


@dataclass(frozen=True)
class Forbidden:
    """What is looked for in texts.

    Parameters
    ----------
    allowed
        Texts that may be printed though shaped like identifiers: the study's own contacts.
    places
        Folders of this machine.
    users
        Names of users of this machine.
    """

    allowed: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def rules(self, text: str) -> Iterator[Rule]:
        """Yield the rules a text breaks, each once."""
        bare = text
        for known in self.allowed:
            bare = bare.replace(known, " ")
        if any(shape.search(bare) for shape in IDENTIFIERS):
            yield Rule.IDENTIFIER
        if self._is_local(text):
            yield Rule.PATH
        if any(mark in text for mark in SYNTHETIC):
            yield Rule.SYNTHETIC
        if any(mark in text for mark in CONFIDENTIAL):
            yield Rule.CONFIDENTIAL

    def _is_local(self, text: str) -> bool:
        named = any(place in text for place in self.places)
        users = any(re.search(rf"(?<!\w){re.escape(user)}(?!\w)", text) for user in self.users)
        return named or users or any(shape.search(text) for shape in PATHS)


def usable_users(names: Iterable[str]) -> tuple[str, ...]:
    """Return the user names that would tell somebody: not those of everybody's machine."""
    return tuple(sorted({n for n in names if len(n) >= SHORTEST_NAME and n.lower() not in NOBODY}))
