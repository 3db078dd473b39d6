"""A surge that fades: recovered, covered, refused where nothing can be said."""

import numpy as np
import pytest

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.surge import SIZES, fading_surge, intensity

MONTHS = np.arange("2019-01", "2024-01", dtype="datetime64[M]")
START = np.datetime64("2022-02-24")
BEGIN = (MONTHS.astype("datetime64[D]") - START).astype(float)
END = ((MONTHS + 1).astype("datetime64[D]") - START).astype(float)
TERMS = np.column_stack([np.ones(60), np.arange(60) / 12 - 2.5])


def expected(size, half_life, level=40.0):
    return level * (1 + size * intensity(BEGIN, END, half_life))


def test_intensity_is_the_mean_over_the_days():
    days = np.arange(0, 31) + 0.5
    whole = float(np.mean(0.5 ** (days / 20.0)))
    found = intensity(np.array([-31.0, 0.0]), np.array([0.0, 31.0]), 20.0)
    assert found == pytest.approx([0.0, whole], abs=2e-4)


@pytest.mark.parametrize(("size", "half_life"), [(1.2, 90.0), (0.5, 300.0), (-0.4, 120.0)])
def test_without_noise_the_surge_comes_back(size, half_life):
    mu = expected(size, half_life, 4_000.0)
    found = fading_surge(mu, BEGIN, END, TERMS)
    assert found.size.value == pytest.approx(size, rel=0.05)
    assert found.half_life.value == pytest.approx(half_life, rel=0.08)
    assert found.fitted == pytest.approx(mu, rel=0.02)
    assert found.dispersion == 1.0


@pytest.mark.parametrize("draws", [60, pytest.param(2_000, marks=pytest.mark.full)])
def test_intervals_cover_the_truth(draws):
    rng = np.random.default_rng(20220224)
    mu = expected(1.2, 90.0, 25.0)
    shares = rng.gamma(10.0, 0.1, (draws, 60))  # months differ more than Poisson's
    found = [fading_surge(rng.poisson(mu * one), BEGIN, END, TERMS) for one in shares]
    size = np.mean([one.size.low <= 1.2 <= one.size.high for one in found])
    half = np.mean([one.half_life.low <= 90 <= one.half_life.high for one in found])
    print(f"copertura: ampiezza {size:.2%}, dimezzamento {half:.2%}")
    error = 3 * np.sqrt(0.93 * 0.07 / draws)
    assert min(size, half) >= 0.93 - error


def test_where_nothing_happened_the_half_life_has_no_limits():
    rng = np.random.default_rng(3)
    found = fading_surge(rng.poisson(25.0, 60), BEGIN, END, TERMS)
    assert found.p_value > 0.05
    assert (found.half_life.low, found.half_life.high) == (0.0, np.inf)


def test_counts_in_proportion_to_an_exposure():
    base = np.linspace(10, 60, 60)
    plain = fading_surge(expected(1.2, 90.0), BEGIN, END, TERMS[:, :1])
    found = fading_surge(base * expected(1.2, 90.0), BEGIN, END, TERMS[:, :1], exposure=base)
    assert found.size.value == pytest.approx(plain.size.value, rel=1e-3)
    assert found.ordinary / plain.ordinary == pytest.approx(base, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"counts": np.full(60, np.nan)}, "conteggi"),
        ({"counts": np.full(60, -1.0)}, "negativi"),
        ({"counts": np.zeros(60)}, "zero"),
        ({"begin": BEGIN + 5_000, "end": END + 5_000}, "prima e dopo"),
        ({"begin": BEGIN - 5_000, "end": END - 5_000}, "prima e dopo"),
        ({"end": BEGIN}, "finire dopo"),
        ({"design": np.ones((60, 2))}, "collineari"),
        ({"design": np.ones((59, 1))}, "lunghezze"),
        ({"sizes": SIZES[::-1]}, "crescere"),
        ({"half_lives": [0.0]}, "tempi di dimezzamento"),
    ],
)
def test_wrong_input_is_refused_in_words(change, words):
    given = {"counts": expected(1.2, 90.0), "begin": BEGIN, "end": END, "design": TERMS, **change}
    with pytest.raises(EstimationError, match=words):
        fading_surge(**given)
