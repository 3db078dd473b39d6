"""Files of a study through the engine's own jobs: tables, accounts, no person left over."""

from __future__ import annotations

import importlib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from bgest_analysis.errors import PrivacyGateClosed
from bgest_analysis.schema.store import read_lineage, read_table
from bgest_analysis.workspace import Workspace
from tests.lib.jobs import bare_study, cleaning_jobs, give_key, run_cleaning

LOG = """N. intervento;Data;Mediatore;Lingua;Ore;Ambito;Comune;Modalità;Esito;Note;Codice caso
1;03/04/2022;Verdini Amina;arabo;1:30;Val Cavallina;Trescore Balneario;urgente;concluso;{note};C1
2;03/04/2022;Amina Verdini;Ghanese;2h;Ambito Valle Seriana;;programmata;svolto;;C1
3;13/04/2022;Verdini Amina;Arabo;90';Clusone;Clusone;urgente;concluso;;
4;;;urdu;;;Lovere;urgente;non coperto;;
TOTALE;;;;6:00;;;;;;
"""
PEOPLE = """Codice utente;Cognome;Nome;Data di nascita;Telefono;Sesso;Cittadinanza;Ambito
U1;Zubadri;Fathima;12/03/1985;333 9876543;F;marocchina;Seriate
;Zubadri;Fatima;12/03/1985;;F;marocchina;Val Cavallina
;Zubadri;;;;F;Zubadri Fathima;Seriate
"""
NOTE = "vive in Piazzale Segreto 3, mario.canarino@example.org RSSMRA80A01H501U"


def make_workspace(folder: Path, root: Path) -> Workspace:
    """Make a study with the real one's territory and project files of its own."""
    workspace = bare_study(folder, root)
    put(folder, "interventi/registro.csv", LOG.format(note=NOTE))
    put(folder, "destinatari/persone.csv", PEOPLE)
    grid(folder / "data/raw/presenze/cabina.xlsx")
    return workspace


