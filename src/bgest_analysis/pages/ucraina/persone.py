"""Who the new persons are: those from Ukraine beside the others met in the same time."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.indicators.rivolti import THEIRS
from bgest_analysis.indicators.ucraina import ALL, DIMENSIONS
from bgest_analysis.pages.areas import only_ambiti, with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import value
from bgest_analysis.pages.ucraina.parole import GRUPPI
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TABLE = "ind_ucraina_persone"
DIMENSIONI = {"sesso": T("Sesso"), "eta": T("Età al primo contatto")}
CATEGORIE = {
    "F": T("Femmine"),
    "M": T("Maschi"),
    "altro_nd": T("Altro o non indicato"),
    "nd": T("Non indicato"),
}


def no_people() -> Block:
    """Say what the composition needs."""
    return unavailable(
        "persone",
        T("Chi sono le persone nuove non si può dire."),
        T(
            "le schede dei destinatari con data del primo contatto e gruppo target "
            "(data/raw/destinatari)."
        ),
    )


def composition(persone: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Return how many are new, from Ukraine and not; by sex and age, by Ambito, for the whole."""
    blocks = [title("sez_persone", T("Chi è arrivato"))]
    own = persone[(persone["area"] == area) & (persone["dimensione"] == ALL)]
    theirs = own[own["gruppo"] == THEIRS]
    if theirs.empty:
        text = T(
            "{area}: nessuna persona dall'Ucraina tra quelle incontrate la prima volta dopo "
            "l'invasione.",
            area=study.nome_area(area),
        )
        return [*blocks, paragraph("persone_frase", text)]
    blocks.append(_sentence(theirs.iloc[0], study, area))
    if area != DISTRETTO:
        return [*blocks, _note()]
    by_area = only_ambiti(persone[(persone["dimensione"] == ALL) & (persone["gruppo"] == THEIRS)])
    return [
        *blocks,
        *_shares_figure(persone, source),
        _table(persone, source),
        *_areas(by_area, study, source),
        _note(),
    ]


def _sentence(row: pd.Series, study: Study, area: str) -> Block:
    if is_missing(row["persone"]):
        text = T(
            "{area}: le persone dall'Ucraina incontrate la prima volta dopo l'invasione sono "
            "troppo poche per dirne il numero, a tutela delle persone.",
            area=study.nome_area(area),
        )
        return paragraph("persone_frase", text)
    return paragraph(
        "persone_frase",
        T(
            "{area}: le persone dall'Ucraina incontrate la prima volta dopo l'invasione sono "
            "{n}, il {q} di tutte le persone nuove (Wilson al 95%: da {a} a {b}).",
            area=study.nome_area(area),
            n=value(row, "persone", "int"),
            q=value(row, "quota", "pct0"),
            a=value(row, "quota_basso", "pct0"),
            b=value(row, "quota_alto", "pct0"),
        ),
    )


def _categories(persone: pd.DataFrame) -> pd.DataFrame:
    rows = persone[(persone["area"] == DISTRETTO) & persone["dimensione"].isin(DIMENSIONS)]
    records = rows.to_dict("records")
    return with_words(
        rows,
        che=[DIMENSIONI[row["dimensione"]] for row in records],
        quale=[CATEGORIE.get(str(row["categoria"]), str(row["categoria"])) for row in records],
        chi=[GRUPPI[row["gruppo"]] for row in records],
    )


def _shares_figure(persone: pd.DataFrame, source: Message) -> list[Block]:
    shown = _categories(persone)
    shown = shown[shown["quota"].notna()]
    if shown.empty:
        return []
    return [
        figure(
            "persone_grafico",
            ChartKind.BARRE,
            shown,
            [
                ("quale", T("Categoria"), "text"),
                ("chi", T("Per chi"), "text"),
                ("quota", T("Quota del gruppo"), "pct0"),
            ],
            {"x": "quale", "y": "quota", "group": "chi"},
            caption=T("Persone nuove dopo l'invasione, per sesso ed età: dall'Ucraina e altre"),
            alt=T("Barre affiancate per {n:int} categorie.", n=shown["categoria"].nunique()),
            source=source,
            n=T("{n:int} persone", n=_shown_persons(persone)),
            tables=[TABLE],
            unit=T("quota delle persone del gruppo"),
        )
    ]


def _shown_persons(persone: pd.DataFrame) -> int:
    rows = persone[(persone["area"] == DISTRETTO) & (persone["dimensione"] == ALL)]
    return int(rows["persone"].fillna(0).sum())


def _table(persone: pd.DataFrame, source: Message) -> Block:
    shown = _categories(persone)
    return table(
        "persone_tabella",
        shown,
        [
            ("che", T("Dimensione"), "text"),
            ("quale", T("Categoria"), "text"),
            ("chi", T("Per chi"), "text"),
            ("persone", T("Persone"), "int"),
            ("quota", T("Quota del gruppo"), "pct0"),
            ("quota_basso", T("da"), "pct0"),
            ("quota_alto", T("a"), "pct0"),
        ],
        caption=T("Composizione delle persone nuove, dall'Ucraina e altre (Wilson al 95%)"),
        alt=T("Tabella di {n:int} righe per sesso ed età.", n=len(shown)),
        source=source,
        n=T("{n:int} persone", n=_shown_persons(persone)),
        tables=[TABLE],
    )


def _areas(rows: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    if rows.empty or all(is_missing(n) for n in rows["persone"]):
        return []
    place = {area: i for i, area in enumerate(study.aree)}
    shown = with_area_names(rows.sort_values("area", key=lambda c: c.map(place)), study)
    return [
        table(
            "persone_aree",
            shown,
            [
                ("nome_area", T("Ambito"), "text"),
                ("persone", T("Persone dall'Ucraina"), "int"),
                ("quota", T("Quota delle persone nuove"), "pct0"),
                ("quota_basso", T("da"), "pct0"),
                ("quota_alto", T("a"), "pct0"),
            ],
            caption=T("Persone dall'Ucraina incontrate dopo l'invasione, per Ambito"),
            alt=T("Tabella di {n:int} Ambiti.", n=len(shown)),
            source=source,
            n=T("{n:int} Ambiti", n=len(shown)),
            tables=[TABLE],
        )
    ]


def _note() -> Block:
    return note(
        "persone_nota",
        T(
            "Dall'Ucraina: chi ha il gruppo target «ucraina» o la cittadinanza ucraina. Persone "
            "ammissibili, unite le sole coppie certe di schede; nuove perché la prima scheda è "
            "successiva all'invasione. Non sono tutte le persone sfollate nel territorio, ma "
            "quelle arrivate ai servizi del progetto."
        ),
    )
