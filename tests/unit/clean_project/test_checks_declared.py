"""Classes of domain.md 7 planted in tables: each found, the sound rows beside them left alone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from bgest_analysis.clean.checks.run import check_tables
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.model import Study

ONE, TWO = "a" * 20, "b" * 20
DAY = pd.Timestamp(2021, 5, 3)

SIGNATURES = [
    {"mediatore_id": ONE, "mese": "2022-01", "minuti": 60, "firmato": True},
    {"mediatore_id": ONE, "mese": "2022-02", "minuti": 60, "firmato": False},
    {"mediatore_id": TWO, "mese": "2022-02", "minuti": 60, "firmato": None},
    {"mediatore_id": TWO, "mese": "2022-03", "minuti": 0, "firmato": False},
]
BILL = {"importo_netto_eur": 100.0, "iva_eur": 22.0, "voce": "E"}
VAT = [
    {**BILL, "ente_id": "RUAH", "importo_rendicontato_eur": 122.0},
    {**BILL, "ente_id": "RUAH", "importo_rendicontato_eur": 100.0},
    {**BILL, "ente_id": "PROG", "importo_rendicontato_eur": 122.0},
    {**BILL, "ente_id": "CSVC", "importo_rendicontato_eur": 110.0},
]
SHARE = {"voce": "A", "versione_budget": "approvato", "importo_eur": 100.0}
SHARES = [
    {**SHARE, "quota_ue_eur": 50.0, "quota_naz_eur": 50.0},
    {**SHARE, "quota_ue_eur": 100.0, "quota_naz_eur": 100.0},
    {**SHARE, "quota_ue_eur": 100.0},
]
SPENT = {"voce": "F", "ente_id": "RUAH", "data_spesa": DAY, "importo_rendicontato_eur": 80.0}
PROJECTS = [
    {**SPENT, "progetto_id": "labimpact"},
    {**SPENT, "progetto_id": "migramenti"},
    {**SPENT, "voce": "E", "progetto_id": "labimpact"},
    {**SPENT, "voce": "E", "progetto_id": "labimpact"},
]
VERSIONS = [
    {"voce": "A", "versione_budget": "approvato", "importo_eur": 10.0},
    {"voce": "E", "versione_budget": "approvato", "importo_eur": 20.0},
    {"voce": "A", "versione_budget": "rimod_1", "importo_eur": 15.0},
    {"voce": "L", "importo_eur": 5.0},
]
ANSWER = {"rilevazione": "destinatari", "onda_questionario": "post", "valore": 3.0}
SCALES = [
    {**ANSWER, "risposta_id": "R1", "item": "utile", "scala": "likert_1_4"},
    {**ANSWER, "risposta_id": "R2", "item": "utile", "scala": "likert_1_5"},
    {**ANSWER, "risposta_id": "R1", "item": "accolto", "scala": "likert_1_5"},
]

PLANTED = {
    "foglio_senza_firma": ("timesheet", SIGNATURES, 1),
    "iva_mista": ("budget", VAT, 1),
    "iva_non_torna": ("budget", VAT, 1),
    "quote_oltre_importo": ("budget", SHARES, 1),
    "spesa_due_progetti": ("budget", PROJECTS, 1),
    "versione_non_detta": ("budget", VERSIONS, 1),
    "voce_persa_nella_rimodulazione": ("budget", VERSIONS, 1),
    "scale_miste": ("questionari", SCALES, 1),
}


@pytest.mark.parametrize("check", sorted(PLANTED))
def test_each_class_is_found_as_often_as_planted(check: str, study: Study) -> None:
    name, rows, planted = PLANTED[check]
    table = find_table(name)
    listed: list[dict[str, Any]] = [
        {"fonte_file": "f.csv", "fonte_riga": at, **row} for at, row in enumerate(rows, start=2)
    ]
    frame = pd.DataFrame(listed).reindex(columns=table.column_names)
    typed = frame.astype({column.name: column.dtype for column in table.columns})
    found = check_tables({name: typed}, study)
    validate_table(found, find_table("riscontri"))
    mine = found[found["controllo"] == check]
    print(f"{check}: piantate {planted}, trovate {len(mine)}, da rivedere {len(mine)}")
    assert len(mine) == planted
    assert set(mine["esito_riscontro"]) == {"da_rivedere"}
