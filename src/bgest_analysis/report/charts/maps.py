"""Choropleth maps by comune or Ambito, drawn in EPSG:32632 with scale, north, source, vintage."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from bgest_analysis.blocks import ChartKind
from bgest_analysis.errors import BlockError
from bgest_analysis.report.charts.classes import breaks_of, class_of
from bgest_analysis.report.charts.drawing import Drawing, Drawn, MapSource, as_number, wrap
from bgest_analysis.report.theme import (
    CM,
    DIVERGING,
    INK,
    MAP_HEIGHT_CM,
    MISSING_FACE,
    MUTED,
    SEQUENTIAL,
    WIDTH_CM,
)
from bgest_analysis.text.formats import MISSING, Hidden, format_value
from bgest_analysis.text.messages import T

CRS = "EPSG:32632"
HALO = [withStroke(linewidth=2.4, foreground="white")]


def draw_map(drawing: Drawing) -> Drawn:
    """Draw a choropleth; ``x`` holds codes of comuni or Ambiti, ``y`` the value.

    Options: ``classi`` is the list of inner breaks, or the number of classes (default 5).
    """
    source = _source(drawing)
    comuni = _comuni(source)
    by_code = dict(zip(map(str, drawing.column(drawing.chart.x)), range(10**6), strict=False))
    by_ambito = not set(by_code) & set(comuni["cod_istat"])
    ambiti = comuni.dissolve("ambito_id", as_index=False)
    shapes = ambiti.assign(code=ambiti["ambito_id"]) if by_ambito else comuni
    figure = Figure(figsize=(WIDTH_CM * CM, MAP_HEIGHT_CM * CM))
    ax = figure.add_axes((0.005, 0.05, 0.70, 0.94))
    breaks = breaks_of(drawing.numbers(drawing.chart.y), drawing.option("classi", 5))
    hover = {}
    for code, shape in zip(shapes["code"], shapes.geometry, strict=True):
        gid = f"area-{code}"
        _draw_area(ax, drawing, shape, by_code.get(code), breaks, gid)
        hover[gid] = _hover_text(drawing, code, by_code.get(code), shapes)
    _draw_borders(ax, drawing, ambiti)
    _frame(ax, ambiti)
    _legend(figure, drawing, breaks)
    figure.text(0.01, 0.012, drawing.text(source.note), fontsize=6.3, color=MUTED)
    return Drawn(figure, hover)


def _source(drawing: Drawing) -> MapSource:
    if drawing.maps is None:
        raise BlockError(
            "la figura {id} è una mappa e mancano i confini ({kind})",
            id=drawing.block.id,
            kind=str(ChartKind.MAPPA),
        )
    return drawing.maps


def _comuni(source: MapSource) -> gpd.GeoDataFrame:
    shapes = source.load(sorted(source.ambito_of)).to_crs(CRS)
    ambito = shapes["cod_istat"].map(dict(source.ambito_of))
    return shapes.assign(ambito_id=ambito, code=shapes["cod_istat"])


def _draw_area(
    ax: Axes,
    drawing: Drawing,
    shape: BaseGeometry,
    row: int | None,
    breaks: Sequence[float],
    gid: str,
) -> None:
    value = np.nan if row is None else as_number(drawing.column(drawing.chart.y)[row])
    known = not np.isnan(value)
    colours = class_colours(breaks)
    face = colours[class_of(value, breaks)] if known else MISSING_FACE
    patch = PathPatch(
        path_of(shape),
        facecolor=face,
        edgecolor="white" if known else MUTED,
        linewidth=0.35,
        hatch="" if known else "/////",
    )
    patch.set_gid(gid)
    ax.add_patch(patch)


def class_colours(breaks: Sequence[float]) -> list[str]:
    """Return a colour a class: cividis, or a diverging scale when a break is zero."""
    n = len(breaks) + 1
    if 0.0 not in breaks:
        return [to_hex(colour) for colour in colormaps[SEQUENTIAL](np.linspace(0.97, 0.06, n))]
    below = list(breaks).index(0.0) + 1
    reach = max(below, n - below)
    steps = [*(-np.arange(below, 0, -1) + 0.5), *(np.arange(n - below) + 0.5)]
    places = 0.5 + 0.45 * np.array(steps) / (reach - 0.5 if reach > 1 else 1)
    return [to_hex(colour) for colour in colormaps[DIVERGING](places)]


def path_of(shape: BaseGeometry) -> Path:
    """Return the outline of a (multi)polygon, holes included."""
    parts = list(shape.geoms) if isinstance(shape, MultiPolygon) else [shape]
    rings = [
        ring
        for part in parts
        if isinstance(part, Polygon)
        for ring in (part.exterior, *part.interiors)
    ]
    paths = [Path(np.asarray(ring.coords)[:, :2], closed=True) for ring in rings]
    return Path.make_compound_path(*paths)


def _hover_text(drawing: Drawing, code: str, row: int | None, shapes: gpd.GeoDataFrame) -> str:
    names = dict(zip(shapes["code"], shapes["nome"], strict=True)) if "nome" in shapes else {}
    name = drawing.palette.name(code)
    name = names.get(code, name) if name == code else name
    if row is None:
        return f"{name}: {MISSING[drawing.language]}"
    return f"{name}: {drawing.word(drawing.column(drawing.chart.y)[row], drawing.chart.y)}"


def _draw_borders(ax: Axes, drawing: Drawing, ambiti: gpd.GeoDataFrame) -> None:
    for ambito, shape in zip(ambiti["ambito_id"], ambiti.geometry, strict=True):
        ax.add_patch(PathPatch(path_of(shape), facecolor="none", edgecolor=INK, linewidth=1.1))
        point = shape.representative_point()
        ax.text(
            point.x,
            point.y,
            drawing.palette.name(str(ambito)).replace(" ", "\n", 1),
            fontsize=6.8,
            ha="center",
            va="center",
            color=INK,
            path_effects=HALO,
            linespacing=1.0,
            zorder=5,
        )


def _frame(ax: Axes, ambiti: gpd.GeoDataFrame) -> None:
    west, south, east, north = ambiti.total_bounds
    ax.set_xlim(west - 500, east + 500)
    ax.set_ylim(south - 500, north + 500)
    ax.set_aspect("equal", anchor="W")
    ax.set_axis_off()


def scale_length(width_m: float) -> int:
    """Return a round length in km, near a quarter of the map's width."""
    wanted = width_m / 4000
    return max((length for length in (1, 2, 5, 10, 20, 50) if length <= wanted), default=1)


