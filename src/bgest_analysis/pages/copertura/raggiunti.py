"""Who was reached: unique persons, and the rate per 1,000 with its three uncertainties apart."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import one_row, only_ambiti, with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import value
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TABLE, AGES = "ind_copertura", "ind_copertura_eta"
PER_1000 = T("persone ogni 1.000 residenti extra-UE")
UNCERTAINTIES = (
    ("tasso_doppioni", T("Doppioni: coppie di schede unite o no")),
    ("tasso_denominatore", T("Denominatore: residenti extra-UE stimati")),
    ("tasso_caso", T("Caso: Poisson al 95%")),
)


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading and its questions."""
    return [
        title("titolo", T("Copertura ed equità: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domande valutative (efficacia, equità): quante persone sono state raggiunte "
                "rispetto a quante potevano esserlo, e in modo uguale nei territori? Quali lingue "
                "e servizi chiedono e non ottengono? Quanto si aspetta?"
            ),
        ),
    ]


def people_missing() -> Block:
    """Say what the count of persons would need."""
    return unavailable(
        "destinatari",
        T("Non si può dire quante persone diverse sono state raggiunte, né dove."),
        T(
            "i registri dei destinatari (tabella destinatari), da mettere in "
            "data/raw/destinatari, e i residenti stranieri per comune."
        ),
    )


