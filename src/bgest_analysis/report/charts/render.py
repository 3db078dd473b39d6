"""From a figure block to its picture, vector and raster, with the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.errors import BlockError
from bgest_analysis.report.charts.bars import draw_bars
from bgest_analysis.report.charts.drawing import Drawing, Drawn, MapSource
from bgest_analysis.report.charts.funnel import draw_funnel
from bgest_analysis.report.charts.likert import draw_likert
from bgest_analysis.report.charts.lines import draw_lines
from bgest_analysis.report.charts.logic import draw_logic
from bgest_analysis.report.charts.maps import draw_map
from bgest_analysis.report.charts.marks import add_stamp
from bgest_analysis.report.charts.matrix import draw_matrix
from bgest_analysis.report.charts.network import draw_network
from bgest_analysis.report.charts.points import draw_points, draw_scatter
from bgest_analysis.report.charts.spans import draw_gantt, draw_waterfall
from bgest_analysis.report.charts.svg import clean_svg
from bgest_analysis.report.dossier import SYNTHETIC, Section
from bgest_analysis.report.labels import LABELS
from bgest_analysis.report.theme import DPI, RC, Palette

FORMS: Mapping[ChartKind, Callable[[Drawing], Drawn]] = {
    ChartKind.MAPPA: draw_map,
    ChartKind.BARRE: draw_bars,
    ChartKind.LINEE: draw_lines,
    ChartKind.PUNTI: draw_points,
    ChartKind.DISPERSIONE: draw_scatter,
    ChartKind.MATRICE: draw_matrix,
    ChartKind.RETE: draw_network,
    ChartKind.SCHEMA: draw_logic,
    ChartKind.LIKERT: draw_likert,
    ChartKind.GRADINI: draw_lines,
    ChartKind.GANTT: draw_gantt,
    ChartKind.CASCATA: draw_waterfall,
    ChartKind.IMBUTO: draw_funnel,
}


@dataclass(frozen=True)
class RenderedFigure:
    """A picture: ``svg`` is one element ready for a page, ``png`` has 200 dots an inch."""

    svg: str
    png: bytes
    width_cm: float
    height_cm: float


@dataclass(frozen=True)
class ChartStyle:
    """What figures of one study share: the Ambiti's colours and the source of maps."""

    palette: Palette = field(default_factory=Palette)
    maps: MapSource | None = None


Figures = Mapping[tuple[str, str], RenderedFigure]


def render_chart(block: Block, language: str, style: ChartStyle, name: str = "") -> RenderedFigure:
    """Draw a figure block.

    Parameters
    ----------
    name
        Unique in the page; put in front of the picture's identifiers. Default: the block's id.

    Raises
    ------
    BlockError
        If the form is unknown, or the block lacks what the form needs.
    """
    drawing = Drawing(block, language, style.palette, style.maps)
    form = FORMS.get(drawing.chart.kind)
    if form is None:
        raise BlockError("forma di grafico non nota: {kind}", kind=str(drawing.chart.kind))
    with mpl.rc_context(dict(RC)):
        drawn = form(drawing)
        if block.origin == SYNTHETIC:
            add_stamp(drawn.figure, LABELS["sintetici"].render(language))
        return _pictures(drawn, drawing, name or block.id)


def _pictures(drawn: Drawn, drawing: Drawing, name: str) -> RenderedFigure:
    png = _png(drawn.figure)
    drawn.figure.set_layout_engine("none")  # as laid out once: both pictures the same
    title, alt = drawing.text(drawing.block.text), drawing.text(drawing.block.alt or "")
    svg = clean_svg(_svg(drawn.figure), name, title, alt, drawn.hover)
    width, height = drawn.figure.get_size_inches() * 2.54
    return RenderedFigure(svg, png, float(width), float(height))


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.print_png(buffer, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.set_dpi(72)
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    FigureCanvasSVG(figure).print_svg(buffer, metadata=metadata)  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def render_figures(sections: Iterable[Section], language: str, style: ChartStyle) -> Figures:
    """Draw every figure of some analyses once, for all documents; by (analysis, block id)."""
    return {
        (section.analisi, block.id): render_chart(block, language, style, section.anchor(block.id))
        for section in sections
        for block in section.figures
    }
