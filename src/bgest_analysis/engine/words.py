"""The authors' own words: texts in ``testi/`` that stand at named places of the dossiers.

``testi/01_territorio.md`` goes into the dossier of the whole, ``testi/01_territorio.BSE.md`` into
that of one Ambito. The first line is ``data: 2026-11-20``; then ``## inizio``, ``## fine`` or
``## dopo: <block id>`` and plain paragraphs. What the figures under a text were when it was
written is kept in ``testi/impronte.json``; where they changed since, a warning says so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.engine.files import read_json
from bgest_analysis.engine.job import canonical
from bgest_analysis.errors import StudyError
from bgest_analysis.report.dossier import Section
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO, Workspace

FOLDER = "testi"
IMPRINTS = "impronte.json"
SUFFIX = ".md"
NOT_TEXTS = frozenset({"README.md", "LEGGIMI.md"})
LARGEST = 200_000  # bytes; a long chapter has 60,000
START, END, AFTER = "inizio", "fine", "dopo: "
_DATE = re.compile(r"data:[ \t]*(\d{4}-\d{2}-\d{2})[ \t]*")
_LINK = re.compile(r"!?\[([^\[\]]+)\]\([^()\s]*\)")
_STRONG = re.compile(r"(\*\*|__|\*)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_BULLET = re.compile(r"[*+-][ \t]+")
_REFERABLE = (Kind.TABLE, Kind.FIGURE, Kind.TITLE)

Imprint = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """One text of the authors.

    Parameters
    ----------
    name
        Its file's name, without suffix.
    analisi, area
        Where it goes.
    date
        Day on which it was written, ISO.
    sha256
        Of the file.
    places
        Plain text by place: ``inizio``, ``fine``, ``dopo: <block id>``.
    """

    name: str
    analisi: str
    area: str
    date: str
    sha256: str
    places: Mapping[str, str]


def find_words(workspace: Workspace, areas: Sequence[str]) -> list[Words]:
    """Read all texts of a study.

    Parameters
    ----------
    areas
        All areas of the study.

    Raises
    ------
    StudyError
        Naming the file and the line, if a text has a name nothing answers to, or a form that
        cannot be read.
    """
    found = [read_words(path) for path in _files(workspace)]
    for words in found:
        if words.area not in areas or not workspace.notebook(words.analisi).is_file():
            raise StudyError(
                "testi/{name}.md: nessuna analisi o Ambito si chiama così; scrivere "
                "<analisi>.md (distretto) o <analisi>.<ambito>.md, per esempio "
                "01_territorio.{area}.md",
                name=words.name,
                area=areas[-1],
            )
    return found


def words_inputs(workspace: Workspace, words: Iterable[Words], area: str) -> tuple[Path, ...]:
    """Return the files an area's documents read for the authors' words."""
    folder = workspace.root / FOLDER
    own = [folder / f"{item.name}{SUFFIX}" for item in words if item.area == area]
    kept = [folder / IMPRINTS] if own and (folder / IMPRINTS).is_file() else []
    return (*own, *kept)


def _files(workspace: Workspace) -> Iterator[Path]:
    folder = workspace.root / FOLDER
    for path in sorted(folder.glob("*")):
        if path.suffix == ".docx" and not path.name.startswith("~$"):
            raise StudyError(
                "testi/{name}: i testi si leggono da file .md (testo semplice): copiarvi le "
                "parole e togliere il .docx da testi/",
                name=path.name,
            )
        if path.suffix == SUFFIX and path.name not in NOT_TEXTS:
            if not path.resolve().is_relative_to(workspace.root.resolve()):
                raise StudyError("testi/{name}: è fuori dallo studio", name=path.name)
            yield path


def read_words(path: Path) -> Words:
    """Read one text.

    Raises
    ------
    StudyError
        If it is too long, not UTF-8, has no date, or a place that is not known.
    """
    data = path.read_bytes()[: LARGEST + 1]
    if len(data) > LARGEST:
        raise StudyError("testi/{name}: supera {n:int} byte", name=path.name, n=LARGEST)
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise StudyError(
            "testi/{name}: non è in UTF-8: salvarlo come UTF-8", name=path.name
        ) from error
    analisi, _, area = path.stem.partition(".")
    return Words(
        name=path.stem,
        analisi=analisi,
        area=area or DISTRETTO,
        date=_date(path.name, lines),
        sha256=hashlib.sha256(data).hexdigest(),
        places={place: _plain(part) for place, part in _split(path.name, lines[1:])},
    )


def _date(name: str, lines: Sequence[str]) -> str:
    written = _DATE.fullmatch(lines[0]) if lines else None
    try:
        return dt.date.fromisoformat(written[1] if written else "").isoformat()
    except ValueError as error:
        raise StudyError(
            "testi/{name}, riga 1: scrivere la data del testo come data: 2026-11-20", name=name
        ) from error


def _split(name: str, lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the places and their lines; a place is named once."""
    parts: dict[str, list[str]] = {}
    place = ""
    for number, line in enumerate(lines, start=2):
        if line.startswith("## "):
            place = _place(name, number, line, parts)
            parts[place] = []
        elif place:
            parts[place].append(line)
        elif line.strip():
            raise _unplaced(name, number)
    yield from parts.items()


def _place(name: str, number: int, line: str, known: Mapping[str, Any]) -> str:
    place = " ".join(line.removeprefix("## ").split())
    if place in known or (place not in (START, END) and not place.startswith(AFTER)):
        raise _unplaced(name, number)
    return place


def _unplaced(name: str, number: int) -> StudyError:
    return StudyError(
        "testi/{name}, riga {number:int}: il testo va sotto un titolo «## inizio», «## fine» o "
        "«## dopo: <blocco>», ciascuno una volta sola",
        name=name,
        number=number,
    )


