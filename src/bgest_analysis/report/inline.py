"""One block as a fragment of HTML, for a notebook's reader: what ``run.show`` displays."""

from __future__ import annotations

from markupsafe import Markup

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.report.charts.render import ChartStyle, Figures, render_chart
from bgest_analysis.report.dossier import Section
from bgest_analysis.report.html.render import block_view, environment
from bgest_analysis.report.labels import LABELS, labels
from bgest_analysis.report.numbering import Numbering, Target
from bgest_analysis.text.messages import Message

STYLE = (
    ".bgest-block{max-width:60rem;line-height:1.5}"
    ".bgest-block table{border-collapse:collapse;margin:0}"
    ".bgest-block .scroll{overflow-x:auto}"
    ".bgest-block caption,.bgest-block figcaption{text-align:left;padding:.3rem 0}"
    # named through .scroll, so that Lab's own rule (all to the right) gives way
    ".bgest-block .scroll th,.bgest-block .scroll td{padding:.25rem .8rem .25rem 0;"
    "text-align:left;vertical-align:top}"
    ".bgest-block .scroll tbody th{font-weight:400}"
    ".bgest-block thead th{border-bottom:2px solid currentColor}"
    ".bgest-block .scroll .num{text-align:right;font-variant-numeric:tabular-nums}"
    ".bgest-block figure{margin:0}"
    ".bgest-block .picture{background:#fff;max-width:46rem}"
    ".bgest-block .picture svg{width:100%;height:auto}"
    ".bgest-block .under{font-size:.88em;opacity:.85}"
    ".bgest-block .under span{display:block}"
    ".bgest-block .under .badge{display:inline-block}"
    ".bgest-block .note,.bgest-block .warning{border-left:4px solid #0b4f7d;padding:.4rem .9rem}"
    ".bgest-block .warning{border-color:#d55e00}"
    ".bgest-block .tag{font-weight:700;margin:0}"
    ".bgest-block .badge{font-weight:700;background:#fff3d6;color:#3f2800;padding:0 .4rem}"
    ".bgest-block .visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%)}"
)


def block_html(block: Block, language: str, style: ChartStyle | None = None) -> str:
    """Return a fragment that shows one block, unnumbered.

    Parameters
    ----------
    style
        Colours and borders for figures; without it a figure shows its data only.
    """
    section = Section("nb", Message("{id}", {"id": block.id}), (block,))
    view = block_view(
        block, section, _one_target(block), language, _pictures(block, language, style)
    )
    page = {
        "language": language,
        "style": Markup(STYLE),  # noqa: S704 (our own)
        "label": labels(language),
        "block": view,
        "level": min(block.level + 1, 4),
    }
    return environment().get_template("fragment.html.j2").render(page)


def _one_target(block: Block) -> Numbering:
    words = {Kind.TABLE: "tabella", Kind.FIGURE: "figura"}
    if block.kind not in words:
        return Numbering({})
    label = LABELS[words[block.kind]]
    return Numbering({("nb", block.id): Target(block.id, block.kind, "", label, block.text)})


def _pictures(block: Block, language: str, style: ChartStyle | None) -> Figures:
    if block.kind is not Kind.FIGURE or style is None:
        return {}
    return {("nb", block.id): render_chart(block, language, style)}