def _legend(figure: Figure, drawing: Drawing, breaks: Sequence[float]) -> None:
    ax = figure.add_axes((0.71, 0.05, 0.285, 0.94))
    ax.set_axis_off()
    legend = ax.legend(
        handles=_legend_patches(drawing, breaks),
        title=wrap(drawing.unit() or drawing.heading(drawing.chart.y), 28),
        loc="upper left",
        borderaxespad=0,
        labelspacing=0.35,
        handlelength=1.8,
        handleheight=1.2,
        alignment="left",
    )
    legend.get_title().set_fontsize(8)
    _scale_and_north(figure, drawing)


def _legend_patches(drawing: Drawing, breaks: Sequence[float]) -> list[Patch]:
    values = drawing.numbers(drawing.chart.y)
    known = values[~np.isnan(values)]
    classes = np.array([class_of(value, breaks) for value in known], dtype=int)
    patches = []
    for i, colour in enumerate(class_colours(breaks)):
        count = int((classes == i).sum())
        words = f"{_range_text(drawing, known, breaks, i)}  (n={count})"
        patches.append(Patch(facecolor=colour, edgecolor=MUTED, linewidth=0.4, label=words))
    if len(known) < len(values) or _absent(drawing):
        patches.append(_missing_patch(drawing))
    return patches


def _absent(drawing: Drawing) -> bool:
    """Whether some shape of the study has no row."""
    codes = set(map(str, drawing.column(drawing.chart.x)))
    places = dict(_source(drawing).ambito_of)
    wanted = set(places) if codes & set(places) else set(places.values())
    return not wanted <= codes


def _missing_patch(drawing: Drawing) -> Patch:
    cells = drawing.column(drawing.chart.y)
    words = T("n.d. o protetto") if any(isinstance(c, Hidden) for c in cells) else T("n.d.")
    return Patch(
        facecolor=MISSING_FACE,
        edgecolor=MUTED,
        hatch="/////",
        linewidth=0.4,
        label=words.render(drawing.language),
    )


def _range_text(drawing: Drawing, known: np.ndarray, breaks: Sequence[float], i: int) -> str:
    spec, language = drawing.format_of(drawing.chart.y), drawing.language
    low = breaks[i - 1] if i else float(np.nanmin(known, initial=np.inf))
    high = breaks[i] if i < len(breaks) else float(np.nanmax(known, initial=-np.inf))
    return f"{format_value(low, spec, language)} – {format_value(high, spec, language)}"


def _scale_and_north(figure: Figure, drawing: Drawing) -> None:
    """Draw the scale bar in the map's own units, under the legend, with the north arrow."""
    main = figure.axes[0]
    main.apply_aspect()
    west, east = main.get_xlim()
    kilometres = scale_length(east - west)
    per_metre = main.get_position().width / (east - west)
    ax = figure.add_axes((0, 0, 1, 1), frameon=False)
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    left, base, length = 0.735, 0.085, kilometres * 1000 * per_metre
    ax.plot(
        (left, left, left + length, left + length),
        (base + 0.012, base, base, base + 0.012),
        color=INK,
        linewidth=1,
    )
    distance = T("{n:int} km", n=kilometres).render(drawing.language)
    ax.text(left + length / 2, base + 0.018, distance, fontsize=7, ha="center", va="bottom")
    x = 0.955
    ax.annotate(
        "",
        (x, base + 0.075),
        xytext=(x, base - 0.01),
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.1, "mutation_scale": 11},
    )
    ax.text(x, base + 0.08, "N", fontsize=8, ha="center", va="bottom", weight="bold")
