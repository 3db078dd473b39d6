"""The logic model: stages from left to right, their nodes as boxes, the links as arrows."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from bgest_analysis.report.charts.drawing import Drawing, Drawn, new_figure, unique, wrap
from bgest_analysis.report.charts.marks import pair
from bgest_analysis.report.theme import INK, MUTED, WIDTH_CM

LINE_CM = 0.31
GAP_CM = 0.35
HEAD_CM = 1.1
ARROW_CM = 0.75


@dataclass(frozen=True)
class Box:
    """A node's place, in cm from the top left."""

    x: float
    y: float
    width: float
    height: float
    text: str


def draw_logic(drawing: Drawing) -> Drawn:
    """Draw ``x`` node names, ``label`` their words, ``group`` their stages, in order.

    Options: ``nessi`` [[from, to], ...] by node names; an arrow to an earlier stage is dashed.
    """
    boxes, height = place_boxes(drawing)
    figure = new_figure(height)
    ax = figure.add_subplot()
    ax.set_xlim(0, WIDTH_CM)
    ax.set_ylim(height, 0)
    ax.set_axis_off()
    stages = unique(drawing.groups())
    for stage in stages:
        first = next(boxes[n] for n, s in _stage_of(drawing).items() if s == stage)
        ax.text(first.x, 0.75, wrap(stage, 18), fontsize=8, weight="bold", va="bottom")
    for link in drawing.option("nessi", ()):
        _draw_link(ax, *(boxes[str(end)] for end in pair(link)))
    for box in boxes.values():
        _draw_box(ax, box)
    return Drawn(figure)


def _stage_of(drawing: Drawing) -> dict[str, str]:
    names = [str(cell) for cell in drawing.column(drawing.chart.x)]
    return dict(zip(names, drawing.groups(), strict=True))


def place_boxes(drawing: Drawing) -> tuple[dict[str, Box], float]:
    """Return each node's box, stages as columns centred on one another, and the height in cm."""
    stage_of, words = _stage_of(drawing), drawing.words(drawing.chart.label)
    stages = unique(drawing.groups())
    width = (WIDTH_CM - ARROW_CM * (len(stages) - 1)) / len(stages)
    texts = {
        name: wrap(word, max(int(width / 0.152), 10))
        for name, word in zip(stage_of, words, strict=True)
    }
    heights = {name: (text.count("\n") + 1) * LINE_CM + 0.3 for name, text in texts.items()}
    columns = {stage: [name for name, s in stage_of.items() if s == stage] for stage in stages}
    tallest = max(_stack(heights, names) for names in columns.values())
    boxes = {}
    for place, names in enumerate(columns.values()):
        top = HEAD_CM + (tallest - _stack(heights, names)) / 2
        for name in names:
            left = place * (width + ARROW_CM)
            boxes[name] = Box(left, top, width, heights[name], texts[name])
            top += heights[name] + GAP_CM
    return boxes, HEAD_CM + tallest + 0.2


def _stack(heights: dict[str, float], names: list[str]) -> float:
    return sum(heights[name] for name in names) + GAP_CM * (len(names) - 1)


def _draw_box(ax: Axes, box: Box) -> None:
    patch = FancyBboxPatch(
        (box.x + 0.05, box.y),
        box.width - 0.1,
        box.height,
        boxstyle="round,pad=0,rounding_size=0.1",
        facecolor="#eef4f9",
        edgecolor="#0b4f7d",
        linewidth=0.8,
    )
    ax.add_patch(patch)
    middle = box.x + box.width / 2, box.y + box.height / 2
    ax.text(*middle, box.text, fontsize=6.6, ha="center", va="center", color=INK, linespacing=1.15)


def _draw_link(ax: Axes, start: Box, end: Box) -> None:
    forward = end.x > start.x
    ends = (
        (start.x + start.width - 0.05, start.y + start.height / 2),
        (end.x + 0.05, end.y + end.height / 2),
    )
    if not forward:
        ends = (
            (start.x + start.width / 2, start.y + start.height),
            (end.x + end.width / 2, end.y + (0 if end.y > start.y else end.height)),
        )
    arrow = FancyArrowPatch(
        *ends,
        arrowstyle="-|>",
        mutation_scale=7,
        color=MUTED,
        linewidth=0.8,
        linestyle="-" if forward else (0, (3, 2)),
        connectionstyle="arc3,rad=0" if forward else "arc3,rad=0.2",
        zorder=0,
    )
    ax.add_patch(arrow)
