"""All indicators, in an order in which each finds what it reads."""

from __future__ import annotations

from bgest_analysis.indicators import (
    affidabilita,
    ascolto,
    attese,
    casi,
    codifica,
    confronto,
    copertura,
    costi,
    domanda,
    effetti,
    fasi,
    fondi,
    mediazione,
    monitoraggio,
    presenze,
    previsione,
    programmazione,
    qualita,
    relazioni,
    rete,
    rete_incontri,
    segregazione,
    teoria,
    territorio,
)
from bgest_analysis.indicators.model import Indicator

INDICATORS: tuple[Indicator, ...] = (
    *territorio.INDICATORS,
    *confronto.INDICATORS,
    *segregazione.INDICATORS,
    *rete.INDICATORS,
    *presenze.INDICATORS,
    *rete_incontri.INDICATORS,
    *relazioni.INDICATORS,
    *mediazione.INDICATORS,
    *fasi.INDICATORS,
    *codifica.INDICATORS,
    *casi.INDICATORS,
    *copertura.INDICATORS,
    *domanda.INDICATORS,
    *attese.INDICATORS,
    *effetti.INDICATORS,
    *ascolto.INDICATORS,
    *teoria.INDICATORS,
    *fondi.INDICATORS,
    *costi.INDICATORS,
    *monitoraggio.INDICATORS,
    *programmazione.INDICATORS,
    *previsione.INDICATORS,
    *affidabilita.INDICATORS,
    *qualita.INDICATORS,
)
BY_NAME = {indicator.table.full_name: indicator for indicator in INDICATORS}
