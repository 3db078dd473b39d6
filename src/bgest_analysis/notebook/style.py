"""How a study's figures look: its Ambiti's colours and where its maps come from."""

from __future__ import annotations

from functools import partial

from bgest_analysis.report.charts.drawing import MapSource
from bgest_analysis.report.charts.render import ChartStyle
from bgest_analysis.report.theme import Palette
from bgest_analysis.study.borders import borders_source, load_borders
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import T


def chart_style(study: Study) -> ChartStyle:
    """Return the style all figures of a study share."""
    comuni = study.comuni
    maps = MapSource(
        load=partial(load_borders, study),
        ambito_of=dict(zip(comuni["cod_istat"], comuni["ambito_id"], strict=True)),
        note=T("{fonte}", fonte=borders_source(study)),
    )
    names = tuple((ambito.ambito_id, ambito.nome) for ambito in study.ambiti)
    return ChartStyle(palette=Palette(names), maps=maps)
