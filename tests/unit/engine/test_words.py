"""The authors' words: what is read, where it stands, when it must be read again."""

from __future__ import annotations

import dataclasses
import io
import json

import docx
import nbformat
import pytest

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.engine.imprints import keep_imprints
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.request import Request
from bgest_analysis.engine.words import (
    LARGEST,
    add_words,
    changed_blocks,
    find_words,
    imprint,
    read_imprints,
    read_words,
    words_inputs,
)
from bgest_analysis.errors import StudyError
from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.dossier import Dossier
from bgest_analysis.report.html.render import render_html
from bgest_analysis.report.word.render import render_word
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import Message
from tests.lib.report_samples import DOSSIER, MAP, STYLE, TABLE, TERRITORIO
from tests.lib.studies import write_study

TEXT = """\
data: 2026-11-20

## inizio
Gli **operatori** leggono
così i dati ([fonte](https://example.org/a_b)).

- primo _punto_
  che continua
- secondo <b>punto</b>

## dopo: t1
Si veda [[f1]]; {n} e `x` restano come scritti.

## fine
### Raccomandazioni
Continuare.
"""


@pytest.fixture
def study(tmp_path):
    workspace = write_study(tmp_path)
    (tmp_path / "testi").mkdir()
    return workspace


def write(workspace, name, text=TEXT):
    path = workspace.root / "testi" / name
    path.write_text(text, encoding="utf-8")
    return path


def ids(section):
    return [block.id for block in section.blocks]


def texts(section, prefix="autori-"):
    return {b.id: b.text.render("it") for b in section.blocks if b.id.startswith(prefix)}


def test_markdown_becomes_plain_paragraphs_and_lists(study):
    words = read_words(write(study, "01_territorio.md"))
    assert (words.analisi, words.area, words.date) == ("01_territorio", "distretto", "2026-11-20")
    assert words.places == {
        "inizio": "Gli operatori leggono così i dati (fonte).\n\n"
        "- primo _punto_ che continua\n- secondo <b>punto</b>",
        "dopo: t1": "Si veda [[f1]]; {n} e `x` restano come scritti.",
        "fine": "Raccomandazioni Continuare.",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "riga 1"),
        ("data: domani\n## inizio\nx", "riga 1"),
        ("data: 2026-02-30\n## inizio\nx", "riga 1"),
        ("data: 2026-11-20\nfuori posto\n", "riga 2"),
        ("data: 2026-11-20\n\n## in mezzo\nx", "riga 3"),
        ("data: 2026-11-20\n## inizio\nx\n## inizio\ny", "riga 4"),
    ],
)
def test_a_text_that_cannot_be_placed_is_refused_with_its_line(study, text, line):
    with pytest.raises(StudyError, match=line):
        read_words(write(study, "01_territorio.md", text))


def test_odd_bytes_and_giant_texts_are_refused(study):
    path = write(study, "01_territorio.md")
    path.write_bytes(b"data: 2026-11-20\n## inizio\n\xff")
    with pytest.raises(StudyError, match="UTF-8"):
        read_words(path)
    path.write_bytes(b"data: 2026-11-20\n## inizio\n" + b"x" * LARGEST)
    with pytest.raises(StudyError, match="supera"):
        read_words(path)


@pytest.mark.parametrize("name", ["01_teritorio.md", "01_territorio.XX.md", "01_territorio.docx"])
def test_a_name_nothing_answers_to_is_refused(study, name):
    write(study, name)
    with pytest.raises(StudyError, match=name.partition(".")[0]):
        find_words(study, ("distretto", "NO", "SU"))


def test_a_text_outside_the_study_is_refused(study, tmp_path_factory):
    outside = tmp_path_factory.mktemp("fuori") / "a.md"
    outside.write_text(TEXT, encoding="utf-8")
    (study.root / "testi" / "01_territorio.md").symlink_to(outside)
    with pytest.raises(StudyError, match="fuori"):
        find_words(study, ("distretto",))


def test_each_area_reads_its_own_texts(study):
    whole, north = write(study, "01_territorio.md"), write(study, "01_territorio.NO.md")
    write(study, "LEGGIMI.md", "istruzioni")
    words = find_words(study, ("distretto", "NO", "SU"))
    assert words_inputs(study, words, "distretto") == (whole,)
    assert words_inputs(study, words, "NO") == (north,)
    assert words_inputs(study, words, "SU") == ()
    kept = write(study, "impronte.json", "{}")
    assert words_inputs(study, words, "NO") == (north, kept)
    assert words_inputs(study, words, "SU") == ()


def test_texts_are_inputs_of_the_documents_they_stand_in(study):
    path = write(study, "01_territorio.NO.md")
    jobs = Planner(study, load_study(study), Request(languages=("it", "en"))).document_jobs(
        [], [], {}
    )
    readers = {job.settings["area"] for job in jobs if path in job.inputs}
    assert (len(jobs), readers) == (6, {"NO"})


