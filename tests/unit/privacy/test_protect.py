"""Primary suppression: small counts of persons go, and what rests on them."""

import pandas as pd
import pytest

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.privacy.protect import Candidate, needs_protection, protect_tables, round_counts
from bgest_analysis.schema.lineage import Input, Lineage, combine
from bgest_analysis.schema.model import Column, Layer, Origin, Table, Type

PERSONE = Table(
    name="persone",
    layer=Layer.IND,
    title_it="",
    title_en="",
    grain_it="",
    grain_en="",
    columns=(
        Column("area", Type.STR, "Area", "Area"),
        Column("n", Type.INT, "n", "n", count=True),
        Column("tasso", Type.DEC, "tasso", "rate", rests_on="n"),
        Column("ore", Type.DEC, "ore", "hours"),
    ),
    key=("area",),
    about_people=True,
)
FRAME = pd.DataFrame(
    {
        "area": ["a", "b", "c", "d"],
        "n": pd.array([0, 4, 5, None], dtype="Int64"),
        "tasso": [0.0, 0.4, 0.5, None],
        "ore": [1.0, 2.0, 3.0, 4.0],
    }
)


def protect(origin, table=PERSONE, threshold=5):
    candidate = Candidate(table, FRAME, Lineage(origin))
    return protect_tables({"ind_persone": candidate}, threshold)["ind_persone"]


def test_small_counts_and_what_rests_on_them_are_hidden():
    table = protect(Origin.PROGETTO)
    assert table["n"].isna().tolist() == [False, True, False, True]
    assert table["tasso"].isna().tolist() == [False, True, False, True]
    assert table["ore"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert table["protezione"].tolist() == ["", "n:5|tasso", "", ""]


def test_synthetic_persons_are_protected_like_real_ones():
    assert protect(Origin.SINTETICA)["protezione"].tolist()[1] == "n:5|tasso"


def test_public_figures_are_exempt():
    table = protect(Origin.PUBBLICA)
    assert table["n"].tolist()[1] == 4
    assert set(table["protezione"]) == {""}
    assert not needs_protection(Candidate(PERSONE, FRAME, Lineage(Origin.PUBBLICA)))


def test_the_threshold_is_the_studys():
    assert protect(Origin.PROGETTO, threshold=10)["n"].isna().tolist() == [False, True, True, True]


def test_lineages_combine_to_the_most_delicate_origin():
    public = Lineage(Origin.PUBBLICA, (Input("a.csv", "1"),))
    project = Lineage(Origin.PROGETTO, (Input("b.csv", "2"),))
    both = combine([public, project])
    assert both.origin is Origin.PROGETTO
    assert [item.path for item in both.inputs] == ["a.csv", "b.csv"]
    assert Lineage.from_json(both.to_json()) == both
    with pytest.raises(SchemaViolation, match="reali e dati sintetici"):
        combine([project, Lineage(Origin.SINTETICA)])


@pytest.mark.parametrize("base", [5, 10])
def test_rounded_counts_are_near_and_stay_where_they_are(base):
    values = pd.Series(range(300), dtype="Int64")
    rounded = round_counts(values, base)
    assert (rounded % base == 0).all()
    assert (rounded[values > base // 2] - values[values > base // 2]).abs().max() <= base / 2
    assert rounded[values == 0].tolist() == [0]
    assert rounded[values > 0].min() == base
    assert round_counts(rounded, base).equals(rounded)


def test_publication_hides_below_the_higher_threshold_and_rounds_the_rest():
    frame = FRAME.assign(n=pd.array([0, 9, 13, None], dtype="Int64"))
    candidate = Candidate(PERSONE, frame, Lineage(Origin.PROGETTO))
    public = Candidate(PERSONE, frame, Lineage(Origin.PUBBLICA))
    tables = protect_tables({"ind_persone": candidate, "ind_altre": public}, 10, 5)
    assert tables["ind_persone"]["n"].fillna(-1).tolist() == [0, -1, 15, -1]
    assert tables["ind_persone"]["protezione"].tolist() == ["", "n:10|tasso", "", ""]
    assert tables["ind_altre"]["n"].tolist()[:3] == [0, 9, 13]
