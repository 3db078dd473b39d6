"""From assistance to activation: orientation by area, its model, and the reach of the coding."""

from __future__ import annotations

import math

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import (
    NOT_ESTIMABLE,
    ORIENTAMENTI,
    ORIGINI,
    interval,
    name_of,
)
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

TABLE = "ind_ore_modello"
LOG = "tidy_interventi"
TERMS = {
    "anno": T("un anno in più"),
    "covid19": T("mesi di COVID-19"),
    "ucraina": T("dopo l'inizio della guerra in Ucraina"),
}
VERSIONS = {
    "termine": T("con un termine per il COVID-19"),
    "escluso": T("senza i mesi di COVID-19"),
}


def orientation(ore: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show the orientation of interventions by area, self-coded apart from double-coded."""
    rows = ore[ore["variabile"] == "orientamento"]
    origins = [o for o in ORIGINI if o in set(rows["origine_variabile"]) and o != "tutte"]
    blocks = [title("sez_orientamento", T("Dall'assistenza all'attivazione"))]
    if not origins:
        return [*blocks, _orientation_missing()]
    return [
        *blocks,
        *(_bars(rows[rows["origine_variabile"] == o], o, study, source) for o in origins),
        *_coding_note(origins),
    ]


def _orientation_missing() -> Block:
    return unavailable(
        "orientamento",
        T("Non si può dire se il lavoro è passato dall'assistenza all'attivazione."),
        T(
            "la colonna orientamento nel registro, oppure un campione codificato da due persone "
            "(bgest sample prepara il foglio)."
        ),
    )


def _bars(rows: pd.DataFrame, origin: str, study: Study, source: Message) -> Block:
    areas = {area: i for i, area in enumerate(study.aree)}
    order = {code: i for i, code in enumerate(ORIENTAMENTI)}
    shown = rows.assign(_a=rows["area"].map(areas), _o=rows["categoria"].map(order))
    shown = with_area_names(shown.sort_values(["_a", "_o"]), study)
    shown = with_words(shown, orientamento=[name_of(c, ORIENTAMENTI) for c in shown["categoria"]])
    return figure(
        f"orientamento_{origin}",
        ChartKind.LIKERT,
        shown,
        [
            ("nome_area", T("Area"), "text"),
            ("orientamento", T("Orientamento"), "text"),
            ("quota_interventi", T("Quota"), "pct1"),
            ("interventi", T("Interventi"), "int"),
        ],
        {"x": "nome_area", "y": "quota_interventi", "group": "orientamento"},
        caption=T("Orientamento degli interventi per area, variabile {o}", o=ORIGINI[origin]),
        alt=T(
            "Barre divergenti per {n:int} aree: assistenza, accompagnamento, attivazione.",
            n=shown["area"].nunique(),
        ),
        source=source,
        n=T(
            "{n:int} interventi codificati con valore mostrato",
            n=int(rows.loc[rows["area"] == "distretto", "interventi"].sum()),
        ),
        tables=[TABLE],
        unit=T("quota degli interventi codificati"),
    )


def _coding_note(origins: list[str]) -> list[Block]:
    if len(origins) > 1:
        return [
            note(
                "orientamento_nota",
                T(
                    "Le due figure non si sommano: una è l'opinione del mediatore sul proprio "
                    "lavoro, l'altra è il giudizio di due persone su un campione."
                ),
            )
        ]
    return []


def model(fits: dict[str, pd.DataFrame], study: Study, source: Message) -> list[Block]:
    """Show the ordinal model, with COVID-19 as a term and with its months left out.

    ``fits``: by ``termine`` and ``escluso``, what ``estimate_orientation`` gave.
    """
    blocks = [title("sez_modello", T("Gli Ambiti a parità di periodo"), level=3)]
    good = {key: fit for key, fit in fits.items() if (fit["tipo"] != "").any()}
    if not good:
        reasons = sorted({str(r) for fit in fits.values() for r in fit["motivo"] if r})
        text = T("Modello dell'orientamento: non stimabile ({why}).", why=reasons)
        return [*blocks, paragraph("modello_frase", text)]
    first = next(iter(good))
    shown = pd.concat([fit.assign(versione=key) for key, fit in good.items()])
    return [
        *blocks,
        _model_sentence(good),
        _caterpillar(good[first], first, study, source),
        _terms_table(shown, source),
        _model_note(),
    ]


def _model_sentence(good: dict[str, pd.DataFrame]) -> Block:
    spreads = [
        T("{version}: {sd}", sd=_spread(fit), version=VERSIONS[key]) for key, fit in good.items()
    ]
    return paragraph(
        "modello_frase",
        T(
            "Il modello ordinale confronta gli Ambiti a parità di anno, COVID-19 e guerra in "
            "Ucraina. Deviazione tra gli Ambiti, tolto il caso, in log-odds (zero: gli Ambiti non "
            "si distinguono): {spreads}.",
            spreads=spreads,
        ),
    )


def _spread(fit: pd.DataFrame) -> Message:
    rows = fit[fit["tipo"] == "tra_ambiti"]
    if rows.empty or is_missing(rows.iloc[0]["stima"]):
        return NOT_ESTIMABLE
    row = rows.iloc[0]
    return T(
        "{v:dec2}{interval}, cioè un Ambito a una deviazione dalla media moltiplica gli odds per "
        "{x:dec2}",
        v=row["stima"],
        interval=interval(row, "basso", "alto", "dec2"),
        x=math.exp(row["stima"]),
    )


def _caterpillar(fit: pd.DataFrame, version: str, study: Study, source: Message) -> Block:
    rows = fit[fit["tipo"] == "ambito"].sort_values("stima", kind="stable")
    shown = with_area_names(rows, study, "nome")
    return figure(
        "modello_ambiti",
        ChartKind.PUNTI,
        shown,
        [
            ("nome_area", T("Ambito"), "text"),
            ("stima", T("Distanza dalla media"), "sdec2"),
            ("basso", T("Limite basso"), "sdec2"),
            ("alto", T("Limite alto"), "sdec2"),
            ("n", T("Interventi"), "int"),
        ],
        {"x": "nome_area", "y": "stima", "low": "basso", "high": "alto"},
        caption=T(
            "Orientamento più attivo: distanza di ogni Ambito dalla media, {version}",
            version=VERSIONS[version],
        ),
        alt=T("Punti con intervallo per {n:int} Ambiti, ordinati.", n=len(shown)),
        source=source,
        n=T("{n:int} interventi codificati", n=int(fit["n"].max())),
        tables=[LOG],
        unit=T("log-odds"),
        options={"riferimento": [0.0, T("media degli Ambiti")]},
    )


def _terms_table(shown: pd.DataFrame, source: Message) -> Block:
    rows = shown[shown["tipo"] == "termine"]
    rows = with_words(
        rows,
        termine=[name_of(name, TERMS) for name in rows["nome"]],
        quale=[VERSIONS[v] for v in rows["versione"]],
    )
    return table(
        "modello_termini",
        rows,
        [
            ("quale", T("Versione"), "text"),
            ("termine", T("Termine"), "text"),
            ("stima", T("Log-odds"), "sdec2"),
            ("basso", T("Limite basso"), "sdec2"),
            ("alto", T("Limite alto"), "sdec2"),
            ("n", T("Interventi"), "int"),
        ],
        caption=T("I termini di tempo del modello, nelle due versioni"),
        alt=T("Tabella di {n} termini con stima e intervallo.", n=len(rows)),
        source=source,
        n=T("{n:int} interventi codificati", n=int(rows["n"].max())),
        tables=[LOG],
    )


def _model_note() -> Block:
    return note(
        "modello_nota",
        T(
            "Logit ordinale a odds proporzionali con un'intercetta casuale per Ambito: gli effetti "
            "degli Ambiti piccoli sono avvicinati alla media. Gli interventi di uno stesso caso "
            "contano come indipendenti, quindi gli intervalli sono un po' stretti. Anno, COVID-19 "
            "e Ucraina si confondono con la diffusione del modello: i termini servono a "
            "confrontare gli Ambiti, non a spiegare il tempo."
        ),
    )