def test_texts_stand_at_their_places_under_the_heading(study):
    words = read_words(write(study, "01_territorio.md"))
    section = add_words(TERRITORIO, words, {})
    before = ids(TERRITORIO)
    place = before.index("t1") + 1
    assert ids(section) == [
        "h0",
        "autori-inizio",
        *before[1:place],
        "autori-t1",
        *before[place:],
        "autori-fine",
    ]
    assert section.heading == TERRITORIO.heading
    assert texts(section)["autori-t1"].startswith("Parole degli autori, 20/11/2026\n\nSi veda")
    assert add_words(TERRITORIO, None, {}) is TERRITORIO


def test_a_place_that_is_not_there_keeps_the_text_and_says_so(study):
    words = read_words(write(study, "01_territorio.md", "data: 2026-11-20\n## dopo: zz\nResta."))
    section = add_words(TERRITORIO, words, {})
    assert ids(section)[-2:] == ["autori-zz-avviso", "autori-zz"]
    assert "«dopo: zz»" in texts(section)["autori-zz-avviso"]
    assert "Resta." in texts(section)["autori-zz"]


def other_table() -> Block:
    grid = dataclasses.replace(TABLE.grid, rows=TABLE.grid.rows[:2])
    return dataclasses.replace(TABLE, grid=grid)


def changed_section():
    swap = {"t1": other_table()}
    blocks = tuple(swap.get(block.id, block) for block in TERRITORIO.blocks)
    return dataclasses.replace(TERRITORIO, blocks=blocks)


def test_changed_figures_are_named_above_the_text_they_stand_under(study):
    path = write(study, "01_territorio.md")
    words = read_words(path)
    kept = {words.name: imprint(words, TERRITORIO.blocks)}
    assert changed_blocks(words, TERRITORIO.blocks, kept[words.name]) == {
        "inizio": [],
        "dopo: t1": [],
        "fine": [],
    }
    section = add_words(changed_section(), words, kept)
    warned = texts(section)
    assert "[[t1]]" in warned["autori-t1-avviso"]
    assert "20/11/2026" in warned["autori-fine-avviso"]
    assert ids(section)[1] == "autori-inizio-avviso"
    rewritten = read_words(write(study, "01_territorio.md", TEXT.replace("11-20", "11-21")))
    assert "autori-t1-avviso" not in ids(add_words(changed_section(), rewritten, kept))


def document_job(workspace, blocks):
    path = workspace.reports / "notebooks/distretto/01_territorio.ipynb"
    mime = "application/vnd.bgest.block+json"
    outputs = [nbformat.v4.new_output("display_data", {mime: b.to_json()}) for b in blocks]
    cell = nbformat.v4.new_code_cell("show()", id="c1", outputs=outputs)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])), encoding="utf-8")
    return Job("d", Step.DOCUMENT, "a:b", wants=(path,), settings={"area": "distretto"})


def test_imprints_are_taken_once_a_text(study):
    loaded = load_study(study)
    path = write(study, "01_territorio.md")
    job = document_job(study, TERRITORIO.blocks)
    assert keep_imprints(study, loaded, [job])
    first = (study.root / "testi/impronte.json").read_bytes()
    assert not keep_imprints(study, loaded, [job])
    changed = document_job(study, changed_section().blocks)
    assert not keep_imprints(study, loaded, [changed])  # the figures changed, not the words
    assert (study.root / "testi/impronte.json").read_bytes() == first
    path.write_text(TEXT.replace("11-20", "11-21"), encoding="utf-8")
    assert keep_imprints(study, loaded, [changed])
    assert (
        read_imprints(study)["01_territorio"]["testo"]
        != json.loads(first)["01_territorio"]["testo"]
    )
    path.unlink()
    assert keep_imprints(study, loaded, [changed])
    assert read_imprints(study) == {}


def test_a_damaged_imprint_file_holds_none(study):
    write(study, "impronte.json", "[]")
    assert read_imprints(study) == {}
    write(study, "impronte.json", "{")
    assert read_imprints(study) == {}


def with_words(study) -> Dossier:
    words = read_words(write(study, "01_territorio.md"))
    parts = tuple(
        add_words(part, words if part is TERRITORIO else None, {}) for part in DOSSIER.sections
    )
    return dataclasses.replace(DOSSIER, sections=parts)


def test_documents_print_the_words_as_text(study):
    dossier = with_words(study)
    figures = render_figures(dossier.sections, "it", STYLE)
    page = render_html(dossier, "it", figures)
    assert "<li>secondo &lt;b&gt;punto&lt;/b&gt;</li>" in page
    assert "Parole degli autori, 20/11/2026" in page
    document = docx.Document(io.BytesIO(render_word(dossier, "it", figures)))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert "Gli operatori leggono così i dati (fonte)." in lines
    assert any(line.startswith("Si veda Figura") for line in lines)


def test_blocks_without_number_are_named_plainly(study):
    words = read_words(write(study, "01_territorio.md", "data: 2026-11-20\n## dopo: p1\nx"))
    kept = {words.name: imprint(words, TERRITORIO.blocks)}
    other = Block("p1", Kind.PARAGRAPH, Message("altro"))
    blocks = tuple(other if block.id == "p1" else block for block in (*TERRITORIO.blocks, MAP))
    section = add_words(dataclasses.replace(TERRITORIO, blocks=blocks), words, kept)
    assert "«p1»" in texts(section)["autori-p1-avviso"]
