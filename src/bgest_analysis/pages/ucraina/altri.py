"""What the emergency cost the other users: requests, hours, waits; response times of both."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.impact.ucraina import OTHER_HOURS, OTHER_REQUESTS, OTHER_UNMET, OTHER_WAIT
from bgest_analysis.indicators.ucraina import PERIODS
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title
from bgest_analysis.pages.copertura.attese import COLUMNS
from bgest_analysis.pages.ucraina.ondata import estimates
from bgest_analysis.pages.ucraina.parole import GRUPPI, PERIODI, in_unit, interval, pick, reason
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

TABLE = "ind_ucraina_attese"
MEASURES = (OTHER_REQUESTS, OTHER_HOURS, OTHER_WAIT, OTHER_UNMET)


def displacement(stime: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Return whether the others got fewer hours or waited longer, with uncertainty."""
    head = [
        title("sez_altri", T("Le altre persone hanno avuto meno?")),
        _sentence(stime, study, area),
    ]
    if all(is_missing(pick(stime, measure).get("stima")) for measure in MEASURES):
        return head
    return [
        *head,
        *estimates("altri_tabella", stime, MEASURES, _caption(), source),
        note(
            "altri_nota",
            T(
                "Variazioni del primo giorno, che scendono con lo stesso ritmo dell'ondata (tempo "
                "di dimezzamento da tutte le richieste, preso per noto: l'intervallo non ne tiene "
                "conto). Ore e richieste: "
                "lo stesso modello dell'ondata. Attese e inevase, richieste non urgenti: minimi "
                "quadrati con effetti di Ambito, tendenza, mesi, COVID-19 e adozione del modello, "
                "errori CR2 con i mesi come gruppi. Senza un territorio non toccato dall'emergenza "
                "è un prima-dopo corretto, non un confronto."
            ),
        ),
    ]


def _caption() -> Message:
    return T("Che cosa è cambiato per le altre persone, nelle due versioni per il COVID-19")


def _sentence(stime: pd.DataFrame, study: Study, area: str) -> Block:
    wait, hours = pick(stime, OTHER_WAIT), pick(stime, OTHER_HOURS)
    name = study.nome_area(area)
    if is_missing(wait.get("stima")) and is_missing(hours.get("stima")):
        text = T("{area}: non stimabile: {why}.", area=name, why=reason(str(wait["motivo"])))
        return paragraph("altri_frase", text)
    return paragraph(
        "altri_frase",
        T(
            "{area}, il primo giorno: attesa delle altre persone {w} giorni ({wci}), ore {h} "
            "({hci}). {reading}",
            area=name,
            w=in_unit(wait),
            wci=interval(wait),
            h=in_unit(hours),
            hci=interval(hours),
            reading=_reading(stime),
        ),
    )


def _reading(stime: pd.DataFrame) -> Message:
    """Say whether displacement shows: longer waits or fewer hours, beyond chance."""
    wait, hours = pick(stime, OTHER_WAIT), pick(stime, OTHER_HOURS)
    longer = not is_missing(wait.get("basso")) and float(wait["basso"]) > 0
    fewer = not is_missing(hours.get("alto")) and float(hours["alto"]) < 0
    if longer and fewer:
        return T("C'è un segno di spiazzamento: attese più lunghe e meno ore.")
    if longer:
        return T("C'è un segno di spiazzamento nelle attese, non nelle ore.")
    if fewer:
        return T("C'è un segno di spiazzamento nelle ore, non nelle attese.")
    return T(
        "Gli intervalli comprendono lo zero: uno spiazzamento non si vede, e uno grande quanto i "
        "limiti degli intervalli non si può escludere."
    )


def responses(attese: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Return median waits of both groups before and after the invasion."""
    rows = attese[attese["area"] == area]
    place = {code: i for i, code in enumerate(PERIODS)}
    rows = rows.sort_values(["gruppo", "periodo"], key=lambda c: c.map(place).fillna(c.map(len)))
    blocks = [title("sez_risposta", T("I tempi di risposta"))]
    if rows["mediana"].notna().sum() == 0:
        text = T(
            "{area}: tempi di risposta non stimabili: troppo pochi interventi con una richiesta "
            "datata, o nessuna data dell'invasione.",
            area=study.nome_area(area),
        )
        return [*blocks, paragraph("risposta_frase", text)]
    shown = with_words(
        rows,
        chi=[GRUPPI[code] for code in rows["gruppo"]],
        quando=[PERIODI[code] for code in rows["periodo"]],
    )
    return [*blocks, *_figure(shown, study, area, source), _table(shown, study, area, source)]


def _figure(shown: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    known = shown[shown["mediana"].notna() & shown["mediana_alto"].notna()]
    if known.empty:
        return []
    records = known.to_dict("records")
    known = with_words(
        known, nome=[T("{chi}, {quando}", chi=r["chi"], quando=r["quando"]) for r in records]
    )
    return [
        figure(
            "risposta_grafico",
            ChartKind.PUNTI,
            known,
            [
                ("nome", T("Richieste"), "text"),
                ("mediana", T("Mediana"), "int"),
                ("mediana_basso", T("da"), "int"),
                ("mediana_alto", T("a"), "int"),
            ],
            {"x": "nome", "y": "mediana", "low": "mediana_basso", "high": "mediana_alto"},
            caption=T(
                "{area}: giorni mediani di attesa, per chi e quando", area=study.nome_area(area)
            ),
            alt=T(
                "Mediane tra {a:int} e {b:int} giorni, un punto per gruppo e periodo.",
                a=known["mediana"].min(),
                b=known["mediana"].max(),
            ),
            source=source,
            n=T("{n:int} richieste", n=int(known["richieste"].sum())),
            tables=[TABLE],
            unit=T("giorni, intervallo al 95%"),
        )
    ]


def _table(shown: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    return table(
        "risposta_tabella",
        shown,
        [("chi", T("Per chi"), "text"), ("quando", T("Richiesta"), "text"), *COLUMNS],
        caption=T(
            "{area}: attesa prima e dopo l'invasione (Kaplan–Meier, inevase ancora in attesa)",
            area=study.nome_area(area),
        ),
        alt=T("Tabella di {n:int} righe con mediana e quote entro 2 e 30 giorni.", n=len(shown)),
        source=source,
        n=T("{n:int} gruppi", n=len(shown)),
        tables=[TABLE],
    )
