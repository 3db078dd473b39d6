"""Headings, tables and figures are numbered once, and texts refer to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.report.numbering import Target, broken_references, number_dossier
from bgest_analysis.text.messages import Message
from tests.lib.report_samples import DOSSIER, EFFETTI, SINTESI, TERRITORIO, paragraph

NUMBERS = number_dossier(DOSSIER)


@pytest.mark.parametrize(
    ("analisi", "block", "number", "label"),
    [
        ("00_sintesi", "", "1", "paragrafo 1"),
        ("00_sintesi", "c1", "1", "[1]"),
        ("01_territorio", "", "2", "paragrafo 2"),
        ("01_territorio", "h1", "2.1", "paragrafo 2.1"),
        ("01_territorio", "h2", "2.2", "paragrafo 2.2"),
        ("01_territorio", "h3", "2.2.1", "paragrafo 2.2.1"),
        ("01_territorio", "t1", "1", "Tabella 1"),
        ("01_territorio", "t2", "2", "Tabella 2"),
        ("01_territorio", "f1", "1", "Figura 1"),
        ("01_territorio", "f2", "2", "Figura 2"),
        ("05_effetti", "", "3", "paragrafo 3"),
    ],
)
def test_numbers(analisi: str, block: str, number: str, label: str) -> None:
    target = NUMBERS.targets[analisi, block]
    assert (target.number, target.label.render("it")) == (number, label)


def test_a_first_title_of_level_one_replaces_the_sections_title() -> None:
    assert NUMBERS.targets["01_territorio", ""].text.render("it") == "Il territorio"
    assert all(block.id != "h0" for block in TERRITORIO.body)
    assert SINTESI.heading.render("it") == "Sintesi"


def test_the_same_work_cited_twice_is_one_reference() -> None:
    assert len(NUMBERS.list(Kind.CITATION)) == 1
    assert NUMBERS.targets["01_territorio", "c1"] is NUMBERS.targets["00_sintesi", "c1"]


def test_references_resolve_here_elsewhere_and_not_at_all() -> None:
    text = "a [[t1]] b [[00_sintesi:]] c [[zz]] d"
    pieces = list(NUMBERS.pieces(TERRITORIO, text))
    shown = [p.label.render("en") if isinstance(p, Target) else p for p in pieces]
    assert shown == ["a ", "Table 1", " b ", "section 1", " c ", "[[zz]]", " d"]
    assert broken_references(DOSSIER) == ["01_territorio: zz"]


def test_a_level_three_title_before_any_level_two_is_numbered_as_level_two() -> None:
    blocks = (Block("a", Kind.TITLE, Message("A"), level=3),)
    dossier = replace(DOSSIER, sections=(replace(EFFETTI, blocks=blocks),))
    target = number_dossier(dossier).targets["05_effetti", "a"]
    assert (target.number, target.level) == ("1.1", 2)


def test_anchors_are_unique_and_safe() -> None:
    anchors = [target.anchor for target in NUMBERS.list(*Kind)]
    assert len(anchors) == len(set(anchors))
    section = replace(EFFETTI, analisi='x" onload="y')
    assert section.anchor("a b<c>") == "s-x-onload-y--a-b-c-"


def test_only_bodies_with_synthetic_blocks_make_a_dossier_synthetic() -> None:
    assert DOSSIER.synthetic
    clean = replace(SINTESI, blocks=(paragraph("p", "testo"),))
    assert not replace(DOSSIER, sections=(clean,)).synthetic
