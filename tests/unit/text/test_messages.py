"""Messages keep template and values apart until they are printed."""

import json

import numpy as np
import pytest

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
