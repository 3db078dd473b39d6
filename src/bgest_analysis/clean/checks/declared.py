"""What a table says twice in two ways: VAT, shares of funds, versions, signatures, scales."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.clean.checks.model import Frames, Outcome, conform
from bgest_analysis.study.model import Study

CENT = 0.011  # euro: two roundings of half a cent
ALL = "tutti gli enti"


def check_signatures(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report months of timesheets that have a place for the signature, and no signature."""
    sheets = frames["timesheet"]
    unsigned = sheets[(~sheets["firmato"].fillna(True).astype(bool)) & (sheets["minuti"] > 0)]
    grouped = unsigned.groupby(["mediatore_id", "mese"])["minuti"].agg(["sum", "size"])
    rows = grouped.reset_index().rename(
        columns={"mese": "periodo", "sum": "valore_a", "size": "righe"}
    )
    return [_to_review("foglio_senza_firma", rows, "minuti")]


def check_vat(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report bodies that report some expenses with VAT and others without, and the odd ones."""
    budget = frames["budget"].dropna(
        subset=["importo_netto_eur", "iva_eur", "importo_rendicontato_eur"]
    )
    budget = budget[budget["iva_eur"] > 0]
    reported, net = budget["importo_rendicontato_eur"], budget["importo_netto_eur"]
    without = (reported - net).abs() <= CENT
    gross = (reported - net - budget["iva_eur"]).abs() <= CENT
    counts = pd.DataFrame(
        {
            "oggetto": budget["ente_id"].astype("str").fillna(ALL),
            "valore_a": gross.astype(int),
            "valore_b": without.astype(int),
            "altre": (~gross & ~without).astype(int),
            "righe": 1,
        }
    )
    bodies = counts.groupby("oggetto").sum().reset_index()
    mixed = bodies[(bodies["valore_a"] > 0) & (bodies["valore_b"] > 0)]
    odd = bodies[bodies["altre"] > 0].assign(valore_a=bodies["altre"], valore_b=0)
    return [_to_review("iva_mista", mixed, "righe"), _to_review("iva_non_torna", odd, "righe")]


def check_shares(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report lines whose EU and national shares together exceed what they pay for."""
    budget = frames["budget"]
    shares = budget["quota_ue_eur"].fillna(0) + budget["quota_naz_eur"].fillna(0)
    paid = budget[["importo_eur", "importo_rendicontato_eur"]].max(axis=1)
    over = (shares - paid > CENT).fillna(False).astype(bool)
    rows = pd.DataFrame(
        {
            "oggetto": _places(budget[over]),
            "valore_a": shares[over],
            "valore_b": paid[over],
            "righe": 1,
        }
    )
    return [_to_review("quote_oltre_importo", rows, "euro")]


def check_two_projects(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report one expense charged to two projects: same day, heading, body and amount."""
    same = ["data_spesa", "voce", "ente_id", "importo_rendicontato_eur"]
    spent = frames["budget"].dropna(subset=["data_spesa", "importo_rendicontato_eur"])
    groups = spent.groupby(same, dropna=False)["progetto_id"].agg(["nunique", "size"]).reset_index()
    twice = groups[groups["nunique"] > 1]
    rows = pd.DataFrame(
        {
            "oggetto": twice["voce"] + " · " + twice["ente_id"].astype("str").fillna(ALL),
            "periodo": twice["data_spesa"].dt.strftime("%Y-%m-%d"),
            "valore_a": twice["importo_rendicontato_eur"] * twice["size"],
            "valore_b": twice["importo_rendicontato_eur"],
            "righe": twice["size"],
        }
    )
    grouped = rows.groupby(["oggetto", "periodo"], as_index=False).sum()
    return [_to_review("spesa_due_progetti", grouped, "euro")]


def check_versions(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report what mixes versions of the budget: lines of no version, headings a change lacks."""
    planned = frames["budget"].dropna(subset=["importo_eur"])
    said = planned.dropna(subset=["versione_budget"])
    unsaid = planned[planned["versione_budget"].isna()] if len(said) else planned.head(0)
    unnamed = pd.DataFrame(
        {"oggetto": _places(unsaid), "valore_a": unsaid["importo_eur"], "righe": 1}
    )
    number = said["versione_budget"].str.extract(r"(\d+)")[0].astype("Float64").fillna(0)
    amounts = said.assign(numero=number).groupby(["numero", "voce"])["importo_eur"].sum()
    table = amounts.unstack("voce").sort_index() if len(amounts) else pd.DataFrame()
    lacking = []
    for before, after in zip(table.index[:-1], table.index[1:], strict=True):
        gone = table.columns[table.loc[before].notna() & table.loc[after].isna()]
        lacking += [(str(head), f"rimod_{int(after)}", table.at[before, head]) for head in gone]
    partial = pd.DataFrame(lacking, columns=["oggetto", "periodo", "valore_b"])
    return [
        _to_review("versione_non_detta", unnamed, "euro"),
        _to_review("voce_persa_nella_rimodulazione", partial.assign(righe=1, valore_a=0), "euro"),
    ]


def check_scales(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report items answered on several scales: their answers have no common mean."""
    answers = frames["questionari"].dropna(subset=["item", "scala"])
    items = answers.groupby("item")["scala"].agg(["nunique", "size"]).reset_index()
    mixed = items[items["nunique"] > 1].rename(
        columns={"item": "oggetto", "nunique": "valore_a", "size": "righe"}
    )
    return [_to_review("scale_miste", mixed.assign(valore_b=1), "scale")]


def _places(budget: pd.DataFrame) -> pd.Series:
    """Return heading and place in the file of each row: what tells one line from another."""
    file = budget["fonte_file"].astype("str") + ", riga " + budget["fonte_riga"].astype("str")
    return budget["voce"].astype("str") + " · " + file


def _to_review(check: str, rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    filled = rows.reindex(columns=[*rows.columns.union(["valore_a", "valore_b"], sort=False)])
    values = filled.astype({"valore_a": "Float64", "valore_b": "Float64"}).fillna(
        {"valore_a": 0, "valore_b": 0}
    )
    return conform(
        values.assign(
            controllo=check,
            scarto=values["valore_a"] - values["valore_b"],
            soglia=0,
            unita_riscontro=unit,
            esito_riscontro=str(Outcome.DA_RIVEDERE),
        )
    )
