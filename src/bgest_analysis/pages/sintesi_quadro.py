"""Joint display of figures and words, and recommendations, from the headline results only."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.build import paragraph, table, title
from bgest_analysis.pages.sintesi import MULTIVERSE, Row, chosen, name_of, range_of, value_of
from bgest_analysis.pages.temi import WORDS
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

AGREE, DIFFER, SILENT = T("concordano"), T("divergono"), T("tacciono")
PRESENT_FROM = 0.5  # a theme in at least half of the documents
CHANGES = ("E3",)  # figures that say something only where their interval excludes zero
NOTHING = T("Nessuna raccomandazione: non ci sono risultati deboli, o mancano.")
# For each code, what to do where the figure is weak or not estimable.
WEAK = {
    "P4": T("caricare la cittadinanza per comune e risolvere le schede doppie"),
    "M3": T("registrare la fase in ogni intervento e ricodificarne un campione in doppio"),
    "M6": T("registrare l'orientamento e misurare l'accordo su un campione in doppio"),
    "M7": T("registrare come righe anche le richieste rimaste senza mediatore"),
    "M8": T("registrare la data della richiesta oltre a quella dell'intervento"),
    "E1": T("raccogliere le risposte senza il mediatore che ha seguito la persona"),
    "E3": T("documentare le date di adozione e l'autonomia all'inizio e alla fine di ogni caso"),
    "F2": T("collegare ore e spese allo stesso progetto e allo stesso ente"),
    "R1": T("tenere i fogli presenze di ogni incontro dei tre livelli"),
    "C1": T("usare la cittadinanza per comune al posto della stima per provincia"),
}


def joint_display(results: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Put each finding beside the words of interviews and minutes: agree, differ, silent."""
    own = results[results["ambito"] == area]
    spoken = {
        str(row["codice"]).removeprefix(WORDS): row
        for row in own.to_dict("records")
        if str(row["codice"]).startswith(WORDS)
    }
    rows = [row for _, row in chosen(results, area)]
    head = title("sez_quadro", T("Cifre e parole"))
    if not rows or not any(not is_missing(row["stima"]) for row in spoken.values()):
        return [head, _no_words()]
    records = [_line(row, spoken.get(str(row["codice"]))) for row in rows]
    return [head, _table(pd.DataFrame(records), study, area, source), _reading(records)]


def _no_words() -> Block:
    return paragraph(
        "quadro_muto",
        T("Le parole tacciono: nessun documento codificato riguarda quest'area."),
    )


def _line(row: Row, words: Row | None) -> dict[str, object]:
    said = None if words is None or is_missing(words["stima"]) else float(words["stima"])
    return {
        "cosa": name_of(row),
        "cifre": T("{v} ({r})", v=value_of(row), r=range_of(row)),
        "parole": T("nessun tema collegato")
        if said is None
        else T("tema presente nel {s:pct0} dei documenti", s=said),
        "insieme": _together(row, said),
    }


def _together(row: Row, said: float | None) -> Message:
    """Return whether figure and words say the same; silent where either is missing.

    A figure speaks where it is estimable and, for a change, its interval excludes zero.
    """
    if said is None or is_missing(row["stima"]):
        return SILENT
    speaks = True
    if row["codice"] in CHANGES:
        speaks = not is_missing(row["basso"]) and bool(row["basso"] > 0 or row["alto"] < 0)
    return AGREE if speaks == (said >= PRESENT_FROM) else DIFFER


def _table(frame: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    return table(
        "quadro_tabella",
        frame,
        [
            ("cosa", T("Risultato"), "text"),
            ("cifre", T("Cifre"), "text"),
            ("parole", T("Parole"), "text"),
            ("insieme", T("Insieme"), "text"),
        ],
        caption=T("{area}: che cosa dicono le cifre e le parole", area=study.nome_area(area)),
        alt=T("Tabella di {n:int} risultati con cifre, parole e confronto.", n=len(frame)),
        source=source,
        n=T("risultati: {n:int}", n=len(frame)),
        tables=["ris_09_percezioni"],
    )


def _reading(records: list[dict[str, object]]) -> Block:
    together = [record["insieme"] for record in records]
    return paragraph(
        "quadro_frase",
        T(
            "Concordano {a:int} risultati, divergono {d:int}; per {s:int} le cifre o le parole "
            "tacciono. Concordano: la cifra è stimabile (una variazione, diversa da zero) e il "
            "tema è in almeno metà dei documenti; divergono: una parla e l'altro no. Un tema non "
            "ha segno: se ne parli in bene o in male si legge nei documenti.",
            a=together.count(AGREE),
            d=together.count(DIFFER),
            s=together.count(SILENT),
        ),
    )


def multiverse(results: pd.DataFrame, area: str) -> list[Block]:
    """Say how many figures keep their conclusion over the declared choices."""
    rows = results[(results["ambito"] == area) & (results["analisi"] == MULTIVERSE)]
    known = rows[rows["stima"].notna()]
    if known.empty:
        return []
    lines = [
        T("{name} {v:pct0}", name=name_of(row), v=row["stima"]) for row in known.to_dict("records")
    ]
    return [
        paragraph(
            "multiverso_frase",
            T(
                "Cambiando le scelte dichiarate di calcolo, la conclusione resta la stessa in "
                "questa quota di combinazioni: {lines}.",
                lines=lines,
            ),
        )
    ]


def recommendations(results: pd.DataFrame, area: str) -> list[Block]:
    """Return what to do so that the weak findings become firm; they stand apart from findings."""
    weak = [
        row
        for _, row in chosen(results, area)
        if row["forza"] in ("debole", "non stimabile") and row["codice"] in WEAK
    ]
    lines = [T("{name}: {do}", name=name_of(row), do=WEAK[str(row["codice"])]) for row in weak]
    return [
        title("sez_raccomandazioni", T("Raccomandazioni, a parte dai risultati")),
        *[paragraph(f"raccomandazione_{i}", line) for i, line in enumerate(lines, start=1)],
        *([] if lines else [paragraph("raccomandazione_0", NOTHING)]),
        paragraph(
            "raccomandazioni_nota",
            T(
                "Riguardano i dati che renderebbero solide le cifre deboli; le raccomandazioni "
                "sul modello spettano agli organi del progetto, sui risultati qui sopra."
            ),
        ),
    ]