def reached(copertura: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Return the persons reached and the coverage rate of an area and of every Ambito."""
    row = one_row(copertura, area=area)
    return [
        title("sez_raggiunti", T("Quante persone sono state raggiunte")),
        _persons_sentence(row, study, area),
        _rate_sentence(row, study, area),
        *_three_uncertainties(row, study, area, source),
        *_rates_figure(copertura, study, source),
        _rates_table(copertura, study, source),
        _reached_note(row),
    ]


def _persons_sentence(row: pd.Series, study: Study, area: str) -> Block:
    return paragraph(
        "raggiunti_persone",
        T(
            "{area}: {records} schede di persone ammissibili. Unite le coppie di schede che sono "
            "di certo la stessa persona, i destinatari unici sono {persons}; se fossero la stessa "
            "persona anche tutte le coppie da rivedere, sarebbero {least}.",
            area=study.nome_area(area),
            records=value(row, "schede", "int"),
            persons=value(row, "persone", "int"),
            least=value(row, "persone_minimo", "int"),
        ),
    )


def _rate_sentence(row: pd.Series, study: Study, area: str) -> Block:
    return paragraph(
        "raggiunti_tasso",
        T(
            "{area}: {rate} destinatari ogni 1.000 residenti extra-UE (al 1° gennaio {year}), "
            "{foreign} ogni 1.000 stranieri.",
            area=study.nome_area(area),
            rate=value(row, "tasso", "dec1"),
            year=value(row, "anno", ""),
            foreign=value(row, "tasso_stranieri", "dec1"),
        ),
    )


def _three_uncertainties(row: pd.Series, study: Study, area: str, source: Message) -> list[Block]:
    if pd.isna(row["tasso"]):
        return []
    rows = pd.DataFrame(
        {
            "tasso": row["tasso"],
            "basso": [row[f"{name}_basso"] for name, _ in UNCERTAINTIES],
            "alto": [row[f"{name}_alto"] for name, _ in UNCERTAINTIES],
        }
    )
    shown = with_words(rows, incertezza=[text for _, text in UNCERTAINTIES])
    return [
        figure(
            "raggiunti_incertezze",
            ChartKind.PUNTI,
            shown,
            [
                ("incertezza", T("Incertezza"), "text"),
                ("tasso", T("Copertura"), "dec1"),
                ("basso", T("Da"), "dec1"),
                ("alto", T("A"), "dec1"),
            ],
            {"x": "incertezza", "y": "tasso", "low": "basso", "high": "alto"},
            caption=T(
                "{area}: la copertura e le sue tre incertezze, che non si sommano",
                area=study.nome_area(area),
            ),
            alt=T("Tre barre intorno a {v:dec1}: doppioni, denominatore, caso.", v=row["tasso"]),
            source=source,
            n=T("{n} destinatari unici", n=value(row, "persone", "int")),
            tables=[TABLE],
            unit=PER_1000,
        )
    ]


def _rates_figure(copertura: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    rows = only_ambiti(copertura)
    if rows["tasso"].notna().sum() == 0:
        return []
    parts = [
        rows.assign(v=rows[name], a=rows[f"{ends}_basso"], b=rows[f"{ends}_alto"], tipo=kind)
        for kind, (name, ends) in enumerate(
            (("tasso", "tasso_caso"), ("tasso_raccolto", "tasso_raccolto"))
        )
    ]
    stacked = pd.concat(parts, ignore_index=True)
    kinds = (T("osservata"), T("raccolta verso la media"))
    shown = with_words(
        with_area_names(stacked, study), stima=[kinds[kind] for kind in stacked["tipo"]]
    )
    whole = copertura[copertura["area"] == DISTRETTO].iloc[0]
    known = [float(whole["tasso"]), T("insieme")] if pd.notna(whole["tasso"]) else None
    return [
        figure(
            "raggiunti_ambiti",
            ChartKind.PUNTI,
            shown,
            [
                ("nome_area", T("Ambito"), "text"),
                ("stima", T("Stima"), "text"),
                ("v", T("Copertura"), "dec1"),
                ("a", T("Da"), "dec1"),
                ("b", T("A"), "dec1"),
            ],
            {"x": "nome_area", "y": "v", "low": "a", "high": "b", "group": "stima"},
            caption=T("Copertura per Ambito, osservata e raccolta verso la media"),
            alt=T(
                "Punti con intervallo per {n:int} Ambiti: da {low:dec1} a {high:dec1}.",
                n=len(rows),
                low=rows["tasso"].min(),
                high=rows["tasso"].max(),
            ),
            source=source,
            n=T("{n} destinatari unici", n=value(whole, "persone", "int")),
            tables=[TABLE],
            unit=PER_1000,
            options={"riferimento": known} if known else {},
        )
    ]


def _rates_table(copertura: pd.DataFrame, study: Study, source: Message) -> Block:
    shown = with_area_names(copertura, study)
    return table(
        "raggiunti_tabella",
        shown,
        [
            ("nome_area", T("Area"), "text"),
            ("schede", T("Schede"), "int"),
            ("persone", T("Destinatari unici"), "int"),
            ("persone_minimo", T("al minimo"), "int"),
            ("extra_ue", T("Residenti extra-UE"), "int"),
            ("tasso", T("Ogni 1.000 extra-UE"), "dec1"),
            ("tasso_raccolto", T("raccolta"), "dec1"),
            ("tasso_stranieri", T("Ogni 1.000 stranieri"), "dec1"),
            ("ore_per_1000", T("Ore ogni 1.000 extra-UE"), "dec1"),
        ],
        caption=T("Persone raggiunte e ore, per area"),
        alt=T("Tabella di {n} aree con schede, persone, residenti, tassi e ore.", n=len(shown)),
        source=source,
        n=T("{n} schede", n=value(one_row(copertura, area=DISTRETTO), "schede", "int")),
        tables=[TABLE],
    )


def _reached_note(row: pd.Series) -> Block:
    return note(
        "raggiunti_nota",
        T(
            "Il numeratore sono le persone di tutto il registro, il denominatore i residenti di un "
            "solo anno: il tasso dice quante persone in tutto, non quante all'anno. Le tre "
            "incertezze hanno cause diverse e non si sommano: i doppioni dipendono da quali schede "
            "sono della stessa persona, il denominatore dalla stima dei residenti extra-UE, il "
            "caso dal fatto che nello stesso periodo potevano presentarsi persone diverse. Il "
            "registro è completo: l'intervallo del caso non è un errore di campionamento, serve a "
            "non leggere come diversi due territori che potrebbero esserlo per fortuna. La stima "
            "raccolta avvicina alla media gli Ambiti con poche persone (gamma-Poisson)."
        ),
    )


def ages(eta: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show the persons reached by age band."""
    rows = eta[eta["area"] == area]
    if rows.empty:
        text = T("{area}: troppo poche persone per fascia d'età.", area=study.nome_area(area))
        return [note("raggiunti_eta_nota", text)]
    order = {"<18": 0, "18-60": 1, "18+": 1, ">60": 2}
    rows = rows.sort_values("fascia", key=lambda c: c.map(order))
    block = table(
        "raggiunti_eta",
        rows,
        [
            ("fascia", T("Età al primo contatto"), "text"),
            ("persone", T("Destinatari unici"), "int"),
            ("stranieri", T("Stranieri residenti"), "int"),
            ("tasso_stranieri", T("Ogni 1.000 stranieri"), "dec1"),
            ("tasso_stranieri_basso", T("Limite basso"), "dec1"),
            ("tasso_stranieri_alto", T("Limite alto"), "dec1"),
        ],
        caption=T("{area}: persone raggiunte per fascia d'età", area=study.nome_area(area)),
        alt=T("Tabella di {n} fasce d'età con persone e tassi.", n=len(rows)),
        source=source,
        n=T("{n:int} persone con valore mostrato", n=int(rows["persone"].sum())),
        tables=[AGES],
    )
    if rows["stranieri"].notna().any():
        return [block]
    need = T("i residenti stranieri per età e comune (ISTAT).")
    what = T("Il tasso per fascia d'età non si può calcolare.")
    return [block, unavailable("copertura_eta", what, need)]
