"""Lineage: from which files a table was made, and the origin that this gives it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.schema.model import Origin


@dataclass(frozen=True, order=True)
class Input:
    """One raw file: path relative to the study, SHA-256 of its bytes, how to cite it.

    Parameters
    ----------
    citazione
        Publisher and title; empty for project files.
    annata
        What is to be said of its vintage, wherever its figures are printed.
    """

    path: str
    sha256: str
    citazione: str = ""
    annata: str = ""

    def to_json(self) -> dict[str, str]:
        return {
            "file": self.path,
            "sha256": self.sha256,
            "citazione": self.citazione,
            "annata": self.annata,
        }


@dataclass(frozen=True)
class Lineage:
    """The raw files under a table, and the origin of its figures."""

    origin: Origin
    inputs: tuple[Input, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "origine": str(self.origin),
            "fonti": [item.to_json() for item in self.inputs],
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> Lineage:
        inputs = tuple(
            Input(item["file"], item["sha256"], item["citazione"], item["annata"])
            for item in data["fonti"]
        )
        return Lineage(Origin(data["origine"]), inputs)


def combine(lineages: Iterable[Lineage]) -> Lineage:
    """Return the lineage of a table made from others.

    The origin is the most delicate one: synthetic before project before public.

    Raises
    ------
    SchemaViolation
        If real and synthetic project data would meet in one table.
    """
    parts = list(lineages)
    origins = {part.origin for part in parts}
    if {Origin.PROGETTO, Origin.SINTETICA} <= origins:
        raise SchemaViolation("dati reali e dati sintetici non possono stare nella stessa tabella")
    order = (Origin.SINTETICA, Origin.PROGETTO, Origin.PUBBLICA)
    origin = next((item for item in order if item in origins), Origin.PUBBLICA)
    return Lineage(origin, tuple(sorted({item for part in parts for item in part.inputs})))
