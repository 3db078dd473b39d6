"""Blocks on the network of meetings against chance (R1), brokerage, ties before and after (R4)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import highest, one_row, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable, warning
from bgest_analysis.pages.partecipazione import (
    ALL,
    WHOLE,
    in_order,
    level_name,
)
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

MEASURES = {
    "densita_due_modi": T("Presenze su presenze possibili"),
    "densita": T("Coppie di enti che si sono incontrate almeno una volta"),
    "densita_forte": T("Densità dei legami forti"),
    "centralizzazione_grado": T("Centralizzazione per numero di legami forti"),
    "centralizzazione_intermediazione": T("Centralizzazione per intermediazione"),
    "centro_periferia": T("Somiglianza a un centro con una periferia"),
}
HEADLINE = "densita_forte"
CORE_NAMES = {True: T("centro"), False: T("periferia")}
SHOWN_BROKERS = 10
DRAWN_TIES = 60


def heading() -> list[Block]:
    """Return the section's heading and how a tie is made."""
    return [
        title("sez_rete", T("La rete degli incontri")),
        note(
            "rete_metodo",
            T(
                "La rete ha due tipi di nodi, enti e incontri. Tra due enti il legame somma "
                "1/(n−1) per ogni incontro a cui erano entrambi, con n enti presenti: una plenaria "
                "non crea da sola molti legami. Un legame è «forte» se i due enti erano insieme ad "
                "almeno un quarto degli incontri. Ogni misura è confrontata con reti casuali in "
                "cui ogni ente ha le stesse presenze e ogni incontro gli stessi presenti; accanto "
                "c'è quanto cambierebbe togliendo un incontro alla volta."
            ),
        ),
    ]


def opening(misure: pd.DataFrame) -> Block:
    """Say how dense and centred the whole network is, and whether chance would give as much."""
    row = one_row(misure, misura=HEADLINE, livello=ALL, periodo=WHOLE)
    if is_missing(row["valore"]):
        return paragraph(
            "rete_frase", T("Densità della rete: non stimabile ({why}).", why=row["motivo"])
        )
    centre = one_row(misure, misura="centralizzazione_grado", livello=ALL, periodo=WHOLE)
    return paragraph(
        "rete_frase",
        T(
            "La rete ha {e:int} enti e {m:int} incontri. I legami forti sono il {d:pct1} di quelli "
            "possibili ({a:pct1}–{b:pct1} togliendo un incontro alla volta): {verdict}. La "
            "centralizzazione per numero di legami è {c:dec2} (0: tutti uguali; 1: una stella): "
            "{verdict_c}.",
            e=row["enti"],
            m=row["incontri"],
            d=row["valore"],
            a=row["senza_uno_min"],
            b=row["senza_uno_max"],
            verdict=_verdict(row, "pct1"),
            c=centre["valore"],
            verdict_c=_verdict(centre, "dec2"),
        ),
    )


def _verdict(row: pd.Series, spec: str) -> Message:
    values = {"a": row["caso_basso"], "b": row["caso_alto"], "p": row["p_valore"]}
    span = "{a:" + spec + "}–{b:" + spec + "}"
    where = Message(span + "; p = {p:dec3}", values)
    if row["valore"] < row["caso_basso"]:
        return T("meno di quanto darebbe il caso con le stesse presenze ({w})", w=where)
    if row["valore"] > row["caso_alto"]:
        return T("più di quanto darebbe il caso con le stesse presenze ({w})", w=where)
    return T("quanto darebbe il caso con le stesse presenze ({w})", w=where)


def measures_table(misure: pd.DataFrame, source: Message) -> Block:
    """List the measures of the whole network and of each level beside chance."""
    rows = in_order(misure[misure["periodo"] == WHOLE])
    shown = with_words(
        rows,
        nome=[level_name(level) for level in rows["livello"]],
        cosa=[MEASURES[name] for name in rows["misura"]],
        caso=[_span(row, "caso_basso", "caso_alto") for _, row in rows.iterrows()],
        senza=[_span(row, "senza_uno_min", "senza_uno_max") for _, row in rows.iterrows()],
    )
    return table(
        "rete_tabella",
        shown,
        [
            ("nome", T("Livello"), "text"),
            ("cosa", T("Misura"), "text"),
            ("enti", T("Enti"), "int"),
            ("incontri", T("Incontri"), "int"),
            ("valore", T("Valore"), "dec2"),
            ("caso", T("Reti casuali, 95%"), "text"),
            ("p_valore", T("p"), "prob3"),
            ("senza", T("Senza un incontro"), "text"),
        ],
        caption=T("La forma della rete, accanto al caso"),
        alt=T("Tabella di {n} misure con valore, campo casuale e senza un incontro.", n=len(rows)),
        source=source,
        n=T("{n:int} reti casuali per misura", n=int(rows["reti_casuali"].max())),
        tables=["ind_rete_misure"],
    )


