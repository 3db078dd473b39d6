"""study.toml is checked once, and each refusal says where and what to do."""

import pytest

from bgest_analysis.errors import StudyError, UnknownPlace
from bgest_analysis.study.load import load_study
from tests.lib.studies import AMBITI, COMUNI, STUDY_TOML, small_study, write_study


def test_a_small_study_is_read(tmp_path):
    study = small_study(tmp_path)
    assert study.ambito_ids == ("SU", "NO")  # by their order, not by their place in the file
    assert study.aree == ("distretto", "SU", "NO")
    assert study.nome_area("distretto") == "Insieme"
    assert study.ambiti[0].alias == ("Meridione", "Mezzogiorno")
    assert study.comuni_area("SU")["cod_istat"].tolist() == ["016001", "016002"]
    assert study.progetto.dal == ""
    assert study.progetto.al == "2023-06-30"
    with pytest.raises(UnknownPlace, match="EST"):
        study.nome_area("EST")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("versione = 1", "versione = 7", "versione.*7"),
        ("[territorio]", "[altro]\nx = 1\n\n[territorio]", r"chiavi sconosciute altro"),
        ('motto = ""', 'moto = ""', "chiavi sconosciute moto"),
        ('lingua = "it"\n', "", "manca «lingua»"),
        ("al = 2023-06-30", 'al = "30/06/2023"', "2023-06-30"),
        ("studio/comuni.csv", "studio/assente.csv", "studio/assente.csv non c'è"),
        ("[documenti]\ndata = 2026-01-31", "[documenti]", "manca «data»"),
        ("versione = 1", "versione = = 1", "non è TOML valido"),
        (
            "[documenti]",
            "[protezione]\nsoglia_interna = 2\n\n[documenti]",
            "nessuna soglia può stare sotto 3",
        ),
        (
            "[documenti]",
            '[[fonti]]\ntabella = "x"\nfile = "../fuori.csv"\n\n[documenti]',
            "fuori dallo studio",
        ),
    ],
)
def test_a_wrong_study_file_is_refused(tmp_path, old, new, said):
    workspace = write_study(tmp_path, toml=STUDY_TOML.replace(old, new))
    with pytest.raises(StudyError, match=said):
        load_study(workspace)


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("ambiti", AMBITI.replace("SU,", "NO,"), "ambito_id, righe 3: codice vuoto o ripetuto"),
        ("ambiti", AMBITI.replace(",1\n", ",primo\n"), "ordine, righe 3"),
        ("ambiti", AMBITI.replace("true", "vero"), "capofila, righe 2"),
        ("ambiti", AMBITI.replace("NO,", "../x,"), "lettere, cifre"),
        ("ambiti", AMBITI.replace("NO,", "distretto,"), "riservato"),
        ("comuni", COMUNI.replace("016001", "16001"), "righe 2: servono sei cifre"),
        ("comuni", COMUNI.replace("016002", "016001"), "righe 3: comune ripetuto"),
        ("comuni", COMUNI.replace("Albino,NO", "Albino,EST"), "righe 4: Ambito sconosciuto"),
        ("comuni", COMUNI.replace("nome,", "denominazione,"), "mancano le colonne nome"),
        ("comuni", COMUNI.replace("Albino,NO", "Albino,SU"), "nessun comune per NO"),
    ],
)
def test_a_wrong_table_names_file_column_and_row(tmp_path, table, text, said):
    workspace = write_study(tmp_path, **{table: text})
    with pytest.raises(StudyError, match=said):
        load_study(workspace)


def test_files_put_into_a_table_folder_are_found(tmp_path):
    workspace = write_study(tmp_path)
    folder = tmp_path / "data/raw/interventi"
    folder.mkdir(parents=True)
    for name in (
        "b.xlsx",
        "a.csv",
        "~$b.xlsx",
        "note.pdf",
        "b CONTROLLATO.xlsx",
        "b CONTROLLATO-2.xlsx",
    ):
        (folder / name).write_bytes(b"")
    fonti = load_study(workspace).fonti_di("interventi")
    assert [fonte.file for fonte in fonti] == [
        "data/raw/interventi/a.csv",
        "data/raw/interventi/b.xlsx",
    ]


@pytest.mark.parametrize(
    "copy",
    [
        "ore-DESKTOP-AB12CD.xlsx",
        "ore-PC-ANNA.xlsx",
        "ore (copia in conflitto di PC-ANNA 2022-03-01).xlsx",
        "ore (Anna's conflicted copy 2022-03-01).xlsx",
    ],
)
def test_a_conflict_copy_of_onedrive_is_refused_and_named(tmp_path, copy):
    workspace = write_study(tmp_path)
    folder = tmp_path / "data/raw/interventi"
    folder.mkdir(parents=True)
    (folder / copy).write_bytes(b"")
    assert len(load_study(workspace).fonti_di("interventi")) == 1  # alone it is a file as another
    (folder / "ore.xlsx").write_bytes(b"")
    with pytest.raises(StudyError) as refused:
        load_study(workspace)
    said = refused.value.message.render("it")
    assert f"data/raw/interventi contiene {copy}" in said
    assert "copia in conflitto di ore.xlsx" in said


@pytest.mark.parametrize("other", ["ore-2021.xlsx", "ore-VCA.xlsx", "ore nuove.xlsx"])
def test_a_file_of_another_year_or_ambito_is_no_conflict_copy(tmp_path, other):
    workspace = write_study(tmp_path)
    folder = tmp_path / "data/raw/interventi"
    folder.mkdir(parents=True)
    for name in ("ore.xlsx", other):
        (folder / name).write_bytes(b"")
    assert len(load_study(workspace).fonti_di("interventi")) == 2


def test_contacts_stand_in_the_local_file_only(tmp_path):
    workspace = write_study(tmp_path)
    (tmp_path / "study.local.toml").write_text(
        '[contatti]\nreferente = "N. N."\n', encoding="utf-8"
    )
    assert load_study(workspace).contatti == {"referente": "N. N."}
