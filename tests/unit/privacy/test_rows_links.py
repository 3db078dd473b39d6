"""Counts that nobody prints but that follow from others, and sums between tables."""

from __future__ import annotations

import pandas as pd
import pytest

from bgest_analysis.privacy.build import build_system
from bgest_analysis.privacy.complement import choose_hidden
from bgest_analysis.privacy.protect import Candidate, protect_tables
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Column, Layer, Origin, Table, Told, Type

THRESHOLD = 5
AREAS = ["A", "B", "C", "D"]


def table_of(name, keys, *columns):
    texts = tuple(Column(key, Type.STR, key, key) for key in keys)
    return Table(
        name, Layer.IND, "", "", "", "", (*texts, *columns), tuple(keys), about_people=True
    )


def count(name, **more):
    return Column(name, Type.INT, name, name, count=True, **more)


def share(name, rests_on, **more):
    return Column(name, Type.DEC, name, name, rests_on=rests_on, **more)


def protect(**tables):
    candidates = {
        f"ind_{name}": Candidate(table, frame.convert_dtypes(), Lineage(Origin.PROGETTO))
        for name, (table, frame) in tables.items()
    }
    return protect_tables(candidates, THRESHOLD)


def hidden_in(frame, row):
    return {mark.partition(":")[0] for mark in frame["protezione"][row].split("|") if mark}


OUTCOME = table_of(
    "esiti",
    ["area"],
    count("rispondenti"),
    count("si", part_of="rispondenti"),
    count("no", part_of="rispondenti"),
    share("utile", "si"),
)


@pytest.mark.parametrize("yes", [28, 2])
def test_a_part_is_not_found_by_subtracting_the_other_from_the_whole(yes):
    frame = pd.DataFrame(
        {"area": ["A"], "rispondenti": [30], "si": [yes], "no": [30 - yes], "utile": [yes / 30]}
    )
    shown = protect(esiti=(OUTCOME, frame))["ind_esiti"]
    gone = hidden_in(shown, 0)
    assert {"si", "no", "utile"} <= gone
    assert pd.isna(shown.loc[0, ["si", "no", "utile"]]).all()
    assert shown["rispondenti"][0] == 30


def test_a_share_goes_with_the_whole_it_is_a_share_of():
    frame = pd.DataFrame(
        {
            "area": ["A", "B", "distretto"],
            "rispondenti": [3, 40, 43],
            "si": [0, 40, 40],
            "no": [3, 0, 3],
            "utile": [0.0, 1.0, 40 / 43],
        }
    )
    shown = protect(esiti=(OUTCOME, frame))["ind_esiti"]
    assert "rispondenti" in hidden_in(shown, 1)
    assert "utile" in hidden_in(shown, 1)


def test_few_that_are_left_of_a_total_are_protected_though_nobody_prints_them():
    table = table_of(
        "attese", ["area"], count("richieste"), count("servite", part_of="richieste"),
        share("quota", "servite"),
    )  # fmt: skip
    frame = pd.DataFrame(
        {"area": ["A", "B"], "richieste": [40, 40], "servite": [38, 30], "quota": [0.95, 0.75]}
    )
    shown = protect(attese=(table, frame))["ind_attese"]
    assert hidden_in(shown, 0) == {"servite", "quota"}
    assert hidden_in(shown, 1) == set()


def test_few_between_two_points_of_a_cumulated_count_are_protected():
    table = table_of("curva", ["giorno"], count("serviti", cumulates="giorno"))
    frame = pd.DataFrame({"giorno": [1, 2, 3, 4], "serviti": [10, 12, 30, 50]})
    shown = protect(curva=(table, frame))["ind_curva"]
    assert shown["serviti"].isna().tolist() == [True, False, False, False]