def _span(row: pd.Series, low: str, high: str) -> Message:
    if is_missing(row["valore"]):
        return T("non stimabile: {why}", why=row["motivo"])
    if is_missing(row[low]):
        return T("fissato dalle presenze")
    return T("{a:dec2}–{b:dec2}", a=row[low], b=row[high])


def section(misure: pd.DataFrame, source: Message) -> list[Block]:
    """Return all blocks on the shape of the network."""
    return [
        *heading(),
        opening(misure),
        measures_table(misure, source),
        *by_year(misure, source),
    ]


def by_year(misure: pd.DataFrame, source: Message) -> list[Block]:
    """Draw the density of strong ties by year beside its range by chance."""
    rows = misure[(misure["periodo"] != WHOLE) & (misure["misura"] == HEADLINE)]
    rows = rows.dropna(subset=["valore"])
    if len(rows) < 2:
        need = T("almeno due anni con tre incontri e quattro enti.")
        return [unavailable("rete_anni", T("L'andamento della rete non si può dire."), need)]
    both = pd.concat([rows.assign(serie=0), rows.assign(valore=rows["atteso"], serie=1)])
    named = with_words(both, chi=[(T("osservata"), T("a caso"))[k] for k in both["serie"]])
    drawn = named["serie"] == 1
    band = named.assign(**{c: named[c].where(drawn) for c in ("caso_basso", "caso_alto")})
    return [
        figure(
            "rete_anni_grafico",
            ChartKind.LINEE,
            band,
            [
                ("periodo", T("Anno"), "text"),
                ("chi", T("Serie"), "text"),
                ("valore", T("Densità dei legami forti"), "pct0"),
                ("caso_basso", T("A caso, da"), "pct0"),
                ("caso_alto", T("A caso, a"), "pct0"),
                ("incontri", T("Incontri"), "int"),
            ],
            {"x": "periodo", "y": "valore", "group": "chi", "low": "caso_basso",
             "high": "caso_alto"},
            caption=T("Densità dei legami forti, anno per anno"),
            alt=T("Due serie per {n} anni: densità osservata e attesa a caso.", n=len(rows)),
            source=source,
            n=T("{n:int} incontri", n=int(rows["incontri"].sum())),
            tables=["ind_rete_misure"],
            unit=T("quota delle coppie di enti"),
            options={"da_zero": True},
        ),
        warning(
            "rete_anni_2020",
            T(
                "La serie attraversa il 2020 (COVID-19) e il 2022 (Ucraina): un cambiamento tra "
                "anni non è di per sé un effetto del progetto. La soglia del legame forte è "
                "relativa agli incontri dell'anno."
            ),
        ),
    ]  # fmt: skip


def sociogram(enti: pd.DataFrame, legami: pd.DataFrame, source: Message) -> list[Block]:
    """Draw bodies close to those they meet, core and periphery told apart."""
    names = enti.set_index("ente_id")["ente"]
    drawn = legami.sort_values("peso", ascending=False, kind="stable").head(DRAWN_TIES)
    ends = zip(drawn["da_ente"].map(names), drawn["a_ente"].map(names), strict=True)
    ties = [[*pair, weight] for pair, weight in zip(ends, drawn["peso"].tolist(), strict=True)]
    known = enti["nel_centro"].notna().all()
    inside = enti["nel_centro"].fillna(False).astype("bool")
    shown = with_words(
        enti,
        dove=[CORE_NAMES[bool(c)] if known else T("ente") for c in inside],
    )
    core = sorted(enti.loc[inside, "ente"])
    return [
        figure(
            "rete_grafico",
            ChartKind.RETE,
            shown,
            [
                ("ente", T("Ente"), "text"),
                ("x", T("x"), "dec2"),
                ("y", T("y"), "dec2"),
                ("dove", T("Posto"), "text"),
                ("presenti", T("Incontri"), "int"),
                ("legami_forti", T("Legami forti"), "int"),
            ],
            {"x": "x", "y": "y", "group": "dove", "label": "ente"},
            caption=T("Gli enti che si incontrano: i {n:int} legami più pesanti", n=len(drawn)),
            alt=T(
                "Sociogramma di {n:int} enti; nel centro: {core}.",
                n=len(enti),
                core=core or [T("nessuno")],
            ),
            source=source,
            n=T("{n:int} enti, {m:int} coppie", n=len(enti), m=len(legami)),
            tables=["ind_rete_enti", "ind_rete_legami"],
            unit=T("peso del legame"),
            options={"archi": ties},
        ),
        paragraph("rete_centro", _core_sentence(core, enti)),
    ]


