"""Numbers of headings, tables, figures and references: worked out once, used by every renderer.

Texts refer to a block as ``[[id]]`` (same analysis) or ``[[analisi:id]]``; renderers turn that
into a link that reads "Tabella 3", "Figura 2", "paragrafo 1.2" or "[4]".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.report.dossier import Dossier, Section
from bgest_analysis.text.messages import Message, T

_TOKEN = re.compile(r"\[\[([0-9A-Za-z_.:-]+)\]\]")


@dataclass(frozen=True)
class Target:
    """A numbered thing.

    Parameters
    ----------
    anchor
        Its address within the document.
    kind
        Title, table, figure or citation.
    number
        "1.2" for headings, "3" for the rest.
    label
        How a text calls it: "Tabella 3".
    text
        Its heading, caption or reference.
    level
        For headings, 1 to 3.
    analisi
        The analysis it stands in.
    """

    anchor: str
    kind: Kind
    number: str
    label: Message
    text: Message
    level: int = 0
    analisi: str = ""


@dataclass(frozen=True)
class Numbering:
    """Every numbered thing of a dossier, by analysis and block id (``""``: the section)."""

    targets: Mapping[tuple[str, str], Target]

    def of(self, section: Section, block_id: str = "") -> Target:
        """Return the number of a section or of a block in it."""
        return self.targets[section.analisi, block_id]

    def list(self, *kinds: Kind) -> list[Target]:
        """Return the numbered things of these kinds, in order, each once."""
        found = {target.anchor: target for target in self.targets.values() if target.kind in kinds}
        return list(found.values())

    def plain(self, target: Target, language: str) -> str:
        """Return a heading, caption or citation without links, for lists and properties."""
        pieces = self.pieces(target.analisi, target.text.render(language))
        return "".join(p.label.render(language) if isinstance(p, Target) else p for p in pieces)

    def pieces(self, section: Section | str, text: str) -> Iterator[str | Target]:
        """Split a text at its references; a reference to nothing stays as it was written."""
        for i, piece in enumerate(_TOKEN.split(text)):
            target = self.find(section, piece) if i % 2 else None
            if target is not None:
                yield target
            elif piece:
                yield f"[[{piece}]]" if i % 2 else piece

    def find(self, section: Section | str, token: str) -> Target | None:
        """Return what a reference points to, ``None`` if it is not in this dossier."""
        analisi, _, block_id = token.rpartition(":")
        here = section if isinstance(section, str) else section.analisi
        return self.targets.get((analisi or here, block_id))


def number_dossier(dossier: Dossier) -> Numbering:
    """Number headings 1, 1.1, 1.1.1 and, through the whole document, tables, figures, citations."""
    targets: dict[tuple[str, str], Target] = {}
    counts = dict.fromkeys((Kind.TABLE, Kind.FIGURE, Kind.CITATION), 0)
    cited: dict[str, Target] = {}
    for chapter, section in enumerate(dossier.sections, start=1):
        headings = _Headings(chapter)
        targets[section.analisi, ""] = _heading(section, "", headings.number, section.heading)
        for block in section.body:
            target = _number_block(section, block, headings, counts, cited)
            if target is not None:
                targets[section.analisi, block.id] = target
    return Numbering(targets)


class _Headings:
    """The running number of headings below a chapter."""

    def __init__(self, chapter: int) -> None:
        self.counts = [chapter, 0, 0]
        self.number = str(chapter)

    def next(self, level: int) -> tuple[str, int]:
        level = min(max(level, 2), 3)
        if level == 3 and self.counts[1] == 0:
            level = 2
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (3 - level)
        return ".".join(str(count) for count in self.counts[:level]), level


def _heading(section: Section, block_id: str, number: str, text: Message, level: int = 1) -> Target:
    label = T("paragrafo {n}", n=number)
    anchor = section.anchor(block_id)
    return Target(anchor, Kind.TITLE, number, label, text, level, section.analisi)


def _number_block(
    section: Section,
    block: Block,
    headings: _Headings,
    counts: dict[Kind, int],
    cited: dict[str, Target],
) -> Target | None:
    if block.kind is Kind.TITLE:
        number, level = headings.next(block.level)
        return _heading(section, block.id, number, block.text, level)
    if block.kind is Kind.CITATION and block.text.render("it") in cited:
        return cited[block.text.render("it")]
    if block.kind not in counts:
        return None
    counts[block.kind] += 1
    n = str(counts[block.kind])
    label = label_of(block.kind, n)
    target = Target(section.anchor(block.id), block.kind, n, label, block.text, 0, section.analisi)
    if block.kind is Kind.CITATION:
        cited[block.text.render("it")] = target
    return target


def label_of(kind: Kind, number: str) -> Message:
    """Return "Tabella 3", "Figura 2" or "[4]"."""
    if kind is Kind.TABLE:
        return T("Tabella {n}", n=number)
    return T("Figura {n}", n=number) if kind is Kind.FIGURE else T("[{n}]", n=number)


def broken_references(dossier: Dossier, language: str = "it") -> list[str]:
    """Return the references, as ``analisi: token``, that point to nothing."""
    numbering = number_dossier(dossier)
    found = []
    for section, block in dossier.items():
        tokens = _TOKEN.findall(block.text.render(language))
        found += [f"{section.analisi}: {t}" for t in tokens if not numbering.find(section, t)]
    return found