def test_an_increment_is_not_found_between_two_cumulated_values():
    table = table_of(
        "serie", ["trimestre"], count("persone", cumulates="trimestre"),
        count("nuove", increment_of="persone"),
    )  # fmt: skip
    frame = pd.DataFrame(
        {"trimestre": ["2021-T1", "2021-T2", "2021-T3"], "persone": [20, 23, 60],
         "nuove": [20, 3, 37]}
    )  # fmt: skip
    shown = protect(serie=(table, frame))["ind_serie"]
    first, second = shown["persone"][:2]
    assert pd.isna(shown["nuove"][1])
    assert pd.isna(first) or pd.isna(second)
    assert not (pd.isna(first) and pd.notna(second) and pd.notna(shown["nuove"][0]))


def linked():
    parts = pd.DataFrame(
        [(area, kind, value) for area, row in zip(AREAS, PARTS, strict=True)
         for kind, value in zip("xyz", row, strict=True)],
        columns=["area", "tipo", "interventi"],
    )  # fmt: skip
    totals = pd.DataFrame({"area": AREAS, "n": [sum(row) for row in PARTS]})
    return {
        "parti": (table_of("parti", ["area", "tipo"], count("interventi")), parts),
        "totali": (table_of("totali", ["area"], count("n")), totals),
    }


PARTS = [(3, 20, 30), (9, 11, 13), (8, 12, 40), (7, 30, 25)]


def test_parts_in_one_table_and_their_total_in_another_under_another_name():
    shown = protect(**linked())
    parts = shown["ind_parti"]
    assert parts["interventi"].isna().tolist()[:3] == [True, True, False]
    assert parts["interventi"].notna().tolist()[3:] == [True] * 9
    assert shown["ind_totali"]["n"].notna().all()


def test_sums_that_do_not_agree_are_no_link():
    tables = linked()
    table, totals = tables["totali"]
    tables["totali"] = (table, totals.assign(n=[50, 34, 60, 61]))
    system = build_system({f"ind_{k}": (t, f) for k, (t, f) in tables.items()})
    assert system.links == []


def test_months_add_up_to_the_quarters_of_another_table():
    months = [f"2021-{month:02}" for month in range(1, 13)]
    values = [2, 9, 8, 9, 12, 11, 10, 14, 13, 20, 8, 7]
    quarters = [sum(values[at : at + 3]) for at in range(0, 12, 3)]
    shown = protect(
        mesi=(table_of("mesi", ["mese"], count("richieste")),
              pd.DataFrame({"mese": months, "richieste": values})),
        serie=(table_of("serie", ["trimestre"], count("richieste")),
               pd.DataFrame({"trimestre": [f"2021-T{n}" for n in range(1, 5)],
                             "richieste": quarters})),
    )  # fmt: skip
    gone = shown["ind_mesi"]["richieste"].isna().sum()
    assert gone >= 2 or shown["ind_serie"]["richieste"].isna()[0]


def test_a_mean_is_not_given_with_a_distribution_that_has_holes():
    answers = table_of("risposte", ["item", "valore"], count("risposte"))
    items = table_of(
        "domande", ["item"], count("rispondenti"),
        share("media", "rispondenti", told_by=(Told("ind_risposte", "risposte"),)),
    )  # fmt: skip
    distribution = pd.DataFrame(
        {"item": ["a"] * 3 + ["b"] * 3, "valore": ["1", "2", "3"] * 2,
         "risposte": [2, 10, 20, 9, 10, 13]}
    )  # fmt: skip
    means = pd.DataFrame({"item": ["a", "b"], "rispondenti": [32, 32], "media": [2.56, 2.12]})
    shown = protect(risposte=(answers, distribution), domande=(items, means))["ind_domande"]
    assert shown["media"].isna().tolist() == [True, False]
    assert hidden_in(shown, 0) == {"media"}


def test_what_no_cell_shows_is_never_marked():
    frame = pd.DataFrame(
        {"area": ["A"], "rispondenti": [33], "si": [15], "no": [15], "utile": [0.5]}
    )
    system = build_system({"ind_esiti": (OUTCOME, frame.convert_dtypes())})
    assert sorted(system.values[one] for one in system.unprinted) == [3]
    hidden = choose_hidden(system, THRESHOLD)
    assert hidden.counts <= set(system.places)
    assert hidden.counts
