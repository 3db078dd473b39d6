"""The entry page: what was run, on which data, what is missing, and where each document is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from markupsafe import Markup

from bgest_analysis.blocks import Block
from bgest_analysis.report.charts.render import ChartStyle, render_chart
from bgest_analysis.report.dossier import SYNTHETIC, Colophon
from bgest_analysis.report.grids import lay_out
from bgest_analysis.report.html.render import HERE, environment, stylesheet
from bgest_analysis.report.html.texts import content_policy
from bgest_analysis.report.labels import ORIGINS, labels
from bgest_analysis.text.formats import LANGUAGES, format_value
from bgest_analysis.text.messages import Message, T


class State(StrEnum):
    """How an analysis ended."""

    DONE = "fatta"
    PARTIAL = "parziale"
    MISSING = "mancante"
    FAILED = "fallita"


STATES = {
    State.DONE: T("fatta"),
    State.PARTIAL: T("parziale"),
    State.MISSING: T("dati mancanti"),
    State.FAILED: T("fallita"),
}
STATE_MARKS = {State.DONE: "✓", State.PARTIAL: "◐", State.MISSING: "○", State.FAILED: "✕"}
LANGUAGE_NAMES = {"it": "Italiano", "en": "English"}

WORDS = {
    "documenti": T("Documenti"),
    "analisi": T("Analisi"),
    "per_area": T("Analisi per area"),
    "stato": T("Stato"),
    "area": T("Area"),
    "lingua": T("Lingua"),
    "tutte": T("tutte"),
    "filtri": T("Filtri"),
    "trovati": T("righe mostrate"),
    "cosa_serve": T("Che cosa manca, e come fornirlo"),
    "niente_manca": T("Non manca nulla."),
    "dati": T("Dati letti"),
    "in_breve": T("In breve"),
    "esecuzione": T("Esecuzione"),
    "fonte": T("Fonte"),
    "annata": T("Riferimento"),
    "notebook": T("Notebook eseguito"),
    "altre": T("Altre pagine"),
    "ordina": T("Ordina per"),
    "reali": T("Dati reali"),
    "sintetici": T("Dati sintetici"),
    "conteggi": T("Lavori"),
}


@dataclass(frozen=True)
class DocumentLink:
    """A produced document: its language, its format as a word, its relative address."""

    language: str
    format: str
    href: str


@dataclass(frozen=True)
class AnalysisRow:
    """One analysis of one area.

    Parameters
    ----------
    note
        What is missing and how to supply it, or why it failed.
    notebook
        Relative address of the executed notebook; empty if none.
    """

    analisi: str
    title: Message
    state: State
    note: Message | None = None
    notebook: str = ""


@dataclass(frozen=True)
class AreaEntry:
    """The district or an Ambito: its documents and its analyses."""

    id: str
    name: str
    documents: tuple[DocumentLink, ...]
    analyses: tuple[AnalysisRow, ...]
    synthetic: bool = False


@dataclass(frozen=True)
class SourceRow:
    """A file that was read."""

    path: str
    title: str
    publisher: str
    vintage: str
    origin: str
    sha256: str


@dataclass(frozen=True)
class IndexPage:
    """Everything the entry page says.

    Parameters
    ----------
    headline
        Table block of the main figures, sortable on the page.
    map
        Map block; values appear when the pointer rests on an area.
    counts
        (what, how many) of the run's jobs.
    others
        (label, relative address) of neighbouring pages, e.g. the synthetic example.
    synthetic
        Whether the whole study is synthetic.
    """

    study_title: str
    title: Message
    intro: Message
    date: dt.date
    areas: tuple[AreaEntry, ...]
    sources: tuple[SourceRow, ...]
    colophon: Colophon
    headline: Block | None = None
    map: Block | None = None
    counts: tuple[tuple[Message, int], ...] = ()
    others: tuple[tuple[Message, str], ...] = ()
    fund_statement: tuple[str, ...] = ()
    synthetic: bool = False


def render_index(page: IndexPage, language: str, style: ChartStyle) -> str:
    """Return the page: one file, no server, no request; without its script all is shown."""
    script, sheet = _asset("index.js"), stylesheet() + _asset("index.css")
    words = {key: text.render(language) for key, text in WORDS.items()}
    view = {
        "language": language,
        "policy": content_policy(sheet, script),
        "style": Markup(sheet),  # noqa: S704 (our own files)
        "script": Markup(script),  # noqa: S704
        "label": labels(language),
        "word": words,
        "page": page,
        "title": page.title.render(language),
        "intro": page.intro.render(language),
        "date": format_value(page.date, "date", language),
        "rows": [_row(area, row, language) for area in page.areas for row in area.analyses],
        "areas": [_area(area) for area in page.areas],
        "analyses": _analyses(page.areas, language),
        "languages": [(key, LANGUAGE_NAMES[key]) for key in LANGUAGES],
        "needs": _needs(page.areas, language),
        "sources": [_source(row, language) for row in page.sources],
        "headline": _evidence(page.headline, language, style),
        "map": _evidence(page.map, language, style),
        "counts": [(text.render(language), count) for text, count in page.counts],
        "others": [(text.render(language), href) for text, href in page.others],
    }
    return environment().get_template("index.html.j2").render(view)


@cache
def _asset(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _area(area: AreaEntry) -> dict[str, Any]:
    spoken = dict.fromkeys(link.language for link in area.documents)
    by_language = {
        language: [link for link in area.documents if link.language == language]
        for language in spoken
    }
    return {
        "id": area.id,
        "name": area.name,
        "synthetic": area.synthetic,
        "documents": [(key, LANGUAGE_NAMES[key], links) for key, links in by_language.items()],
        "languages": " ".join(spoken),
    }


def _row(area: AreaEntry, row: AnalysisRow, language: str) -> dict[str, str]:
    return {
        "area": area.id,
        "area_name": area.name,
        "analisi": row.analisi,
        "title": row.title.render(language),
        "state": str(row.state),
        "state_name": STATES[row.state].render(language),
        "mark": STATE_MARKS[row.state],
        "note": row.note.render(language) if row.note else "",
        "notebook": row.notebook,
    }


def _analyses(areas: Sequence[AreaEntry], language: str) -> list[tuple[str, str]]:
    found = {row.analisi: row.title.render(language) for a in areas for row in a.analyses}
    return sorted(found.items())


def _needs(areas: Sequence[AreaEntry], language: str) -> list[dict[str, Any]]:
    """Gather what is missing or failed: one entry an analysis and reason, with its areas."""
    needs: dict[tuple[str, str], dict[str, Any]] = {}
    for area in areas:
        for row in area.analyses:
            if row.note is None or row.state is State.DONE:
                continue
            view = _row(area, row, language)
            entry = needs.setdefault((row.analisi, view["note"]), {**view, "areas": []})
            entry["areas"].append(area.name)
    return sorted(needs.values(), key=lambda need: (need["state"], need["analisi"]))


def _source(row: SourceRow, language: str) -> dict[str, str]:
    return {
        "path": row.path,
        "title": row.title,
        "publisher": row.publisher,
        "vintage": row.vintage,
        "origin": row.origin,
        "origin_name": ORIGINS[row.origin].render(language),
        "sha256": row.sha256,
    }


def _evidence(block: Block | None, language: str, style: ChartStyle) -> dict[str, Any] | None:
    if block is None or block.grid is None:
        return None
    texts = {"source": block.source, "n": block.n, "suppression": block.suppression}
    view: dict[str, Any] = {
        key: text.render(language) if text else "" for key, text in texts.items()
    }
    view |= {"text": block.text.render(language), "table": lay_out(block.grid, language)}
    view["synthetic"] = block.origin == SYNTHETIC
    if block.chart is not None:
        view["svg"] = Markup(render_chart(block, language, style, "indice").svg)  # noqa: S704
    return view
