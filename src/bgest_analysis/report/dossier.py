"""A dossier: what one document about the district or one Ambito is made of.

It holds blocks and messages, no formatted text, so the same dossier is rendered in each language
and each format. Dates are given by the caller; nothing here looks at a clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.text.messages import Message

SYNTHETIC = "sintetica"
_UNSAFE = re.compile(r"[^0-9A-Za-z_-]+")


@dataclass(frozen=True)
class InputFile:
    """A file the dossier rests on: path relative to the study, SHA-256, origin, who made it."""

    path: str
    sha256: str
    origin: str = "pubblica"
    source: str = ""


@dataclass(frozen=True)
class Colophon:
    """What is needed to make the same document again.

    Parameters
    ----------
    run_id, commit
        The run, and the version of the code.
    inputs
        Raw files under the figures.
    versions, parameters
        Names and values, in the order to print.
    contacts
        Lines of ``[contatti]`` in ``study.local.toml``, if any.
    """

    run_id: str
    commit: str = ""
    inputs: tuple[InputFile, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meta:
    """Who signs, who pays, when.

    Parameters
    ----------
    study_id
        Short name of the study.
    study_title
        Its full name, as it must be printed.
    authors, institution
        Who hands the document in.
    fund_statement
        The co-financing lines, in their prescribed wording and order.
    date
        Date of the document, chosen by the caller.
    citation
        How to cite, without the title (which the renderer puts in).
    logos
        Picture files for the cover.
    """

    study_id: str
    study_title: str
    date: dt.date
    authors: tuple[str, ...] = ()
    institution: str = ""
    fund_statement: tuple[str, ...] = ()
    citation: Message | None = None
    logos: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Section:
    """One analysis within a dossier.

    Parameters
    ----------
    analisi
        Name of the analysis, e.g. ``01_territorio``.
    title
        Heading, used unless the first block is a title of level 1.
    blocks
        In the order of the notebook.
    missing
        Why nothing (or not all) is here, and what would supply it.
    notebook
        Address of the executed notebook, relative to the document; empty if none.
    """

    analisi: str
    title: Message
    blocks: tuple[Block, ...] = ()
    missing: Message | None = None
    notebook: str = ""

    @property
    def heading(self) -> Message:
        """The heading to print."""
        return self.blocks[0].text if self._opens_with_title else self.title

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks below the heading."""
        return self.blocks[1:] if self._opens_with_title else self.blocks

    @property
    def _opens_with_title(self) -> bool:
        first = self.blocks[0] if self.blocks else None
        return first is not None and first.kind is Kind.TITLE and first.level == 1

    @property
    def figures(self) -> list[Block]:
        """The figures, in order."""
        return [block for block in self.body if block.kind is Kind.FIGURE]

    def anchor(self, block_id: str = "") -> str:
        """Return the address of the section, or of a block in it, within a document."""
        name = f"{self.analisi}--{block_id}" if block_id else self.analisi
        return "s-" + _UNSAFE.sub("-", name)


@dataclass(frozen=True)
class Dossier:
    """A document: ``id`` is ``"distretto"`` or an ``ambito_id``."""

    id: str
    title: Message
    subtitle: Message
    sections: tuple[Section, ...]
    colophon: Colophon
    meta: Meta
    notes: tuple[Message, ...] = field(default=())

    @property
    def synthetic(self) -> bool:
        """Whether any block touched synthetic data."""
        return any(block.origin == SYNTHETIC for _, block in self.items())

    def items(self) -> Iterator[tuple[Section, Block]]:
        """Yield every block that is printed in a body, with its section."""
        for section in self.sections:
            for block in section.body:
                yield section, block
