"""The synthetic study's messy files, cleaned, against what is true: nothing changes in silence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.clean.meetings import link_meetings
from bgest_analysis.clean.merge import merge_parts
from bgest_analysis.clean.project.files import PROJECT_TABLES
from bgest_analysis.clean.sources import CleanedSource, clean_source
from bgest_analysis.example.tables import make_tables
from bgest_analysis.example.write import write_example
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace

SMALL, WHOLE = 0.1, 1.0
EVERY = 1_000
# Columns whose truth the files do not hold, or hold otherwise on purpose.
APART = {
    "interventi": {"fase", "fase_origine", "lingua_raw"},
    "questionari": {"compilato_con_mediatore"},
}
# A missing citizenship leaves open who is eligible.
OPEN = {"destinatari": {"motivo_non_ammissibile"}}
BUDGET_KEY = [
    "voce",
    "sottovoce",
    "ente_id",
    "versione_budget",
    "data_spesa",
    "importo_eur",
    "importo_rendicontato_eur",
]


def clean_files(folder: Path, most: int) -> dict[str, list[CleanedSource]]:
    """Clean the files of a study, of each table as many as asked."""
    workspace = Workspace(folder)
    study = load_study(workspace)
    found: dict[str, list[CleanedSource]] = {}
    for fonte in study.fonti:
        if fonte.tabella in PROJECT_TABLES and len(found.get(fonte.tabella, ())) < most:
            cleaned = clean_source(workspace, study, fonte, example_key())
            found.setdefault(fonte.tabella, []).append(cleaned)
    return found


def tidy_tables(sources: dict[str, list[CleanedSource]]) -> dict[str, pd.DataFrame]:
    parts = {name: [one.table for one in listed] for name, listed in sources.items()}
    parts["incontri"] += [one.extra["incontri"] for one in sources["presenze"]]
    meetings, _ = merge_parts(parts["incontri"], find_table("incontri"))
    parts["presenze"] = [link_meetings(part, meetings) for part in parts["presenze"]]
    return {name: merge_parts(listed, find_table(name))[0] for name, listed in parts.items()}


def compare(name: str, truth: pd.DataFrame, clean: pd.DataFrame) -> list[str]:
    """Return what is not as it was: rows that are not true, values changed or made up."""
    key = BUDGET_KEY if name == "budget" else list(find_table(name).key)
    both = truth.merge(clean, on=key, how="outer", suffixes=("_vero", "_pulito"), indicator="chi")
    wrong = [f"{name}: righe in più"] if (both["chi"] == "right_only").any() else []
    both = both[both["chi"] == "both"]
    for column in truth.columns:
        if f"{column}_vero" not in both or column.startswith("fonte_"):
            continue
        if column in APART.get(name, set()):
            continue
        true, cleaned = (both[f"{column}_{who}"].astype("string") for who in ("vero", "pulito"))
        changed = (true != cleaned) & true.notna() & cleaned.notna()
        made_up = true.isna() & cleaned.notna()
        if column in OPEN.get(name, set()):
            made_up &= cleaned != "cittadinanza_nota_manca"
        if changed.any() or made_up.any():
            wrong.append(f"{name}.{column}: {int(changed.sum())} e {int(made_up.sum())}")
    return wrong


def judge(folder: Path, scale: float, most: int) -> None:
    write_example(folder, scale)
    sources = clean_files(folder, most)
    truth = make_tables(scale=scale)
    tidy = tidy_tables(sources)
    wrong = [line for name, frame in tidy.items() for line in compare(name, truth[name], frame)]
    assert wrong == []
    for name, frame in tidy.items():
        validate_table(frame, find_table(name))
    if most >= EVERY:
        aside = sum(len(one.quarantine) for one in sources["interventi"])
        assert len(truth["interventi"]) - len(tidy["interventi"]) == aside > 0
    for one in (one for listed in sources.values() for one in listed):
        for account in one.accounts:
            total = account.tidy + account.quarantined + sum(account.dropped.values())
            assert account.rows_in == total


def test_nothing_changes_in_silence(tmp_path: Path) -> None:
    judge(tmp_path / "esempio", SMALL, most=1)


@pytest.mark.full
def test_nothing_changes_in_silence_in_the_whole_example(tmp_path: Path) -> None:
    judge(tmp_path / "esempio", WHOLE, most=EVERY)
