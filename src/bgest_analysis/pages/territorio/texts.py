"""Headings of the territorial profile."""

from __future__ import annotations

from bgest_analysis.blocks import Block
from bgest_analysis.pages.build import paragraph, title
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T


def heading(study: Study, area: str) -> Block:
    """Make the analysis' own heading."""
    return title("titolo", T("Il territorio: {area}", area=study.nome_area(area)), level=1)


TITLES: dict[str, Block] = {
    "domanda": paragraph(
        "domanda",
        T(
            "Domanda valutativa (rilevanza): quanti sono i residenti stranieri e quelli di paesi "
            "non UE, dove vivono, come sono cambiati? È il bisogno potenziale a cui il modello di "
            "integrazione risponde."
        ),
    ),
    "dove": title("sez_dove", T("Dove vivono")),
    "distribuzione": title("sez_distribuzione", T("Come sono distribuiti tra i comuni")),
    "andamento": title("sez_andamento", T("Come è cambiato")),
    "extra_ue": title("sez_extra_ue", T("Dagli stranieri agli extra-UE")),
    "cittadinanze": title("sez_cittadinanze", T("Cittadinanze nella provincia")),
    "redditi": title("sez_redditi", T("Il contesto economico")),
    "slide": title("sez_slide", T("Che cosa misurano le percentuali delle slide")),
}


def range_words(low: float, high: float) -> Message | str:
    """Return the range of the assumption, or nothing where its ends are one."""
    if is_missing(low) or low == high:
        return ""
    return T(
        ": tra {low:pct1} e {high:pct1} secondo l'ipotesi sulla quota extra-UE", low=low, high=high
    )


def method_word(method: str) -> Message:
    """Return how sure a number of non-EU residents is."""
    return T("circa") if method == "stimata" else T("esattamente")
