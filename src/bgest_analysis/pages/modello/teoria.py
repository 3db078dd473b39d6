"""The logic model: drawn first, then each link with what speaks for it and against it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.prove import AGAINST, FOR, LEVEL, SAID, UNCLEAR, Evidence
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T

STAGES = {
    "input": T("Risorse"),
    "attivita": T("Attività"),
    "meccanismo": T("Meccanismi"),
    "esito": T("Esiti"),
}
NODES, LINKS = "ind_teoria_nodi", "ind_teoria_nessi"
NOTHING = T("nessuna prova disponibile")
CODED_WORDS = T("le parole codificate di interviste, gruppi e verbali")
COMPARISON = T("un confronto con chi non applica il modello")
STRENGTHS = {
    FOR: T("media: a favore, senza un confronto esterno"),
    AGAINST: T("media: contro, senza un confronto esterno"),
    UNCLEAR: T("debole: i dati non decidono"),
    LEVEL: T("debole: solo il livello, non il cambiamento"),
    SAID: T("debole: solo parole, nessuna cifra"),
    "": T("nessuna"),
}


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading and its questions."""
    return [
        title("titolo", T("Il modello di mediazione: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domande valutative (efficacia): la mediazione è uno strumento integrato nei "
                "servizi, con il mediatore nella lettura delle situazioni e nella progettazione? "
                "Il lavoro è passato dall'assistenza all'attivazione? Gli Ambiti convergono su un "
                "modello comune?"
            ),
        ),
    ]


def theory_missing() -> Block:
    """Say what the logic model would need."""
    return unavailable(
        "teoria",
        T("Il modello logico non è dichiarato in questo studio."),
        T("le tabelle teoria_nodi e teoria_nessi, indicate in study.toml [tabelle]."),
    )


def theory(nodes: pd.DataFrame, links: pd.DataFrame, source: Message) -> list[Block]:
    """Draw the logic model and say where each part comes from."""
    return [
        title("sez_teoria", T("La teoria del cambiamento")),
        _theory_sentence(nodes, links),
        _diagram(nodes, links, source),
        _nodes_table(nodes, source),
    ]


def _theory_sentence(nodes: pd.DataFrame, links: pd.DataFrame) -> Block:
    from_slides = int((nodes["origine"] == "slide").sum())
    return paragraph(
        "teoria_frase",
        T(
            "Il modello logico ha {nodes:int} elementi e {links:int} nessi. {slides:int} elementi "
            "vengono dalle slide del progetto, {own:int} sono proposte di questo studio, da "
            "discutere con la rete.",
            nodes=len(nodes),
            links=len(links),
            slides=from_slides,
            own=len(nodes) - from_slides,
        ),
    )


def _diagram(nodes: pd.DataFrame, links: pd.DataFrame, source: Message) -> Block:
    order = {stage: i for i, stage in enumerate(STAGES)}
    shown = nodes.sort_values("tipo", key=lambda c: c.map(order), kind="stable")
    shown = with_words(shown, fase=[STAGES.get(kind, kind) for kind in shown["tipo"]])
    return figure(
        "teoria_schema",
        ChartKind.SCHEMA,
        shown,
        [
            ("nodo_id", T("Codice"), "text"),
            ("titolo", T("Elemento"), "text"),
            ("fase", T("Parte"), "text"),
        ],
        {"x": "nodo_id", "y": "nodo_id", "group": "fase", "label": "titolo"},
        caption=T("Il modello logico del progetto"),
        alt=T(
            "Schema da sinistra a destra: {stages}; {links:int} frecce collegano gli elementi.",
            stages=[
                T("{stage} {n:int}", stage=name, n=int((nodes["tipo"] == kind).sum()))
                for kind, name in STAGES.items()
            ],
            links=len(links),
        ),
        source=source,
        n=T("{nodes:int} elementi, {links:int} nessi", nodes=len(nodes), links=len(links)),
        tables=[NODES, LINKS],
        unit=T("elementi del modello"),
        options={"nessi": list(zip(links["da_nodo"], links["a_nodo"], strict=True))},
    )


def _nodes_table(nodes: pd.DataFrame, source: Message) -> Block:
    shown = with_words(
        nodes,
        parte=[STAGES.get(kind, kind) for kind in nodes["tipo"]],
        codici=[code.replace("|", ", ") for code in nodes["indicatori"]],
    )
    return table(
        "teoria_nodi",
        shown,
        [
            ("nodo_id", T("Codice"), "text"),
            ("parte", T("Parte"), "text"),
            ("titolo", T("Elemento"), "text"),
            ("descrizione", T("Che cosa significa"), "text"),
            ("codici", T("Indicatori"), "text"),
            ("fonte", T("Fonte"), "text"),
        ],
        caption=T("Gli elementi del modello logico, con gli indicatori che li misurano"),
        alt=T("Tabella di {n} elementi con descrizione, indicatori e fonte.", n=len(shown)),
        source=source,
        n=T("{n:int} elementi", n=len(shown)),
        tables=[NODES],
    )


