"""Messages keep template and values apart until they are printed."""

import json
import math

import numpy as np
import pytest
from jupyter_client.jsonutil import json_clean

from bgest_analysis.text.formats import Hidden
from bgest_analysis.text.messages import Message, T, decode_value, encode_value


def test_values_take_the_format_of_their_braces():
    message = T("{n:int} persone, {quota:pct1} ({nota})", n=1200, quota=0.5, nota=T("stima"))
    assert message.render("it") == "1.200 persone, 50,0% (stima)"


def test_lists_are_joined():
    assert T("anni {years}", years=[2020, 2021]).render("it") == "anni 2020, 2021"


@pytest.mark.parametrize("template", ["{a.__class__}", "{a[0]}"])
def test_a_template_cannot_reach_into_its_values(template):
    with pytest.raises(KeyError):
        Message(template, {"a": "x"}).render("it")


def test_values_with_braces_stay_text():
    assert T("{a}", a="{b}").render("it") == "{b}"


@pytest.mark.parametrize(
    "value",
    [
        3,
        "x",
        None,
        Hidden(5),
        T("ciao {n:int}", n=3),
        [1, T("a")],
        {"righe": [{"valore": 0.5, "testo": T("b")}]},
    ],
)
def test_values_survive_json(value):
    assert decode_value(json.loads(json.dumps(encode_value(value)))) == value


def test_numpy_scalars_become_plain_numbers():
    assert (
        json.dumps(encode_value({"a": np.float64(0.5), "b": np.int64(3)})) == '{"a": 0.5, "b": 3}'
    )


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("il {v:pct1} delle ore", 0.862, "l'86,2% delle ore"),
        ("Il {v:pct0} delle ore", 0.11, "L'11% delle ore"),
        ("nel {v:pct1} dei casi", 0.828, "nell'82,8% dei casi"),
        ("il {v:pct0} delle ore", 0.01, "l'1% delle ore"),
        ("il {v:int} per mille", 110, "il 110 per mille"),
        ("il {v:int} per mille", 1378, "il 1.378 per mille"),
        ("dal {v:date}", "2022-11-08", "dall'08/11/2022"),
        ("dal {v:date}", "2022-01-01", "dal 01/01/2022"),
        ("al {v}° gennaio", 1, "al 1° gennaio"),
        ("nel {v}", 2018, "nel 2018"),
    ],
)
def test_the_article_is_elided_before_a_vowel(text, value, printed):
    assert T(text, v=value).render("it") == printed


@pytest.mark.parametrize(("value", "printed"), [(math.inf, "∞"), (-math.inf, "\u2212∞")])
def test_an_infinite_value_survives_a_notebook(value, printed):
    message = T("{v:dec1}", v=np.float64(value))
    kept = json.loads(json.dumps(json_clean(message.to_json())))
    assert Message.from_json(kept).render("it") == printed
