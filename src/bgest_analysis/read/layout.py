"""Layouts of sources as data: which headers a publisher writes, and what each column means.

One TOML file a family in ``read/layouts/``. A layout is recognised by its headers (and, where
two publications share them, by the title or a telling column), never by the file's name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import product
from typing import Any

from bgest_analysis.vocabulary.matcher import fold

FOLDER = files("bgest_analysis.read") / "layouts"
_VALIDATION = re.compile(r"\(\s*v\s*\)", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\(\s*\d\s*\)")


@dataclass(frozen=True)
class Role:
    """One meaning a column can have, with the headers publishers gave it.

    Parameters
    ----------
    names
        Known headers, folded.
    pattern
        Regular expression on folded headers that hold a date or an edition.
    kind
        ``codice``, ``nome``, ``conteggio`` (>= 0), ``saldo`` (any sign), ``importo``, ``testo``.
    required
        A table without it is not of this layout.
    """

    code: str
    names: frozenset[str]
    kind: str
    required: bool
    shown: str
    pattern: str = ""


@dataclass(frozen=True)
class Layout:
    """One known layout.

    Parameters
    ----------
    family
        Which cleaning reads it.
    evidence, exclusion
        ``titolo``: regular expression on the folded title lines; ``colonne``: roles. One piece
        of evidence must hold (if any is asked), no exclusion may.
    totals
        Regular expression on folded codes and names that mark a total row.
    facts
        What cleaning must know of this source (citizenship it counts, data type…).
    """

    code: str
    name: str
    family: str
    roles: tuple[Role, ...]
    evidence: Mapping[str, Any] = field(default_factory=dict)
    exclusion: Mapping[str, Any] = field(default_factory=dict)
    totals: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def assign(self, headers: Sequence[str]) -> dict[str, str]:
        """Return role -> header as written, for the headers this layout knows."""
        found: dict[str, str] = {}
        for header in headers:
            role = self._role(fold_header(header))
            if role and role not in found:
                found[role] = header
        return found

    def _role(self, folded: str) -> str:
        known = self._role_of.get(folded)
        if known is not None:
            return known
        fitting = (r.code for r in self._with_pattern if re.search(r.pattern, folded))
        return next(fitting, "")

    @cached_property
    def _with_pattern(self) -> tuple[Role, ...]:
        return tuple(role for role in self.roles if role.pattern)

    @cached_property
    def _role_of(self) -> dict[str, str]:
        return {name: role.code for role in reversed(self.roles) for name in role.names}

    def missing(self, assigned: Mapping[str, str]) -> list[str]:
        """Return the required headers that were not found, as the publisher writes them."""
        return [role.shown for role in self.roles if role.required and role.code not in assigned]

    def accepts(self, assigned: Mapping[str, str], title: str) -> bool:
        """Tell whether headers and title are those of this layout."""
        if self.missing(assigned) or _holds(self.exclusion, assigned, title):
            return False
        return not self.evidence or _holds(self.evidence, assigned, title)

    def expected(self) -> list[str]:
        """Return the headers a file of this layout must have."""
        return [role.shown for role in self.roles if role.required]

    def kinds(self, *kinds: str) -> list[str]:
        """Return the roles of these kinds."""
        return [role.code for role in self.roles if role.kind in kinds]


def _holds(facts: Mapping[str, Any], assigned: Mapping[str, str], title: str) -> bool:
    by_title = "titolo" in facts and re.search(facts["titolo"], title) is not None
    return by_title or any(role in assigned for role in facts.get("colonne", ()))


@lru_cache(maxsize=8192)
def fold_header(header: str) -> str:
    """Return a header as compared: no case, accents, footnote marks, line breaks or "(v)"."""
    bare = _FOOTNOTE.sub(" ", _VALIDATION.sub(" ", header)).replace("º", " ")
    return fold(bare.replace("°", " "))


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every known layout, from the TOML files of ``read/layouts``."""
    found: list[Layout] = []
    for file in sorted(FOLDER.iterdir(), key=lambda entry: entry.name):
        if file.name.startswith("istat_") or file.name.startswith(("mef_", "bgest_")):
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            found.extend(_layout(entry) for entry in content["layout"])
    return tuple(found)


def layout(code: str) -> Layout:
    """Return a layout by its code."""
    return {entry.code: entry for entry in layouts()}[code]


def _layout(entry: Mapping[str, Any]) -> Layout:
    roles = [_role(code, spec) for code, spec in entry.get("colonne", {}).items()]
    return Layout(
        code=entry["codice"],
        name=entry["nome"],
        family=entry["famiglia"],
        roles=(*roles, *_crossed(entry.get("incrocio", {}))),
        evidence=entry.get("prova", {}),
        exclusion=entry.get("esclusione", {}),
        totals=entry.get("totali", ""),
        facts=entry.get("fatti", {}),
    )


def _role(code: str, spec: Mapping[str, Any]) -> Role:
    names = spec["nomi"]
    return Role(
        code,
        frozenset(fold_header(name) for name in names),
        spec.get("tipo", "testo"),
        spec.get("obbligatoria", True),
        names[0],
        spec.get("modello", ""),
    )


def _crossed(spec: Mapping[str, Any]) -> Iterable[Role]:
    """Columns made of two words, such as "Popolazione al 31 dicembre - Maschi"."""
    required = set(spec.get("obbligatori", ()))
    for (code, names), (part, words) in product(
        spec.get("voci", {}).items(), spec.get("parti", {}).items()
    ):
        forms = [
            pattern.format(voce=name, parte=word)
            for pattern in spec["modelli"]
            for name in names
            for word in words
        ]
        role = f"{code}_{part}"
        kind = "saldo" if code in spec.get("saldi", ()) else spec.get("tipo", "conteggio")
        yield Role(
            role, frozenset(fold_header(form) for form in forms), kind, role in required, forms[0]
        )
