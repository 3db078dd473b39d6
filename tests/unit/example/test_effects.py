"""Each generating function does what its docstring says, on arrays large enough to see it."""

from __future__ import annotations

import numpy as np
import pytest

from bgest_analysis.example import effects
from bgest_analysis.example.draws import by_position, known, pick, stochastic_round, stream
from bgest_analysis.example.parameters import CovidEffects, ModelEffects, UkraineEffects
from bgest_analysis.stats.agreement import cohen_kappa

N = 40_000
STANDARD_ERRORS = 4


@pytest.fixture
def rng():
    return stream(1, "prova")


def near(values, expected):
    values = np.asarray(values, dtype=float)
    allowed = STANDARD_ERRORS * values.std() / np.sqrt(len(values)) + 1e-12
    return abs(values.mean() - expected) <= allowed


def days(*texts):
    return np.array(texts, dtype="datetime64[D]")


@pytest.mark.parametrize("adopted", [False, True])
@pytest.mark.parametrize("progress", [0.0, 0.5, 1.0])
def test_autonomy_has_its_mean_and_is_never_cut(rng, adopted, progress):
    base = rng.uniform(*effects.BASE_AUTONOMY, N)
    drawn = effects.autonomy(
        rng, base, np.full(N, progress), np.full(N, adopted), ModelEffects(autonomia=0.6)
    )
    assert near(drawn - base, progress * (0.5 + 0.6 * adopted))
    assert drawn.min() >= 0
    assert drawn.max() <= 3


@pytest.mark.parametrize(
    ("adopted", "urgent", "delay", "expected"),
    [(False, False, 0.0, 16.0), (True, False, 0.0, 10.0), (False, False, 3.0, 19.0),
     (True, False, 3.0, 13.0), (True, True, 3.0, 1.0), (False, True, 0.0, 1.0)],
)  # fmt: skip
def test_wait_has_its_mean(rng, adopted, urgent, delay, expected):
    drawn = effects.wait_days(
        rng, np.full(N, 16.0), np.full(N, adopted), np.full(N, urgent), np.full(N, delay),
        ModelEffects(attesa_giorni=-6.0),
    )  # fmt: skip
    assert near(drawn, expected)
    assert drawn.min() >= 0


@pytest.mark.parametrize("adopted", [False, True])
def test_orientation_keeps_proportional_odds(rng, adopted):
    drawn = effects.orientation(
        rng, np.full(N, adopted), np.zeros(N), ModelEffects(logit_orientamento=0.9)
    )
    shift = 0.9 * adopted
    assert near(drawn != "assistenza", 1 / (1 + np.exp(-shift)))
    assert near(drawn == "attivazione", 1 / (1 + np.exp(1.7 - shift)))


@pytest.mark.parametrize(("adopted", "expected"), [(False, 0.18), (True, 0.42)])
def test_phase_has_its_share_of_integrated_work(rng, adopted, expected):
    drawn = effects.phase(rng, np.full(N, adopted), ModelEffects())
    assert near(np.isin(drawn, ["lettura", "progettazione", "verifica"]), expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2022-02-23", 0.0), ("2022-02-24", 1.0), ("2022-05-25", 0.5), ("2022-08-23", 0.25)],
)
def test_ukraine_halves_every_half_life(day, expected):
    intensity = effects.ukraine_intensity(days(day), UkraineEffects(emivita_giorni=90.0))
    assert intensity == pytest.approx([expected])


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2020-02-29", 1.0), ("2020-03-01", 0.30), ("2020-04-30", 0.25), ("2021-04-01", 0.95),
     ("2021-05-01", 1.0), ("2019-03-15", 1.0)],
)  # fmt: skip
def test_covid_multiplies_month_by_month(day, expected):
    assert effects.covid_factor(days(day), CovidEffects()) == pytest.approx([expected])


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2020-02-29", 0.05), ("2020-03-01", 0.55), ("2021-05-31", 0.55), ("2021-06-01", 0.18)],
)
def test_remote_share_before_during_and_after(day, expected):
    assert effects.remote_share(days(day), CovidEffects()) == pytest.approx([expected])


def test_season_is_one_on_average():
    year = np.array([f"2019-{month:02d}-10" for month in range(1, 13)], dtype="datetime64[D]")
    assert effects.season_factor(year).mean() == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("kappa", [0.0, 0.65, 1.0])
def test_second_coder_agrees_as_much_as_asked(rng, kappa):
    first = pick(rng, {"a": 0.5, "b": 0.3, "c": 0.2}, N)
    second = effects.second_coder(rng, first, kappa)
    assert cohen_kappa(first, second).value == pytest.approx(kappa, abs=0.02)


def test_wrong_codes_are_wrong_and_as_many_as_asked(rng):
    codes = ("a", "b", "c")
    true = pick(rng, {"a": 1, "b": 1, "c": 1}, N)
    found = effects.wrong_code(rng, true, codes, 0.2)
    assert near(found != true, 0.2)
    assert set(found) == set(codes)


def test_stochastic_rounding_has_no_bias(rng):
    assert near(stochastic_round(rng, np.full(N, 1.3)), 1.3)


def test_missing_where_not_kept_and_where_nobody_is():
    assert known([1, 2, 3], [True, False, True]).tolist() == [1, None, 3]
    assert known("x", [False, True]).tolist() == [None, "x"]
    assert by_position(["a", "b"], [1, -1, 0]).tolist() == ["b", None, "a"]


def test_streams_are_the_same_for_the_same_subject_and_apart_for_others():
    assert stream(3, "log").random() == stream(3, "log").random()
    assert stream(3, "log").random() != stream(3, "persone").random()
    assert stream(3, "log").random() != stream(4, "log").random()
