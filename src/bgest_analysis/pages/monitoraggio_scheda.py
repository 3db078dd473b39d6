"""The quarterly sheet as one table, in the order of the official form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import note, table, title, unavailable
from bgest_analysis.pages.fondi import HEADINGS
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T

ALL = "tutti"
SECTIONS = {
    "generali": T("1. Dati generali"),
    "anagrafica": T("2. Scheda anagrafica"),
    "procedurale": T("3. Scheda procedurale"),
    "rete": T("4. Soggetti coinvolti nella rete"),
    "wbs": T("5. Attività WBS"),
    "fisica": T("6. Scheda fisica"),
    "finanziaria": T("7. Scheda finanziaria"),
}
TO_WRITE = T("da scrivere: non è tra i dati")
Row = tuple[str, Message | str, Message | str]


def sheet(
    frames: Mapping[str, pd.DataFrame], study: Study, quarter: str, source: Message
) -> list[Block]:
    """Return the sheet of a quarter (the last one with indicators, if none is named).

    Parameters
    ----------
    frames
        ``ind_indicatori_trimestri`` and, when they were made, ``ind_attivita``,
        ``ind_spesa_trimestri``, ``ind_budget``.
    """
    quarters = sorted(set(frames["ind_indicatori_trimestri"]["trimestre"]))
    chosen = quarter or quarters[-1]
    if chosen not in quarters:
        need = T("le schede di quel trimestre; ci sono: {q}.", q=quarters)
        return [unavailable("scheda", T("Il trimestre chiesto non ha dati."), need)]
    rows = list(_rows(frames, study, chosen))
    blank = pd.DataFrame(index=range(len(rows)))
    shown = with_words(
        blank,
        sezione=[SECTIONS[section] for section, _, _ in rows],
        campo=[field for _, field, _ in rows],
        valore=[value for _, _, value in rows],
    )
    return [
        title("sez_scheda", T("Scheda trimestrale")),
        table(
            "scheda_trimestrale",
            shown,
            [
                ("sezione", T("Sezione"), "text"),
                ("campo", T("Campo"), "text"),
                ("valore", T("Valore"), "text"),
            ],
            caption=T("Scheda trimestrale, {q}", q=chosen),
            alt=T("Tabella di {n} campi nell'ordine della scheda ufficiale.", n=len(rows)),
            source=source,
            n=T("{n:int} campi", n=len(rows)),
            tables=sorted(frames),
        ),
        note(
            "scheda_nota",
            T(
                "L'ordine è quello della scheda descritta nelle linee guida FAMI 2014-2020; i "
                "campi che i dati non contengono sono segnati. Non sostituisce l'invio ufficiale."
            ),
        ),
    ]


def _rows(frames: Mapping[str, pd.DataFrame], study: Study, quarter: str) -> Iterator[Row]:
    yield from _general(study, quarter)
    for field in (T("Punti di forza"), T("Scostamenti dal cronoprogramma"),
                  T("Criticità e soluzioni"), T("Variazioni del gruppo di lavoro")):  # fmt: skip
        yield "procedurale", field, TO_WRITE
    yield from _network(study)
    yield from _activities(frames.get("ind_attivita"))
    yield from _physical(frames["ind_indicatori_trimestri"], quarter)
    yield from _financial(frames.get("ind_spesa_trimestri"), frames.get("ind_budget"), quarter)


def _general(study: Study, quarter: str) -> Iterator[Row]:
    project = study.progetto
    unknown = T("non nota")
    yield "generali", T("Progetto"), study.titolo
    yield "generali", T("Codice"), project.codice or T("non indicato")
    yield "generali", T("Trimestre"), quarter
    yield "anagrafica", T("Fondo"), project.fondo
    yield (
        "anagrafica",
        T("Data di inizio"),
        T("{d:date}", d=project.dal) if project.dal else unknown,
    )
    yield "anagrafica", T("Data di fine"), T("{d:date}", d=project.al) if project.al else unknown


def _network(study: Study) -> Iterator[Row]:
    bodies = study.tabelle.get("enti")
    if bodies is None:
        yield "rete", T("Enti"), TO_WRITE
        return
    for name, role in zip(bodies["nome"], bodies["ruolo_progetto"], strict=True):
        yield "rete", str(name), str(role).replace("_", " ")


def _activities(rows: pd.DataFrame | None) -> Iterator[Row]:
    if rows is None:
        yield "wbs", T("Attività"), TO_WRITE
        return
    for _, row in rows.iterrows():
        field = T("{c} {t}", c=row["attivita_id"], t=row["titolo"])
        values = {"r": row["realizzato"], "p": row["previsto"]}
        yield "wbs", field, T("{r:qty1} su {p:qty1} (a oggi)", **values)


def _physical(rows: pd.DataFrame, quarter: str) -> Iterator[Row]:
    for _, row in rows[rows["trimestre"] == quarter].iterrows():
        field = T("{c} ({u})", c=row["codice"], u=row["unita"])
        values = {"c": row["cumulativo"], "a": row["atteso"], "v": row["versioni"]}
        yield "fisica", field, T("{c:qty1} su {a:qty1}; versioni {v:int}", **values)


def _financial(
    spent: pd.DataFrame | None, budget: pd.DataFrame | None, quarter: str
) -> Iterator[Row]:
    if spent is None or budget is None:
        yield "finanziaria", T("Spese"), TO_WRITE
        return
    now = spent[spent["trimestre"] == quarter]
    for _, row in now.iterrows():
        yield "finanziaria", T("Rendicontato nel trimestre"), _euro(row["rendicontato_eur"])
        yield "finanziaria", T("Rendicontato, cumulato"), _euro(row["cumulato_eur"])
    headings = budget[(budget["ente_id"] == ALL) & (budget["voce"] != ALL)]
    for _, row in headings.iterrows():
        values = {"r": row["rendicontato_eur"], "u": row["ultimo_eur"]}
        field = HEADINGS.get(row["voce"], row["voce"])
        yield "finanziaria", field, T("{r:eur2} su {u:eur2} (a oggi)", **values)


def _euro(value: object) -> Message:
    return T("{v:eur2}", v=value)
