"""Pages on attendance, funds, monitoring and planning: full studies and almost empty ones."""

import pandas as pd
import pytest

from bgest_analysis.example.files.study import write_study
from bgest_analysis.example.tables import world_tables
from bgest_analysis.example.world import build_world
from bgest_analysis.indicators import (
    costi,
    fondi,
    monitoraggio,
    presenze,
    previsione,
    programmazione,
    relazioni,
    territorio,
)
from bgest_analysis.pages import fondi as funds
from bgest_analysis.pages import fondi_costi as unit_costs
from bgest_analysis.pages import monitoraggio as monitoring
from bgest_analysis.pages import monitoraggio_scheda as sheet
from bgest_analysis.pages import partecipazione as attendance
from bgest_analysis.pages import partecipazione_assenze as absences
from bgest_analysis.pages import partecipazione_proposte as proposals
from bgest_analysis.pages import partecipazione_relazioni as ties
from bgest_analysis.pages import programmazione as planning
from bgest_analysis.pages import programmazione_riparto as riparto
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import DISTRETTO, Workspace

SOURCE = T("prova")
MODULES = (territorio, presenze, relazioni, fondi, costi, monitoraggio, programmazione, previsione)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    world = build_world(0.5)
    write_study(folder, world)
    study = load_study(Workspace(folder))
    frames = {f"tidy_{name}": frame for name, frame in world_tables(world).items()}
    for module in MODULES:
        for indicator in module.INDICATORS:
            if all(name in frames or name.startswith("studio_") for name in indicator.reads):
                frames[indicator.table.full_name] = indicator.compute(frames, study)
    return study, frames


def texts(blocks):
    return {block.id: block.text.render("it") for block in blocks}


@pytest.mark.parametrize("area", [DISTRETTO, "ES3"])
def test_attendance_is_told(made, area):
    study, frames = made
    blocks = [
        *attendance.section(frames["ind_incontri"], SOURCE),
        *absences.seats_against_attendance(frames["ind_presenze_enti"], SOURCE),
        *absences.absences(frames["ind_presenze_ambiti"], study, area, SOURCE),
        *attendance.continuity(frames["ind_continuita"], study, area, SOURCE),
        *proposals.section(frames["ind_proposte"], SOURCE),
        *ties.ties(frames["ind_relazioni"], SOURCE),
    ]
    told = texts(blocks)
    n = len(frames["tidy_incontri"])
    assert told["incontri_frase"].startswith(f"Gli incontri documentati sono {n},")
    assert f"le proposte sono {len(frames['tidy_proposte'])}" in told["proposte_frase"].lower()
    assert len(told) == len(blocks)
    r3 = attendance.headline_continuity(frames["ind_continuita"], area)
    assert (r3["codice"], r3["ambito"]) == ("R3", area)
    assert len(attendance.headline_mediators(frames["ind_incontri"], area)) == (area == DISTRETTO)


def test_costs_stand_beside_their_range(made):
    study, frames = made
    blocks = [
        *funds.projects_table(frames["ind_progetti"], SOURCE),
        *funds.hours_by_fund(frames["ind_ore_fondi"], study, DISTRETTO, SOURCE),
        *funds.double_funding(frames["ind_doppio_finanziamento"], SOURCE),
        *funds.spending(frames["ind_budget"], study, SOURCE),
        *unit_costs.unit_costs(frames["ind_costi_unitari"], SOURCE),
    ]
    told = texts(blocks)
    assert "di 2 non si conosce almeno una data" in told["progetti_frase"]
    assert "manca_accettabilita" in told
    found = unit_costs.headline_cost(frames["ind_costi_unitari"], DISTRETTO)[0]
    assert found["basso"] <= found["stima"] <= found["alto"]
    assert unit_costs.headline_cost(frames["ind_costi_unitari"], "ES1") == []


def test_a_cost_on_too_few_cases_is_not_estimable(made):
    _, frames = made
    hidden = frames["ind_costi_unitari"].assign(valore_eur=pd.NA)
    assert "manca_costo_ora" in texts(unit_costs.unit_costs(hidden, SOURCE))
    assert unit_costs.headline_cost(hidden, DISTRETTO)[0]["forza"] == "non stimabile"


def test_monitoring_and_its_sheet(made):
    study, frames = made
    blocks = [
        *monitoring.achieved(frames["ind_conseguimento"], SOURCE),
        *monitoring.by_quarter(frames["ind_indicatori_trimestri"], SOURCE),
        *monitoring.official(frames["ind_indicatori_ufficiali"], study, SOURCE),
        *monitoring.activities(frames["ind_attivita"], SOURCE),
    ]
    assert "nessuna proiezione" in texts(blocks)["scostamenti_ritmo"]
    names = ("ind_indicatori_trimestri", "ind_attivita", "ind_spesa_trimestri", "ind_budget")
    tables = {name: frames[name] for name in names}
    form = {b.id: b for b in sheet.sheet(tables, study, "2022-T2", SOURCE)}["scheda_trimestrale"]
    sections = [section.render("it") for section in form.grid.column("sezione")]
    assert sections == sorted(sections)  # the official order is numbered
    assert len(set(sections)) == 7
    alone = {"ind_indicatori_trimestri": frames["ind_indicatori_trimestri"]}
    assert "scheda_trimestrale" in texts(sheet.sheet(alone, study, "", SOURCE))
    assert "manca_scheda" in texts(sheet.sheet(alone, study, "2030-T1", SOURCE))


@pytest.mark.parametrize("area", [DISTRETTO, "ES3"])
def test_planning_is_told(made, area):
    study, frames = made
    blocks = [
        *planning.at_risk(frames["ind_ore_rischio"], study, area, SOURCE),
        *planning.practices(frames["ind_pratiche_tenuta"], study, area, SOURCE),
        *planning.funds_in_time(frames["ind_progetti"], study, SOURCE),
        planning.successors(frames["ind_progetti"]),
        *planning.editions_heading(study),
        *monitoring.next_edition(frames["ind_indicatori_ufficiali"], study, SOURCE),
        *planning.forecast(
            frames["ind_previsione"], frames["ind_previsione_prova"], study, area, SOURCE
        ),
        *riparto.allocation(
            frames["ind_riparto"], frames["ind_riparto_equita"], study, area, SOURCE
        ),
    ]
    told = texts(blocks)
    assert "seconda edizione" in told["fondi_senza_date"]
    assert "nessun seguito noto" in told["chi_paga"]
    assert "2021-2027" in told["edizione_0"]


def test_what_lacks_says_what_it_needs(made):
    study, frames = made
    assert attendance.missing().id == "manca_partecipazione"
    assert funds.money_missing().id == "manca_budget"
    nothing = frames["ind_ore_rischio"].iloc[:0]
    assert set(texts(planning.at_risk(nothing, study, "ES3", SOURCE))) == {"manca_ore_rischio"}
    no_seats = frames["ind_presenze_enti"].assign(seggio=False)
    assert set(texts(absences.seats_against_attendance(no_seats, SOURCE))) == {
        "manca_seggi_presenze"
    }
