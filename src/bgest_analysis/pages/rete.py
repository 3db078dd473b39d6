"""Blocks on the network: seats and levels of the governance, what attendance would add."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import (
    figure,
    note,
    paragraph,
    table,
    title,
    unavailable,
)
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TABLE = "ind_seggi"
ORGANS = {
    "cabina_regia": T("Cabina di Regia"),
    "equipe_tecnica": T("Équipe Tecnica"),
    "livello_operativo": T("Livello operativo"),
}
NO_SEAT = T("nessuno")


def organ_name(organ: str) -> Message | str:
    """Return the name of an organ; one the product does not know keeps its own words."""
    return ORGANS.get(organ, organ.replace("_", " "))


def organs(seggi: pd.DataFrame) -> list[str]:
    """Return the organs in the order of the levels, then any others."""
    present = list(dict.fromkeys(seggi["organo"]))
    return [o for o in ORGANS if o in present] + [o for o in present if o not in ORGANS]


def opening(seggi: pd.DataFrame) -> Block:
    """Say how many bodies there are, and how many sit where."""
    seats = seggi[seggi["seggio"]]
    bodies = seggi["ente_id"].nunique()
    counts = [
        T("{organ} {n:int}", organ=organ_name(o), n=int((seats["organo"] == o).sum()))
        for o in organs(seggi)
    ]
    return paragraph(
        "seggi_frase",
        T(
            "Gli enti della rete sono {bodies:int}; ne hanno almeno un seggio dichiarato "
            "{seated:int}. Enti con seggio per livello: {counts}.",
            bodies=bodies,
            seated=seats["ente_id"].nunique(),
            counts=counts,
        ),
    )


def without_seat(seggi: pd.DataFrame) -> Block:
    """Name the bodies that no organ lists."""
    seated = set(seggi[seggi["seggio"]]["ente_id"])
    absent = seggi[~seggi["ente_id"].isin(seated)].drop_duplicates("ente_id")
    if absent.empty:
        return paragraph("senza_seggio", T("Tutti gli enti della rete hanno almeno un seggio."))
    return paragraph(
        "senza_seggio",
        T(
            "Non risulta alcun seggio per: {names}. I mediatori e le mediatrici non hanno un "
            "seggio proprio: la loro presenza agli incontri si può misurare solo dai verbali.",
            names=sorted(absent["ente"]),
        ),
    )


def seats_matrix(seggi: pd.DataFrame, source: Message) -> Block:
    """Draw bodies against organs."""
    shown = with_words(seggi, organo_nome=[organ_name(o) for o in seggi["organo"]])
    shown = shown.assign(valore=seggi["seggio"].astype("Int64"))
    order = {organ: i for i, organ in enumerate(organs(seggi))}
    shown = shown.sort_values("organo", key=lambda c: c.map(order), kind="stable")
    return figure(
        "seggi_grafico",
        ChartKind.MATRICE,
        shown,
        [
            ("ente", T("Ente"), "text"),
            ("organo_nome", T("Organo"), "text"),
            ("valore", T("Seggio"), "int"),
        ],
        {"x": "organo_nome", "y": "valore", "group": "ente"},
        caption=T("Chi siede dove: enti e organi del progetto"),
        alt=T(
            "Matrice di {bodies:int} enti per {organs:int} organi: {seats:int} seggi.",
            bodies=seggi["ente_id"].nunique(),
            organs=seggi["organo"].nunique(),
            seats=int(seggi["seggio"].sum()),
        ),
        source=source,
        n=T("{bodies:int} enti", bodies=seggi["ente_id"].nunique()),
        tables=[TABLE],
        unit=T("seggio dichiarato"),
        options={"presenza": True},
    )


def seats_table(seggi: pd.DataFrame, source: Message) -> Block:
    """List the seats, with the wording of the source."""
    order = {organ: i for i, organ in enumerate(organs(seggi))}
    seats = seggi[seggi["seggio"]].sort_values("organo", key=lambda c: c.map(order), kind="stable")
    shown = with_words(seats, organo_nome=[organ_name(o) for o in seats["organo"]])
    return table(
        "seggi_tabella",
        shown,
        [
            ("organo_nome", T("Organo"), "text"),
            ("ente", T("Ente"), "text"),
            ("come_scritto", T("Come è scritto nella fonte"), "text"),
        ],
        caption=T("I seggi dichiarati, livello per livello"),
        alt=T("Tabella di {n} seggi con organo, ente e dicitura.", n=len(shown)),
        source=source,
        n=T("{n:int} seggi", n=len(shown)),
        tables=[TABLE],
    )


def own_seats(seggi: pd.DataFrame, study: Study, area: str) -> list[Block]:
    """Say in which organs the bodies of one Ambito sit."""
    if area == DISTRETTO:
        return []
    own = seggi[(seggi["ambito_id"] == area) & seggi["seggio"]]
    sits = [organ_name(o) for o in organs(seggi) if o in set(own["organo"])]
    misses = [organ_name(o) for o in organs(seggi) if o not in set(own["organo"])]
    return [
        paragraph(
            "seggi_ambito",
            T(
                "Enti di {area} con un seggio: {bodies:int}. Organi in cui siedono: {sits}. "
                "Organi in cui non siedono: {misses}.",
                area=study.nome_area(area),
                bodies=own["ente_id"].nunique(),
                sits=sits or [NO_SEAT],
                misses=misses or [NO_SEAT],
            ),
        )
    ]


def seats_note() -> Block:
    """Say what declared seats can and cannot show."""
    return note(
        "seggi_nota",
        T(
            "I seggi sono quelli scritti nelle slide del progetto: dicono chi è previsto, non chi "
            "ha partecipato. Le date di inizio e di fine dei seggi non sono note."
        ),
    )


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading and its question."""
    return [
        title("titolo", T("Rete e governance: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domanda valutativa (coerenza): come funziona il governo del progetto, chi siede e "
                "chi partecipa ai tre livelli (strategia, modello, territori)?"
            ),
        ),
        title("sez_seggi", T("I seggi dichiarati")),
    ]


def seats(seggi: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Return all blocks on declared seats."""
    return [
        opening(seggi),
        *own_seats(seggi, study, area),
        seats_matrix(seggi, source),
        without_seat(seggi),
        seats_table(seggi, source),
        seats_note(),
    ]


def seats_missing() -> Block:
    """Say what the seats would need."""
    return unavailable(
        "seggi",
        T("I seggi degli organi non sono dichiarati in questo studio."),
        T("le tabelle enti e composizione_organi, indicate in study.toml [tabelle]."),
    )


def headline(seggi: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return how many bodies have a seat, as fields of ``notebook.door.Result``."""
    own = seggi if area == DISTRETTO else seggi[seggi["ambito_id"] == area]
    return {
        "codice": "G1",
        "ambito": area,
        "stima": float(own[own["seggio"]]["ente_id"].nunique()),
        "basso": None,
        "alto": None,
        "n": int(own["ente_id"].nunique()),
        "intervallo": "nessuno: elenco completo",
        "forza": "media",
        "blocco": "seggi_tabella",
    }