def _plain(lines: Sequence[str]) -> str:
    """Return paragraphs of plain text: one line each, lists one line an item."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(_HEADING.sub("", line.strip(), count=1))
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join(_joined(part) for part in paragraphs if part)


def _joined(lines: Sequence[str]) -> str:
    items = _BULLET.match(lines[0])
    joined = ""
    for line in lines:
        mark = _BULLET.match(line) if items else None
        text = _unmarked(line[mark.end() :] if mark else line)
        glue = "" if not joined else "\n" if mark else " "
        joined += f"{glue}{'- ' if mark else ''}{text}"
    return joined


def _unmarked(text: str) -> str:
    """Return a line without Markdown's emphasis and without the addresses of links."""
    return _STRONG.sub(r"\2", _LINK.sub(r"\1", text))


def add_words(section: Section, words: Words | None, kept: Mapping[str, Imprint]) -> Section:
    """Return a section with its authors' words in place.

    Parameters
    ----------
    words
        The text of this analysis and area, if there is one.
    kept
        Content of ``impronte.json``.
    """
    if words is None:
        return section
    changed = changed_blocks(words, section.blocks, kept.get(words.name))
    known = {block.id for block in section.blocks}
    opening = list(section.blocks[: len(section.blocks) - len(section.body)])
    lost = [p for p in words.places if p.startswith(AFTER) and p.removeprefix(AFTER) not in known]
    order: list[Block | str] = [*opening, *(AFTER + block.id for block in opening), START]
    for block in section.body:
        order += [block, AFTER + block.id]
    return replace(
        section,
        blocks=tuple(
            block
            for item in (*order, *lost, END)
            for block in _placed(item, words, changed, section.blocks)
        ),
    )


def _placed(
    item: Block | str, words: Words, changed: Mapping[str, list[str]], blocks: Sequence[Block]
) -> Iterator[Block]:
    """Yield a block as it is, or what the authors wrote for a place."""
    if isinstance(item, Block):
        yield item
    elif item in words.places:
        yield from _at(words, item, changed, blocks)


def _at(
    words: Words, place: str, changed: Mapping[str, list[str]], blocks: Sequence[Block]
) -> Iterator[Block]:
    """Yield the blocks of one place: a warning if its figures changed or left, then the text."""
    name = f"autori-{place.removeprefix(AFTER)}"
    warning = _warning(words, place, changed.get(place, []), blocks)
    if warning is not None:
        yield Block(f"{name}-avviso", Kind.WARNING, warning)
    text = words.places[place]
    yield Block(
        name,
        Kind.NOTE,
        T("Parole degli autori, {data:date}\n\n{testo}", data=words.date, testo=text),
    )


def _warning(
    words: Words, place: str, changed: Sequence[str], blocks: Sequence[Block]
) -> Message | None:
    if place.startswith(AFTER) and all(block.id != place.removeprefix(AFTER) for block in blocks):
        return T(
            "Il punto «{posto}», chiesto da testi/{nome}.md, in questa analisi non c'è: il testo "
            "degli autori sta in fondo.",
            posto=place,
            nome=words.name,
        )
    if not changed:
        return None
    return T(
        "Le cifre sotto il testo degli autori del {data:date} sono cambiate da quando è stato "
        "scritto: {blocchi}. Rileggerlo, poi aggiornarne la data in testi/{nome}.md.",
        data=words.date,
        blocchi=[_called(item, blocks) for item in changed],
        nome=words.name,
    )


def _called(block_id: str, blocks: Sequence[Block]) -> str:
    """Return a reference that prints "Tabella 3", or the plain id of what has no number."""
    kinds = {block.id: block.kind for block in blocks}
    return f"[[{block_id}]]" if kinds.get(block_id) in _REFERABLE else f"«{block_id}»"


def imprint(words: Words, blocks: Sequence[Block]) -> Imprint:
    """Return what the figures under a text are: hashes of blocks by place."""
    hashes = {block.id: _hash(block) for block in blocks}
    figures = {b.id: hashes[b.id] for b in blocks if b.kind in (Kind.TABLE, Kind.FIGURE)}
    places = {place: _under(place, hashes, figures) for place in words.places}
    return {"testo": words.sha256, "posti": places}


def _under(place: str, hashes: Mapping[str, str], figures: Mapping[str, str]) -> dict[str, str]:
    """Return the blocks a place speaks of: all tables and figures, or the one it follows."""
    if not place.startswith(AFTER):
        return dict(figures)
    name = place.removeprefix(AFTER)
    return {name: hashes[name]} if name in hashes else {}


def _hash(block: Block) -> str:
    return hashlib.sha256(canonical(block.to_json()).encode()).hexdigest()


def changed_blocks(words: Words, blocks: Sequence[Block], kept: Any) -> dict[str, list[str]]:
    """Return, by place, the blocks that differ from those kept for this same text."""
    now = imprint(words, blocks)
    if not is_of(kept, words):
        return {}
    before = kept["posti"]
    return {
        place: sorted(
            name
            for name in {*found, *before.get(place, {})}
            if found.get(name) != before.get(place, {}).get(name)
        )
        for place, found in now["posti"].items()
    }


def is_of(kept: Any, words: Words) -> bool:
    """Tell whether a kept imprint is of this very text."""
    return isinstance(kept, dict) and kept.get("testo") == words.sha256


def read_imprints(workspace: Workspace) -> dict[str, Imprint]:
    """Return the kept imprints; a missing or damaged file holds none."""
    found = read_json(workspace.root / FOLDER / IMPRINTS)
    return found if isinstance(found, dict) else {}
