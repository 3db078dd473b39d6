"""How a study's figures look: its Ambiti's colours and where its maps come from."""

from __future__ import annotations

from bgest_analysis.report.charts.drawing import MapSource
from bgest_analysis.report.charts.render import ChartStyle
from bgest_analysis.report.theme import Palette
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import T
from bgest_analysis.vocabulary.geometria import CITAZIONE, load_geometria


def chart_style(study: Study) -> ChartStyle:
    """Return the style all figures of a study share."""
    comuni = study.comuni
    maps = MapSource(
        load=load_geometria,
        ambito_of=dict(zip(comuni["cod_istat"], comuni["ambito_id"], strict=True)),
        note=T("{fonte}", fonte=CITAZIONE),
    )
    names = tuple((ambito.ambito_id, ambito.nome) for ambito in study.ambiti)
    return ChartStyle(palette=Palette(names), maps=maps)
