"""Hours of mediation by phase, mode, users and channel; what stands where phases are missing."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import one_row, with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, warning
from bgest_analysis.pages.modello.words import (
    CATEGORIE,
    FASI,
    ORIGINI,
    VARIABILI,
    name_of,
    value,
)
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

TABLE = "ind_ore_modello"
RULE_TABLE = "ind_regola_fase"
MAIN_ORIGINS = ("registrata", "ricodificata", "derivata")


def phases(
    ore: pd.DataFrame, regola: pd.DataFrame, study: Study, area: str, source: Message
) -> list[Block]:
    """Return hours by phase, each origin apart."""
    rows = ore[ore["variabile"] == "fase"]
    origin = next((o for o in MAIN_ORIGINS if o in set(rows["origine_variabile"])), "")
    blocks = [title("sez_fasi", T("In quale fase lavora il mediatore"))]
    if not origin:
        return [*blocks, warning("fasi_assenti", T("La fase non è registrata in nessuna riga."))]
    own = rows[rows["origine_variabile"] == origin]
    return [
        *blocks,
        *_origins_sentence(regola, study, area, origin),
        _phase_bars(own, study, origin, source),
        *_phase_table(own[own["area"] == area], study, area, origin, source),
    ]


def _origins_sentence(regola: pd.DataFrame, study: Study, area: str, origin: str) -> list[Block]:
    rows = regola[regola["area"] == area]
    if rows.empty:
        return []
    row = rows.iloc[0]
    return [
        paragraph(
            "fasi_origini",
            T(
                "{area}: su {n} interventi svolti la fase è scritta nel registro o ricodificata "
                "da due persone per {rec}, derivata da una regola per {rule}, assente per "
                "{none}. La figura e la tabella usano solo la fase {origin}: le origini non sono "
                "mescolate.",
                area=study.nome_area(area),
                n=value(row, "interventi", "int"),
                rec=value(row, "con_fase", "int"),
                rule=value(row, "fase_derivata", "int"),
                none=value(row, "senza_fase", "int"),
                origin=ORIGINI[origin],
            ),
        )
    ]


def _phase_order(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    place = {fase: i for i, fase in enumerate(FASI)}
    areas = {area: i for i, area in enumerate(study.aree)}
    shown = rows.assign(
        _area=rows["area"].map(areas), _fase=rows["categoria"].map(place)
    ).sort_values(["_area", "_fase"])
    return with_words(
        with_area_names(shown, study), fase=[name_of(code) for code in shown["categoria"]]
    )


def _phase_bars(rows: pd.DataFrame, study: Study, origin: str, source: Message) -> Block:
    shown = _phase_order(rows, study)
    return figure(
        "fasi_grafico",
        ChartKind.BARRE,
        shown,
        [
            ("nome_area", T("Area"), "text"),
            ("fase", T("Fase"), "text"),
            ("quota_ore", T("Quota delle ore"), "pct1"),
            ("interventi", T("Interventi"), "int"),
        ],
        {"x": "nome_area", "y": "quota_ore", "group": "fase"},
        caption=T("Ore di mediazione per fase ({origin})", origin=ORIGINI[origin]),
        alt=T(
            "Barre impilate: per ogni area la quota delle ore in ciascuna delle {n:int} fasi.",
            n=shown["categoria"].nunique(),
        ),
        source=source,
        n=_interventions(rows),
        tables=[TABLE],
        unit=T("quota delle ore frontali"),
        options={"impilate": True},
    )


def _interventions(rows: pd.DataFrame) -> Message:
    own = rows[rows["area"] == "distretto"] if "distretto" in set(rows["area"]) else rows
    return T("{n:int} interventi con valore mostrato", n=int(own["interventi"].sum()))


def _phase_table(
    rows: pd.DataFrame, study: Study, area: str, origin: str, source: Message
) -> list[Block]:
    if rows.empty:
        text = T("{area}: troppo pochi interventi per fase.", area=study.nome_area(area))
        return [note("fasi_poche", text)]
    shown = _phase_order(rows, study)
    block = table(
        "fasi_tabella",
        shown,
        [
            ("fase", T("Fase"), "text"),
            ("interventi", T("Interventi"), "int"),
            ("ore", T("Ore frontali"), "dec1"),
            ("quota_ore", T("Quota delle ore"), "pct1"),
            ("quota_interventi", T("Quota degli interventi"), "pct1"),
        ],
        caption=T(
            "{area}: ore e interventi per fase ({origin})",
            area=study.nome_area(area),
            origin=ORIGINI[origin],
        ),
        alt=T("Tabella di {n} fasi con interventi, ore e quote.", n=len(shown)),
        source=source,
        n=_interventions(rows),
        tables=[TABLE],
    )
    return [block]


def other_variables(ore: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show planned or on call, individual or community, channel and kind of work."""
    rows = ore[(ore["area"] == area) & ore["variabile"].isin(list(VARIABILI))]
    place = {name: i for i, name in enumerate(VARIABILI)}
    rows = rows.assign(_posto=rows["variabile"].map(place))
    rows = rows.sort_values(["_posto", "interventi"], ascending=[True, False], kind="stable")
    shown = with_words(
        rows,
        che_cosa=[VARIABILI[name] for name in rows["variabile"]],
        modo=[name_of(code, CATEGORIE) for code in rows["categoria"]],
    )
    return [
        title("sez_modi", T("Come, per chi e con quale canale")),
        table(
            "modi_tabella",
            shown,
            [
                ("che_cosa", T("Aspetto"), "text"),
                ("modo", T("Valore"), "text"),
                ("interventi", T("Interventi"), "int"),
                ("ore", T("Ore frontali"), "dec1"),
                ("quota_ore", T("Quota delle ore"), "pct1"),
            ],
            caption=T(
                "{area}: attivazione, utenza, canale e tipologia degli interventi",
                area=study.nome_area(area),
            ),
            alt=T("Tabella di {n} righe con interventi, ore e quote.", n=len(shown)),
            source=source,
            n=_interventions(rows[rows["variabile"] == "modalita"]),
            tables=[TABLE],
        ),
        note(
            "modi_nota",
            T(
                "Le ore frontali non comprendono viaggio e back office. Un incontro di gruppo "
                "conta le sue ore una volta, non per ogni partecipante."
            ),
        ),
    ]


