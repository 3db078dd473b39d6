"""Blocks on funds and costs: projects side by side, double funding, F1, F2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import one_row, with_words
from bgest_analysis.pages.build import (
    figure,
    note,
    paragraph,
    table,
    title,
    unavailable,
)
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

ALL = "tutti"
FUNDS = {"labimpact": T("Lab'Impact"), "altro_fami": T("Altro FAMI"), "comunale": T("Comunale")}
STATES = {
    "concluso": T("concluso"),
    "attivo": T("attivo"),
    "in_costruzione": T("in costruzione"),
}
CHECKS = {
    "interventi_uguali": T("Stesso intervento su due progetti (mediatore, giorno, lingua, minuti)"),
    "servizi_uguali": T("Stesso servizio alla stessa persona, stesso giorno, su due progetti"),
    "spese_uguali": T("Stessa spesa su due progetti"),
    "mesi_impossibili": T("Mesi di un mediatore con più ore di quante ne ha il mese"),
}
HEADINGS = {
    "A": T("A. Personale"),
    "B": T("B. Viaggio e soggiorno"),
    "C": T("C. Immobili"),
    "D": T("D. Attrezzature"),
    "E": T("E. Materiali e forniture"),
    "F": T("F. Subappalti e affidamenti"),
    "G": T("G. Revisore e altri obblighi"),
    "H": T("H. Esperti legali"),
    "I": T("I. Spese per i destinatari"),
    "L": T("L. Altri costi"),
    "IND": T("Costi indiretti"),
    "tutti": T("Tutte le voci"),
}
UNKNOWN_DATE = T("non nota")


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading and its question."""
    return [
        title("titolo", T("Fondi e costi: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domande valutative (efficienza, sostenibilità): quali fondi pagano che cosa, "
                "quanto è stato speso di quanto approvato, quanto costano un'ora e una persona?"
            ),
        ),
    ]


def fund_name(fund: object) -> Message | str:
    """Return the name of a fund."""
    return T("non indicato") if is_missing(fund) else FUNDS.get(str(fund), str(fund))


def projects_table(progetti: pd.DataFrame, source: Message) -> list[Block]:
    """List the projects side by side; unknown dates are said to be so."""
    rows = progetti
    shown = with_words(
        rows,
        fondo_nome=[fund_name(fund) for fund in rows["fondo"]],
        inizio=[_day(day) for day in rows["dal"]],
        fine=[_day(day) for day in rows["al"]],
        stato_nome=[STATES.get(state, state) for state in rows["stato"]],
    )
    unknown = int((rows["dal"].isna() | rows["al"].isna()).sum())
    return [
        title("sez_progetti", T("I progetti, uno accanto all'altro")),
        paragraph(
            "progetti_frase",
            T(
                "I progetti considerati sono {n:int}; di {u:int} non si conosce almeno una data, "
                "che resta vuota e non si inventa.",
                n=len(rows),
                u=unknown,
            ),
        ),
        table(
            "progetti_tabella",
            shown,
            [
                ("titolo", T("Progetto"), "text"),
                ("fondo_nome", T("Fondo"), "text"),
                ("ente_capofila", T("Capofila"), "text"),
                ("inizio", T("Dal"), "text"),
                ("fine", T("Al"), "text"),
                ("stato_nome", T("Stato"), "text"),
                ("fonte", T("Fonte"), "text"),
            ],
            caption=T("Progetti e fondi"),
            alt=T("Tabella di {n} progetti con fondo, capofila, date e stato.", n=len(rows)),
            source=source,
            n=T("{n:int} progetti", n=len(rows)),
            tables=["ind_progetti"],
        ),
    ]


def _day(day: object) -> Message:
    return UNKNOWN_DATE if is_missing(day) else T("{d:date}", d=day)


