"""The pages of the Ukraine emergency, on a synthetic study and on almost nothing."""

import pandas as pd
import pytest

from bgest_analysis.impact import ucraina as stime
from bgest_analysis.indicators import casi
from bgest_analysis.indicators import ucraina as indicatori
from bgest_analysis.pages.ucraina import altri, ondata, persone, pratiche, risultati
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import DISTRETTO
from tests.lib.synthetic import draw, protected_tables, synthetic_study, texts

SOURCE = T("prova")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    study, frames = synthetic_study(tmp_path_factory.mktemp("studio"), 1.0)
    return study, frames, protected_tables(study, frames, (casi, indicatori))


def pages(study, frames, tables, area):
    found = stime.estimate_surge(frames, study, area)
    months = stime.estimate_fitted(frames, study, area)
    waits = tables["ind_ucraina_attese"]
    return [
        *ondata.headings(study, area),
        *ondata.surge(tables["ind_ucraina_serie"], found, months, study, area, SOURCE),
        *persone.composition(tables["ind_ucraina_persone"], study, area, SOURCE),
        *altri.displacement(found, study, area, SOURCE),
        *altri.responses(waits, study, area, SOURCE),
        *pratiche.common(tables["ind_pratiche"], study, area, SOURCE),
    ], found


@pytest.mark.parametrize(("area", "figures"), [(DISTRETTO, 5), ("ES3", 1)])
def test_all_pages_build(made, area, figures):
    study, frames, tables = made
    blocks, found = pages(study, frames, tables, area)
    words = texts(blocks)
    assert words["ondata_frase"].startswith(study.nome_area(area))
    assert "non è stimabile" in words["prassi_durata"]
    assert draw(blocks) >= figures
    assert ("non stimabili" in words["ondata_frase"]) == (area != DISTRETTO)
    rows = risultati.emergency(found, area)
    assert [row["codice"] for row in rows] == ["U1", "U2", "U3"]
    assert all((row["forza"] == "non stimabile") == (area != DISTRETTO) for row in rows)


def test_no_small_number_of_persons_is_shown(made):
    study, _, tables = made
    shown = tables["ind_ucraina_persone"]["persone"].dropna()
    assert (shown >= study.protezione.soglia_interna).all()
    series = tables["ind_ucraina_serie"]["richieste"].dropna()
    assert (series >= study.protezione.soglia_interna).all()


def test_without_tables_the_pages_say_what_is_missing(made):
    study, _, tables = made
    absent = pd.DataFrame({"n": [0], "motivo": ["mancano tidy_interventi"]})
    assert risultati.emergency(absent, DISTRETTO)[0]["motivo"] == "mancano tidy_interventi"
    blocks = [ondata.no_log(), persone.no_people(), pratiche.no_practices()]
    assert all(block.id.startswith("manca_") for block in blocks)
    nothing = tables["ind_pratiche"].assign(adozione=pd.NaT)
    assert (
        "Nessun Ambito" in texts(pratiche.common(nothing, study, DISTRETTO, SOURCE))["prassi_frase"]
    )


def test_strength_needs_both_versions_to_agree(made):
    study, frames, _ = made
    found = stime.estimate_surge(frames, study)
    assert risultati.strength(found, "U1") == "media"
    other = (found["misura"] == stime.SIZE) & (found["variante"] == stime.WITHOUT_MONTHS)
    unsure = found.assign(basso=found["basso"].mask(other, -0.5))
    assert risultati.strength(unsure, "U1") == "debole"