def bounds(regola: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Say what can be known of M3 without the recorded phase: rule and bounds."""
    row = one_row(regola, area=area) if area in set(regola["area"]) else None
    if row is None:
        return [
            warning("limiti_assenti", T("Nessun intervento svolto: i limiti non si calcolano."))
        ]
    return [
        title("sez_limiti", T("E dove la fase non è registrata"), level=3),
        _bounds_sentence(row, study, area),
        _bounds_figure(regola, study, source),
        _bounds_table(regola, study, source),
    ]


def _bounds_sentence(row: pd.Series, study: Study, area: str) -> Block:
    text = T(
        "{area}: senza guardare la fase, la quota integrata sta di certo tra {low} e {high} "
        "(dalla sola tipologia di lavoro); la regola che deriva la fase da tipologia, servizio e "
        "attivazione dà {rule}. Dove la fase è registrata ({n} interventi) la quota è {rec}.",
        area=study.nome_area(area),
        low=value(row, "limite_basso", "pct1"),
        high=value(row, "limite_alto", "pct1"),
        rule=value(row, "quota_regola", "pct1"),
        n=value(row, "con_fase", "int"),
        rec=value(row, "quota_registrata", "pct1"),
    )
    if is_missing(row["accordo"]):
        return paragraph("limiti_frase", text)
    checked = T(
        "{text} Su questi interventi regola e registro dicono lo stesso (integrata sì o no) nel "
        "{agree:pct1} dei casi, kappa {kappa}.",
        text=text,
        agree=row["accordo"],
        kappa=value(row, "kappa", "dec2"),
    )
    return paragraph("limiti_frase", checked)


def _bounds_figure(regola: pd.DataFrame, study: Study, source: Message) -> Block:
    areas = {area: i for i, area in enumerate(study.aree)}
    shown = with_area_names(regola.sort_values("area", key=lambda c: c.map(areas)), study)
    return figure(
        "limiti_grafico",
        ChartKind.PUNTI,
        shown,
        [
            ("nome_area", T("Area"), "text"),
            ("quota_regola", T("Secondo la regola"), "pct1"),
            ("limite_basso", T("Limite basso"), "pct1"),
            ("limite_alto", T("Limite alto"), "pct1"),
        ],
        {"x": "nome_area", "y": "quota_regola", "low": "limite_basso", "high": "limite_alto"},
        caption=T("Quota integrata senza la fase: la regola (punto) e i limiti certi (barra)"),
        alt=T("Punti con barra per {n:int} aree: la regola e i suoi limiti.", n=len(shown)),
        source=source,
        n=_interventions(regola),
        tables=[RULE_TABLE],
        unit=T("quota delle ore frontali"),
    )


def _bounds_table(regola: pd.DataFrame, study: Study, source: Message) -> Block:
    areas = {area: i for i, area in enumerate(study.aree)}
    shown = with_area_names(regola.sort_values("area", key=lambda c: c.map(areas)), study)
    return table(
        "limiti_tabella",
        shown,
        [
            ("nome_area", T("Area"), "text"),
            ("interventi", T("Interventi"), "int"),
            ("con_fase", T("con fase registrata"), "int"),
            ("quota_registrata", T("Quota registrata"), "pct1"),
            ("quota_regola", T("Secondo la regola"), "pct1"),
            ("limite_basso", T("Limite basso"), "pct1"),
            ("limite_alto", T("Limite alto"), "pct1"),
            ("kappa", T("Kappa"), "dec2"),
        ],
        caption=T("La quota integrata con e senza la fase registrata"),
        alt=T("Tabella di {n} aree con quota registrata, regola e limiti.", n=len(shown)),
        source=source,
        n=_interventions(regola),
        tables=[RULE_TABLE],
    )