def _core_sentence(core: list[str], enti: pd.DataFrame) -> Message:
    if not core:
        return T("Un centro e una periferia non si distinguono: i legami non variano abbastanza.")
    return T(
        "Il centro della rete, cioè gli enti che si incontrano soprattutto tra loro, è fatto di "
        "{k:int} enti su {n:int}: {names}.",
        k=len(core),
        n=len(enti),
        names=core,
    )


def brokerage(rows: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """Show which bodies stand between Ambiti and between levels, beside chance."""
    active = rows[(rows["valore"] > 0) | rows["fuori_dal_caso"]]
    if active.empty:
        need = T("legami forti tra enti di gruppi diversi, oggi assenti.")
        return [unavailable("intermediazione", T("Nessun ente fa da ponte."), need)]
    found = [_brokers(active, between) for between in ("ambiti", "livelli")]
    return [*found, _brokers_table(active, study, source)]


def _brokers(active: pd.DataFrame, between: str) -> Block:
    part = active[active["tra"] == between]
    if part.empty:
        return paragraph(f"ponti_{between}", T("Tra {g} nessun ente fa da ponte.", g=between))
    top = highest(part, "valore")
    more = sorted(part.loc[part["valore"] > part["caso_alto"], "ente"])
    return paragraph(
        f"ponti_{between}",
        T(
            "Tra {g}, chi più spesso sta tra due enti non legati fortemente è {e} ({v:dec1} volte; "
            "a caso {a:dec1}–{b:dec1}). Più del caso: {more}.",
            g=between,
            e=top["ente"],
            v=top["valore"],
            a=top["caso_basso"],
            b=top["caso_alto"],
            more=more or [T("nessun ente")],
        ),
    )


def _brokers_table(active: pd.DataFrame, study: Study, source: Message) -> Block:
    rows = active.sort_values(["tra", "valore"], ascending=[True, False], kind="stable")
    rows = rows.groupby("tra").head(SHOWN_BROKERS)
    shown = with_words(
        rows,
        gruppo_nome=[_group_name(group, study) for group in rows["gruppo"]],
        caso=[T("{a:dec1}–{b:dec1}", a=r["caso_basso"], b=r["caso_alto"])
              for _, r in rows.iterrows()],
    )  # fmt: skip
    return table(
        "ponti_tabella",
        shown,
        [
            ("tra", T("Tra"), "text"),
            ("ente", T("Ente"), "text"),
            ("gruppo_nome", T("Gruppo dell'ente"), "text"),
            ("valore", T("Volte in cui fa da ponte"), "dec1"),
            ("caso", T("Reti casuali, 95%"), "text"),
        ],
        caption=T("Gli enti che fanno da ponte tra Ambiti e tra livelli"),
        alt=T("Tabella di {n} enti con intermediazione osservata e attesa a caso.", n=len(rows)),
        source=source,
        n=T("{n:int} enti", n=active["ente_id"].nunique()),
        tables=["ind_intermediazione"],
    )


def _group_name(group: str, study: Study) -> Message | str:
    if group in study.ambito_ids:
        return study.nome_area(group)
    return T("senza seggio") if group == "senza_seggio" else level_name(group)


def headline(misure: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return R1 of the whole network as fields of ``notebook.door.Result``; none for an Ambito."""
    if area != DISTRETTO:
        return []
    row = one_row(misure, misura=HEADLINE, livello=ALL, periodo=WHOLE)
    known = not is_missing(row["valore"])
    return [
        {
            "codice": "R1",
            "ambito": area,
            "stima": float(row["valore"]) if known else None,
            "basso": float(row["senza_uno_min"]) if known else None,
            "alto": float(row["senza_uno_max"]) if known else None,
            "n": int(row["incontri"]),
            "intervallo": "senza un incontro alla volta" if known else "nessuno",
            "forza": "media" if known else "non stimabile",
            "blocco": "rete_frase",
            "motivo": row["motivo"],
        }
    ]