def contribution(
    nodes: pd.DataFrame, links: pd.DataFrame, evidence: Sequence[Evidence], source: Message
) -> list[Block]:
    """Return the contribution rows: each link, what was expected, evidence, rivals, strength.

    ``evidence`` is whatever the analyses have found so far: of an indicator one figure at most,
    and the themes of coded documents that go with it.
    """
    codes = [[code for code in text.split("|") if code] for text in links["indicatori"]]
    per_link = [[item for code in row for item in evidence if item.codice == code] for row in codes]
    names = nodes.set_index("nodo_id")["titolo"]
    shown = with_words(
        links,
        nesso=[
            T("{code}. {a} → {b}. Ci si attende: {why}", code=i, a=names[a], b=names[b], why=why)
            for i, a, b, why in zip(
                links["nesso_id"],
                links["da_nodo"],
                links["a_nodo"],
                links["assunto"],
                strict=True,
            )
        ],
        prove=[_texts(items) for items in per_link],
        forza=[STRENGTHS[verdict_of(items)] for items in per_link],
        manca=[_missing(*pair) for pair in zip(codes, per_link, strict=True)],
    )
    return [
        title("sez_contributo", T("Ha funzionato? Il contributo, nesso per nesso")),
        _verdicts_sentence([verdict_of(items) for items in per_link]),
        _contribution_table(shown, source),
        _contribution_note(),
    ]


def _texts(items: Sequence[Evidence]) -> Message:
    if not items:
        return NOTHING
    texts = [T("{verso}: {t}", verso=item.parola, t=item.testo) for item in items]
    return reduce(lambda a, b: T("{a}; {b}", a=a, b=b), texts)


def verdict_of(items: Sequence[Evidence]) -> str:
    """Return what the evidence of one link says together."""
    verdicts = {item.verso for item in items}
    if {FOR, AGAINST} <= verdicts:
        return UNCLEAR
    return next((v for v in (FOR, AGAINST, UNCLEAR, LEVEL, SAID) if v in verdicts), "")


def _missing(codes: Sequence[str], items: Sequence[Evidence]) -> Message:
    measured = {item.codice for item in items if item.verso != SAID}
    lacking = [code for code in codes if code not in measured]
    words = any(item.verso == SAID for item in items)
    if lacking and words:
        return T("indicatori {codes}", codes=lacking)
    if lacking:
        return T(
            "indicatori {codes}; le parole codificate di interviste, gruppi e verbali",
            codes=lacking,
        )
    return COMPARISON if words else CODED_WORDS


def _verdicts_sentence(verdicts: Sequence[str]) -> Block:
    return paragraph(
        "contributo_frase",
        T(
            "Su {n:int} nessi, le cifre disponibili parlano a favore di {yes:int} e contro "
            "{no:int}; per {unclear:int} non decidono, per {level:int} c'è solo il livello di un "
            "indicatore, per {said:int} ci sono solo parole, per {none:int} non c'è ancora alcuna "
            "prova.",
            n=len(verdicts),
            yes=verdicts.count(FOR),
            no=verdicts.count(AGAINST),
            unclear=verdicts.count(UNCLEAR),
            level=verdicts.count(LEVEL),
            said=verdicts.count(SAID),
            none=verdicts.count(""),
        ),
    )


def _contribution_table(shown: pd.DataFrame, source: Message) -> Block:
    return table(
        "contributo",
        shown,
        [
            ("nesso", T("Nesso e assunto"), "text"),
            ("prove", T("Prove a favore e contro"), "text"),
            ("spiegazione_rivale", T("Spiegazione rivale"), "text"),
            ("forza", T("Solidità"), "text"),
            ("manca", T("Che cosa manca"), "text"),
        ],
        caption=T("Analisi del contributo: che cosa ci si attendeva e che cosa dicono i dati"),
        alt=T("Tabella di {n} nessi con prove, spiegazioni rivali e solidità.", n=len(shown)),
        source=source,
        n=T("{n:int} nessi", n=len(shown)),
        tables=[NODES, LINKS],
    )


def _contribution_note() -> Block:
    return note(
        "contributo_nota",
        T(
            "Un tema non ha segno: dice che se ne parla, in bene o in male si legge nei documenti. "
            "Tutti gli Ambiti applicano il modello: non c'è un gruppo senza modello con cui "
            "confrontarsi. Un cambiamento nel tempo è compatibile con il modello e anche con le "
            "spiegazioni rivali (COVID-19, Ucraina, altri fondi, turnover): per questo nessuna "
            "riga può avere solidità forte."
        ),
    )