@pytest.fixture
def workspace(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a study of one's own, without a key."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "config"))
    return make_workspace(tmp_path / "studio", root)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Workspace:
    """Return a study whose jobs were all done, for tests that only look."""
    folder = tmp_path_factory.mktemp("finito")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("APPDATA", str(folder / "config"))
        made = make_workspace(folder / "studio", root)
        give_key(made, folder / "config")
        run_cleaning(made)
    return made


def put(folder: Path, name: str, text: str) -> None:
    path = folder / "data" / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def grid(path: Path) -> None:
    path.parent.mkdir(parents=True)
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Cabina di regia"
    for row in (
        ["Ente", "12/03/2021", "14/04/2021"],
        ["Cooperativa Ruah", "X", "A"],
        ["Consorzio Servizi", "X", "X"],
    ):
        page.append(row)
    book.save(path)


def tidy(workspace: Workspace, name: str) -> pd.DataFrame:
    return read_table(workspace.processed / f"tidy_{name}.parquet")


def test_files_become_tables_and_every_row_is_accounted_for(ran: Workspace) -> None:
    log = tidy(ran, "interventi")
    assert log["intervento_id"].tolist() == ["1", "2", "4"]
    assert log["mediatore_id"].dropna().nunique() == 1
    assert log["ambito_id"].tolist() == ["VCA", "VSE", "ASE"]
    accounts = tidy(ran, "conti").set_index("tabella")
    parts = ["righe_pulite", "quarantena", "scartate"]
    assert accounts["righe_lette"].tolist() == accounts[parts].sum(axis=1).tolist()
    assert accounts.loc["interventi", ["righe_lette", *parts]].tolist() == [5, 3, 1, 1]
    problems = tidy(ran, "problemi")
    total = problems[problems["regola"] == "totale_diverso"]
    assert total[["riga", "valore"]].to_numpy().tolist() == [[6, "360 dichiarato, 300 la somma"]]
    assert read_lineage(ran.processed / "tidy_interventi.parquet").origin == "progetto"
    assert not tidy(ran, "registro").empty


def test_a_grid_of_attendance_gives_both_tables(ran: Workspace) -> None:
    assert tidy(ran, "incontri")["livello"].unique().tolist() == ["cabina_regia"]
    assert len(tidy(ran, "presenze")) == 3
    assert tidy(ran, "presenze")["fonte_file"].str.endswith("#Cabina di regia").all()


def test_persons_are_compared_across_files(ran: Workspace) -> None:
    pairs = tidy(ran, "coppie_persone")
    assert pairs["classe_coppia"].tolist() == ["da_rivedere"]
    page = openpyxl.load_workbook(ran.processed / "da_rivedere" / "coppie_persone.xlsx").active
    line = {cell.value: page.cell(2, cell.column).value for cell in page[1]}
    assert line["valore"] == "|".join(pairs.iloc[0][["destinatario_a", "destinatario_b"]])
    assert sorted(line["dove"].split("; ")) == [
        f"data/raw/destinatari/persone.csv riga {row}" for row in (2, 3)
    ]


def test_a_decision_on_a_pair_stands(workspace: Workspace, tmp_path: Path) -> None:
    give_key(workspace, tmp_path / "config")
    run_cleaning(workspace)
    pair = tidy(workspace, "coppie_persone").iloc[0]
    lines = "tabella;colonna;valore;nuovo_valore;perche;chi;quando\n" + ";".join(
        [
            "coppie_persone",
            "classe_coppia",
            f"{pair['destinatario_a']}|{pair['destinatario_b']}",
            "diversa",
            "sorelle",
            "A.B.",
            "2026-01-10",
        ]
    )
    put(workspace.root, "correzioni/personali/coppie.csv", lines + "\n")
    run_cleaning(workspace)
    decided = tidy(workspace, "coppie_persone").iloc[0]
    assert (decided["classe_coppia"], decided["motivo_coppia"]) == ("diversa", "decisione")


def test_a_public_decision_is_applied_at_the_next_run(workspace: Workspace, tmp_path: Path) -> None:
    give_key(workspace, tmp_path / "config")
    before = {job.id: job.inputs for job in run_cleaning(workspace)}
    put(
        workspace.root,
        "correzioni/lingue.csv",
        "tabella;colonna;valore;nuovo_valore;perche;chi;quando\n"
        "interventi;lingua;Ghanese;twi;chiesto;A.B.;2026-01-10\n",
    )
    after = {job.id: job.inputs for job in run_cleaning(workspace)}
    assert tidy(workspace, "interventi").set_index("intervento_id")["lingua"]["2"] == "twi"
    assert "Ghanese" not in tidy(workspace, "da_rivedere")["valore"].tolist()
    job = "clean/interventi/registro.csv"
    assert set(after[job]) - set(before[job]) == {workspace.raw / "correzioni" / "lingue.csv"}


def test_a_name_in_the_wrong_column_is_not_shown(ran: Workspace) -> None:
    waiting = tidy(ran, "da_rivedere")
    assert waiting[waiting["colonna"] == "cittadinanza_iso3"]["valore"].tolist() == [""]


def test_without_a_key_nothing_about_persons_is_written(workspace: Workspace) -> None:
    job = next(j for j in cleaning_jobs(workspace) if j.id == "clean/destinatari/persone.csv")
    assert job.settings["chiave"] == ""
    module, name = job.action.split(":")
    with pytest.raises(PrivacyGateClosed, match="bgest key"):
        getattr(importlib.import_module(module), name)(workspace, job)
    assert not job.outputs[0].exists()


def test_the_key_is_part_of_what_a_job_depends_on(workspace: Workspace, tmp_path: Path) -> None:
    give_key(workspace, tmp_path / "config")
    keys = {job.id: job.settings.get("chiave") for job in cleaning_jobs(workspace)}
    assert keys["clean/destinatari/persone.csv"]
    assert keys["clean/presenze/cabina.xlsx"] == ""