def hours_by_fund(ore: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show hours and persons of each project in the area."""
    rows = ore[ore["area"] == area].sort_values("ore", ascending=False, kind="stable")
    if rows.empty:
        need = T("interventi registrati nell'area.")
        return [unavailable("ore_fondi", T("Le ore per fondo non si possono dire."), need)]
    shown = with_words(rows, fondo_nome=[fund_name(fund) for fund in rows["fondo"]])
    return [
        title("sez_ore_fondi", T("Ore e persone per fondo")),
        table(
            "ore_fondi_tabella",
            shown,
            [
                ("titolo", T("Progetto"), "text"),
                ("fondo_nome", T("Fondo"), "text"),
                ("interventi", T("Interventi"), "int"),
                ("ore", T("Ore (frontali, viaggio, back-office)"), "dec1"),
                ("quota_ore", T("Quota delle ore"), "pct1"),
                ("persone", T("Persone"), "int"),
            ],
            caption=T("Ore e persone per progetto: {area}", area=study.nome_area(area)),
            alt=T("Tabella di {n} progetti con interventi, ore e persone.", n=len(rows)),
            source=source,
            n=T("{n:int} interventi", n=rows["interventi"].sum()),
            tables=["ind_ore_fondi"],
        ),
        note(
            "ore_fondi_nota",
            T(
                "Una persona seguita da due progetti conta in ciascuno: le persone dei progetti "
                "non si sommano."
            ),
        ),
    ]


def double_funding(doppio: pd.DataFrame, source: Message) -> list[Block]:
    """Show the checks for double funding."""
    shown = with_words(
        doppio,
        cosa=[CHECKS.get(name, name) for name in doppio["controllo"]],
        esito=[T("non fatto: {why}", why=why) if why else T("fatto") for why in doppio["motivo"]],
    )
    return [
        title("sez_doppio", T("Il doppio finanziamento")),
        table(
            "doppio_tabella",
            shown,
            [
                ("cosa", T("Controllo"), "text"),
                ("esito", T("Stato"), "text"),
                ("righe", T("Righe esaminate"), "int"),
                ("segnalazioni", T("Segnalazioni"), "int"),
            ],
            caption=T("Controlli: la stessa cosa a carico di due progetti"),
            alt=T("Tabella di {n} controlli con righe esaminate e segnalazioni.", n=len(doppio)),
            source=source,
            n=T("{n:int} controlli", n=len(doppio)),
            tables=["ind_doppio_finanziamento"],
        ),
        note(
            "doppio_nota",
            T(
                "Una segnalazione non è una prova: va guardata con l'ente. L'assenza di "
                "segnalazioni vale solo per i progetti di cui si hanno i registri."
            ),
        ),
    ]


def _body_names(study: Study) -> dict[str, str]:
    bodies = study.tabelle.get("enti")
    return {} if bodies is None else dict(zip(bodies["ente_id"], bodies["nome"], strict=True))


def spending(budget: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """Show approved against reported by heading and body (F1), and the way between."""
    whole = one_row(budget, voce=ALL, ente_id=ALL)
    over = _over(budget)
    bodies = _body_names(study)
    names = [
        T("{v} ({e})", v=HEADINGS.get(r["voce"], r["voce"]), e=bodies.get(r["ente_id"], "?"))
        for _, r in over.iterrows()
    ]
    return [
        title("sez_spesa", T("Approvato e rendicontato")),
        paragraph(
            "spesa_frase",
            T(
                "Sono stati rendicontati {r:eur0} su {u:eur0} dell'ultima versione del piano "
                "({q:pct1}; approvato all'inizio {a:eur0}). Voci ed enti oltre il piano: {names}.",
                r=whole["rendicontato_eur"],
                u=whole["ultimo_eur"],
                q=whole["avanzamento"],
                a=whole["approvato_eur"],
                names=names or [T("nessuno")],
            ),
        ),
        _waterfall(budget, source),
        _budget_table(budget[budget["ente_id"] == ALL], "voce", HEADINGS, source),
        _budget_table(budget[budget["voce"] == ALL], "ente_id", bodies, source),
        note(
            "spesa_nota",
            T(
                "Una rimodulazione che elenca solo le righe cambiate lascia le altre come "
                "approvate. Si confronta con l'ultima versione di ogni riga, mai con la somma "
                "delle versioni. Lettere delle voci e tetti da verificare sul manuale."
            ),
        ),
    ]


def _over(budget: pd.DataFrame) -> pd.DataFrame:
    detail = budget[(budget["voce"] != ALL) & (budget["ente_id"] != ALL)]
    return detail[detail["rendicontato_eur"] > detail["ultimo_eur"] + 0.005]


def _waterfall(budget: pd.DataFrame, source: Message) -> Block:
    whole = one_row(budget, voce=ALL, ente_id=ALL)
    detail = budget[(budget["voce"] != ALL) & (budget["ente_id"] != ALL)]
    left = detail["rendicontato_eur"] - detail["ultimo_eur"]
    names = [T("Approvato"), T("Rimodulazione"), T("Ultima versione"), T("Non speso"),
             T("Speso oltre il piano"), T("Rendicontato")]  # fmt: skip
    change = float(whole["ultimo_eur"] - whole["approvato_eur"])
    amounts = [whole["approvato_eur"], change, whole["ultimo_eur"], left[left < 0].sum(),
               left[left > 0].sum(), whole["rendicontato_eur"]]  # fmt: skip
    steps = pd.DataFrame({"euro": [float(amount) for amount in amounts]})
    return figure(
        "spesa_cascata",
        ChartKind.CASCATA,
        with_words(steps, passo=names),
        [("passo", T("Passo"), "text"), ("euro", T("Euro"), "eur0")],
        {"x": "passo", "y": "euro"},
        caption=T("Dall'approvato al rendicontato"),
        alt=T(
            "Cascata da {a:eur0} approvati a {r:eur0} rendicontati.",
            a=whole["approvato_eur"],
            r=whole["rendicontato_eur"],
        ),
        source=source,
        n=T("{n:int} combinazioni di voce ed ente", n=len(detail)),
        tables=["ind_budget"],
        unit=T("euro"),
        options={"totali": [names[0], names[2], names[5]]},
    )


def _budget_table(
    rows: pd.DataFrame, by: str, names: Mapping[str, Message | str], source: Message
) -> Block:
    what = T("voce") if by == "voce" else T("ente")
    named = [T("Tutti") if key == ALL else names.get(key, key) for key in rows[by]]
    shown = with_words(rows, nome=named)
    return table(
        f"spesa_{by}",
        shown,
        [
            ("nome", T("Voce") if by == "voce" else T("Ente"), "text"),
            ("approvato_eur", T("Approvato"), "eur0"),
            ("ultimo_eur", T("Ultima versione"), "eur0"),
            ("rendicontato_eur", T("Rendicontato"), "eur0"),
            ("avanzamento", T("Avanzamento (F1)"), "pct1"),
            ("su_approvato", T("Su approvato"), "pct1"),
        ],
        caption=T("Approvato, rimodulato e rendicontato per {what}", what=what),
        alt=T("Tabella di {n} righe per {what} con importi e avanzamento.", n=len(rows), what=what),
        source=source,
        n=T("{n:int} righe", n=len(rows)),
        tables=["ind_budget"],
    )


def quarter_starts(names: pd.Series) -> pd.Series:
    """Return the first day of each quarter written as ``2021-T2``."""
    quarters = pd.PeriodIndex(names.str.replace("-T", "Q"), freq="Q")
    return pd.Series(quarters.to_timestamp(), index=names.index)


def pace(spesa: pd.DataFrame, source: Message) -> Block:
    """Draw cumulated expenses by quarter."""
    return figure(
        "spesa_trimestri",
        ChartKind.LINEE,
        spesa.assign(inizio=quarter_starts(spesa["trimestre"])),
        [
            ("inizio", T("Inizio del trimestre"), "date"),
            ("trimestre", T("Trimestre"), "text"),
            ("cumulato_eur", T("Rendicontato, cumulato"), "eur0"),
            ("rendicontato_eur", T("Rendicontato nel trimestre"), "eur0"),
            ("quota", T("Quota dell'ultima versione"), "pct1"),
        ],
        {"x": "inizio", "y": "cumulato_eur"},
        caption=T("La spesa rendicontata, trimestre per trimestre"),
        alt=T("Linea di {n} trimestri: spesa rendicontata cumulata.", n=len(spesa)),
        source=source,
        n=T("{n:int} trimestri", n=len(spesa)),
        tables=["ind_spesa_trimestri"],
        unit=T("euro"),
        options={"da_zero": True},
    )


def money_missing() -> Block:
    """Say what the analysis of money would need."""
    return unavailable(
        "budget",
        T("Quanto è stato speso di quanto approvato non si può ancora dire."),
        T("il piano finanziario e le spese (tabella budget), in data/raw/budget."),
    )


def headline_spending(budget: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return F1 as fields of ``notebook.door.Result``; none for an Ambito, which has no budget."""
    if area != DISTRETTO:
        return []
    row = one_row(budget, voce=ALL, ente_id=ALL)
    known = not is_missing(row["avanzamento"])
    value = float(row["avanzamento"]) if known else None
    why = "" if known else "nessun importo approvato"
    return [
        result_fields(
            "F1", value, None, None, len(budget), "nessuno: contabilità", "spesa_frase", why
        )
    ]


def result_fields(
    code: str,
    value: float | None,
    low: float | None,
    high: float | None,
    n: int,
    kind: str,
    block: str,
    why: str,
) -> dict[str, Any]:
    """Return a headline of the district as fields of ``notebook.door.Result``."""
    return {
        "codice": code,
        "ambito": DISTRETTO,
        "stima": value,
        "basso": low,
        "alto": high,
        "n": n,
        "intervallo": kind,
        "forza": "non stimabile" if value is None else "media",
        "blocco": block,
        "motivo": why,
    }
