"""What closes the analysis of effects: the contribution of each link, the default answer."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.impact.effetti import ALL_ROWS, CR2
from bgest_analysis.pages.build import note, title, unavailable
from bgest_analysis.pages.effetti.parole import in_unit, interval
from bgest_analysis.pages.modello.prove import SAID, Evidence, direction
from bgest_analysis.pages.modello.teoria import contribution
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

CODES = {"autonomia": "E3", "attivazione": "M6", "attesa": "M8"}
WISHED = {"autonomia": 1, "attivazione": 1, "attesa": -1}
NAMES = {
    "autonomia": T("autonomia dopo l'adozione, rispetto a chi non aveva adottato: {v} ({ci})"),
    "attivazione": T("attivazione dopo l'adozione, rispetto a chi non aveva adottato: {v} ({ci})"),
    "attesa": T("giorni di attesa dopo l'adozione, rispetto a chi non aveva adottato: {v} ({ci})"),
}


def from_effects(stime: pd.DataFrame) -> list[Evidence]:
    """Return what the estimates say, towards what the model wishes (shorter waits)."""
    if "esito" not in stime.columns:
        return []
    rows = stime[(stime["metodo"] == CR2) & (stime["variante"] == ALL_ROWS)]
    found = []
    for row in rows.to_dict("records"):
        if is_missing(row["stima"]):
            continue
        sign = WISHED[row["esito"]]
        ends = sorted((sign * row["basso"], sign * row["alto"]))
        template = NAMES[row["esito"]].template
        text = Message(template, {"v": in_unit(row, "stima"), "ci": interval(row)})
        found.append(Evidence(CODES[row["esito"]], direction(*ends), text))
    return found


def answer(
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    evidence: Sequence[Evidence],
    stime: pd.DataFrame,
    source: Message,
) -> list[Block]:
    """Return the contribution rows with the estimates as evidence: they count above levels."""
    own = from_effects(stime)
    codes = {item.codice for item in own}
    others = [item for item in evidence if item.codice not in codes or item.verso == SAID]
    return [*contribution(nodes, links, [*others, *own], source), _note()]


def missing() -> list[Block]:
    """Say what the contribution would need."""
    return [
        title("sez_contributo", T("Ha funzionato? Il contributo, nesso per nesso")),
        unavailable(
            "contributo",
            T("L'analisi del contributo non si può fare: manca la teoria del cambiamento."),
            T("le tabelle teoria_nodi e teoria_nessi, indicate in study.toml [tabelle]."),
        ),
    ]


def _note() -> Block:
    return note(
        "contributo_limiti",
        T(
            "Questa è la risposta di base alla domanda «ha funzionato?»: le stime di effetto vi "
            "entrano come una prova tra le altre, accanto alle parole di interviste, gruppi e "
            "verbali, che stanno per esteso nell'analisi delle percezioni."
        ),
    )
