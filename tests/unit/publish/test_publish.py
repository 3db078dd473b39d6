"""What may leave leaves as one package; whatever is planted in a finished file stops it."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from pathlib import Path

import docx
import nbformat
import openpyxl
import pytest
from PIL import Image, PngImagePlugin

from bgest_analysis.cli.main import main
from bgest_analysis.errors import UsageError
from bgest_analysis.publish.audit import audit_run
from bgest_analysis.publish.content import read_content
from bgest_analysis.publish.findings import REMEDIES, Rule
from bgest_analysis.publish.metadata import strip_names
from bgest_analysis.publish.package import Eyes, publish
from bgest_analysis.schema.model import Origin
from tests.lib.kill import killed_at

HOME = Path("/nessuna/casadiprova")
EYES = Eyes("Anna", "Bruno", "2026-11-23")
CF = "RSSMRA85M01H501Q"
PLANTED = {
    "codice fiscale": (CF, Rule.IDENTIFIER),
    "posta": ("scrivere a mario.rossi@example.org", Rule.IDENTIFIER),
    "telefono": ("tel. 347 123 4567", Rule.IDENTIFIER),
    "telefono estero": ("+39 035 123456", Rule.IDENTIFIER),
    "permesso": ("permesso I12345678", Rule.IDENTIFIER),
    "percorso": ("/home/mrossi/dati.xlsx", Rule.PATH),
    "percorso Windows": (r"C:\Users\mrossi\dati.xlsx", Rule.PATH),
    "utente": ("fatto da casadiprova", Rule.PATH),
    "sintetico": ("DATI SINTETICI", Rule.SYNTHETIC),
    "riservato": ("RISERVATO, non diffondere", Rule.CONFIDENTIAL),
}


def found(run):
    audit = audit_run(run.workspace, run.study, HOME)
    return {(Path(item.file).suffix, item.rule) for item in audit.findings}


def rules(run):
    return {rule for _, rule in found(run)}


def test_a_clean_run_becomes_one_package_and_its_register(copy_of):
    run = copy_of()
    done = publish(run.workspace, run.study, EYES, HOME)
    assert done.findings == ()
    with zipfile.ZipFile(done.package) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        data = {name: archive.read(name) for name in names}
    suffixes = {Path(name).suffix for name in names}
    assert suffixes == {".json", ".docx", ".html", ".ipynb", ".pdf", ".xlsx"}
    assert (manifest["soglia"], manifest["arrotondamento"]) == (10, 5)
    assert [item["file"] for item in manifest["file"]] == names[1:]
    with (run.workspace.root / "pubblicazioni/registro.csv").open(encoding="utf-8") as lines:
        register = list(csv.DictReader(lines))
    assert [line["file"] for line in register] == names[1:]
    assert {line["primo_controllo"] + line["secondo_controllo"] for line in register} == {
        "AnnaBruno"
    }
    for line in register:
        assert len(data[line["file"]]) == next(
            item["byte"] for item in manifest["file"] if item["file"] == line["file"]
        )


def test_the_same_run_gives_the_same_bytes(copy_of):
    run = copy_of()
    first = publish(run.workspace, run.study, EYES, HOME)
    again = publish(run.workspace, run.study, EYES, HOME)
    assert first.package == again.package
    other = publish(run.workspace, run.study, Eyes("A", "B", "2026-11-24"), HOME)
    assert other.package != first.package
    register = (run.workspace.root / "pubblicazioni/registro.csv").read_text(encoding="utf-8")
    assert register.count("\n") == 1 + 2 * first.files  # what is repeated stands once


def test_no_author_is_left_in_the_package(copy_of):
    run = copy_of()
    names = [path for path in run.workspace.reports.rglob("*") if path.suffix == ".pdf"]
    assert b"Anna B\xc3\xacanchi" in names[0].read_bytes()
    done = publish(run.workspace, run.study, EYES, HOME)
    with zipfile.ZipFile(done.package) as archive:
        word = docx.Document(io.BytesIO(archive.read("it/distretto/dossier.docx")))
        book = openpyxl.load_workbook(io.BytesIO(archive.read("it/distretto/tabelle.xlsx")))
        pdf = archive.read("it/distretto/dossier.pdf")
    assert (word.core_properties.author, word.core_properties.last_modified_by) == ("", "")
    assert not book.properties.creator
    assert len(pdf) == names[0].stat().st_size
    assert b"Anna B\xc3\xacanchi" not in pdf
    assert "Anna Bìanchi".encode("utf-16-be").hex().upper().encode() not in pdf


def test_a_stripped_pdf_still_opens(copy_of):
    pypdf = pytest.importorskip("pypdf")
    run = copy_of()
    data = (run.folder / "dossier.pdf").read_bytes()
    reader = pypdf.PdfReader(io.BytesIO(strip_names("a.pdf", data)))
    assert (reader.metadata.author or "").strip() == ""
    assert "Profilo di prova" in "".join(page.extract_text() for page in reader.pages)


def plant_word(run, text):
    path = run.folder / "dossier.docx"
    document = docx.Document(str(path))
    paragraph = document.add_paragraph(text[:4])
    paragraph.add_run(text[4:])  # parted between runs, as Word does
    document.save(str(path))


def plant_word_comment(run, text):
    path = run.folder / "dossier.docx"
    document = docx.Document(str(path))
    document.add_comment(document.paragraphs[0].runs or document.add_paragraph("x").runs, text)
    document.save(str(path))


def plant_word_header(run, text):
    path = run.folder / "dossier.docx"
    document = docx.Document(str(path))
    document.sections[-1].footer.paragraphs[0].add_run(" " + text)
    document.save(str(path))


def plant_word_property(run, text):
    path = run.folder / "dossier.docx"
    document = docx.Document(str(path))
    document.core_properties.comments = text
    document.save(str(path))


def plant_excel(run, text):
    path = run.folder / "tabelle.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[-1].cell(60, 3).value = text
    book.save(path)


def plant_excel_property(run, text):
    path = run.folder / "tabelle.xlsx"
    book = openpyxl.load_workbook(path)
    book.properties.description = text
    book.save(path)


def plant_page(run, text):
    path = run.folder / "dossier.html"
    page = path.read_text(encoding="utf-8")
    path.write_text(page.replace("</body>", f"<p>{text}</p></body>"), encoding="utf-8")


def plant_notebook(run, text):
    path = next(run.workspace.reports.rglob("*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell(text, id="c2"))
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def plant_svg(run, text):
    (run.folder / "figure").mkdir()
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><text>{text}</text></svg>"
    (run.folder / "figure/a.svg").write_text(svg, encoding="utf-8")


def plant_png(run, text):
    (run.folder / "figure").mkdir()
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", text)
    Image.new("RGB", (2, 2)).save(run.folder / "figure/a.png", pnginfo=note)


def plant_pdf_property(run, text):
    path = run.folder / "dossier.pdf"
    path.write_bytes(path.read_bytes() + f"\n<</Subject({text})>>".encode())


PLACES = [
    plant_png,
    plant_pdf_property,
    plant_word,
    plant_word_comment,
    plant_word_header,
    plant_word_property,
    plant_excel,
    plant_excel_property,
    plant_page,
    plant_notebook,
    plant_svg,
]


@pytest.mark.parametrize("plant", PLACES)
def test_an_identifier_is_found_wherever_it_stands(copy_of, plant):
    run = copy_of()
    plant(run, CF)
    audit = audit_run(run.seal().workspace, run.study, HOME)
    assert {item.rule for item in audit.findings} == {Rule.IDENTIFIER}
    assert all(CF not in item.message.render("it") for item in audit.findings)


@pytest.mark.parametrize("what", PLANTED)
def test_each_shape_is_found(copy_of, what):
    text, rule = PLANTED[what]
    run = copy_of()
    plant_page(run, text)
    assert rules(run.seal()) == {rule}


@pytest.mark.parametrize("plant", [plant_word, plant_excel, plant_page, plant_svg])
def test_a_file_changed_after_the_run_is_not_opened(copy_of, plant):
    run = copy_of()
    (run.folder / "figure").mkdir()
    (run.folder / "figure/a.svg").write_text("<svg/>", encoding="utf-8")
    run.seal()
    (run.folder / "figure/a.svg").unlink()
    (run.folder / "figure").rmdir()
    plant(run, "x")
    assert Rule.CHANGED in rules(run)
    assert Rule.IDENTIFIER not in rules(run)


def test_the_contacts_of_the_study_may_be_printed(copy_of):
    run = copy_of()
    local = run.workspace.root / "study.local.toml"
    local.write_text('[contatti]\nufficio = "tel. 035 1, ufficio@example.org"\n', encoding="utf-8")
    plant_page(run, "Contatti: tel. 035 1, ufficio@example.org")
    assert rules(run.seal()) == set()


@pytest.mark.parametrize(
    ("profile", "rule"),
    [("interno", Rule.PROFILE), ("riservato", Rule.CONFIDENTIAL), (None, Rule.PROFILE)],
)
def test_only_the_publication_profile_leaves(copy_of, profile, rule):
    run = copy_of()
    run.profile = profile
    assert rules(run.seal()) == {rule}


def test_a_run_with_failures_or_no_run_at_all_stays(copy_of, run):
    assert rules(run) == {Rule.NO_RUN}
    partial = copy_of()
    partial.states = ("fatto", "fallito")
    assert rules(partial.seal()) == {Rule.INCOMPLETE}


@pytest.mark.parametrize("names", [("Anna", ""), ("Anna", " anna "), ("", "")])
def test_two_different_persons_must_have_looked(names):
    with pytest.raises(UsageError, match="due persone"):
        Eyes(*names, "2026-11-23")


def test_a_name_that_is_a_formula_stays_text(copy_of):
    run = copy_of()
    publish(run.workspace, run.study, Eyes("=1+1", "Bruno", "2026-11-23"), HOME)
    with (run.workspace.root / "pubblicazioni/registro.csv").open(encoding="utf-8") as lines:
        assert {row["primo_controllo"] for row in csv.DictReader(lines)} == {"'=1+1"}


def test_few_persons_more_than_last_time_are_found(copy_of):
    run = copy_of()
    assert publish(run.workspace, run.study, EYES, HOME).findings == ()
    for counts, expected in (
        ([1230, 30, None], {Rule.DIFFERENCE}),
        ([1230, 35, None], set()),
        ([1230, 25, 10], set()),
        ([1230, None, None], set()),
    ):
        run.write_table(counts)
        assert rules(run.seal()) == expected, counts


def test_few_persons_more_than_at_any_earlier_time_are_found(copy_of):
    run = copy_of()
    assert publish(run.workspace, run.study, EYES, HOME).findings == ()
    run.write_table([1230, 45, None])
    run.seal()
    later = Eyes(EYES.first, EYES.second, "2026-12-01")
    assert publish(run.workspace, run.study, later, HOME).findings == ()
    run.write_table([1230, 30, None])  # 15 fewer than last time, 5 more than the first time
    assert rules(run.seal()) == {Rule.DIFFERENCE}


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_publication_killed_at_any_write_is_repeated_whole(copy_of, monkeypatch):
    undisturbed = copy_of()
    writes, replace = [], os.replace
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda old, new: (writes.append(new), replace(old, new)))
        publish(undisturbed.workspace, undisturbed.study, EYES, HOME)
    expected, total = files_of(undisturbed.workspace.root / "pubblicazioni"), len(writes)
    assert total >= 3  # a table, the register, the package
    for stop in range(total):
        run = copy_of()
        killed_at(monkeypatch, stop, lambda run=run: publish(run.workspace, run.study, EYES, HOME))
        folder = run.workspace.root / "pubblicazioni"
        assert not list(folder.glob("*.zip"))
        publish(run.workspace, run.study, EYES, HOME)
        assert files_of(folder) == expected


def test_tables_of_synthetic_persons_stay(copy_of):
    run = copy_of()
    run.write_table([1230, 25], Origin.SINTETICA)
    assert rules(run.seal()) == {Rule.SYNTHETIC}


def test_an_output_nobody_can_check_stays_where_persons_are_counted(copy_of):
    run = copy_of()
    path = next(run.workspace.reports.rglob("*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].outputs.append(nbformat.v4.new_output("stream", text="7\n"))
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    assert found(run.seal()) == {(".ipynb", Rule.NOT_A_BLOCK)}


def test_every_rule_has_its_remedy():
    assert set(REMEDIES) == set(Rule)


def test_an_unknown_format_is_not_read():
    assert read_content("a.exe", b"MZ") is None


def test_the_command_refuses_with_code_4_and_never_shows_the_value(copy_of, capsys):
    run = copy_of()
    where = ["--study", str(run.workspace.root), "--when", "2026-11-23"]
    assert main(["publish", *where, "--first", "Anna", "--second", "anna"]) == 2
    plant_page(run, CF)
    run.seal()
    assert main(["publish", *where, "--first", "Anna", "--second", "Bruno"]) == 4
    said = capsys.readouterr().out
    assert "dossier.html, riga" in said
    assert CF not in said
    assert not (run.workspace.root / "pubblicazioni").exists()


def test_the_command_makes_the_package(copy_of, capsys):
    run = copy_of()
    where = ["--study", str(run.workspace.root), "--when", "2026-11-23", "--json"]
    assert main(["publish", *where, "--first", "Anna", "--second", "Bruno"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["pacchetto"] == "pubblicazioni/prova-2026-11-23.zip"
