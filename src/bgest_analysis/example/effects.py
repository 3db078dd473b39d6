"""The generating functions: arrays in, arrays out, the true effect in the docstring."""

from __future__ import annotations

import numpy as np

from bgest_analysis.example.draws import Bools, Days, Floats, Ints, Texts, stochastic_round, texts
from bgest_analysis.example.parameters import (
    COVID_START,
    UKRAINE_START,
    CovidEffects,
    ModelEffects,
    UkraineEffects,
)

ORIENTATIONS = ("assistenza", "accompagnamento", "attivazione")
ORIENTATION_CUTS = (0.0, 1.7)  # log-odds of being above each: .50 and .15 before adoption
INTEGRATED = {"lettura": 0.40, "progettazione": 0.35, "verifica": 0.25}
DELIVERED = {"segnalazione": 0.15, "attuazione": 0.85}
BASE_AUTONOMY = (0.3, 1.1)
BASE_CHANGE = 0.5
MEAN_WAIT_DAYS = 16.0
WAIT_SHAPE = 4.0
URGENT_WAIT_DAYS = 1.0
# Multiples of a mean month: schools close in summer, little happens at Christmas.
MONTH_FACTORS = (1.05, 1.10, 1.15, 1.05, 1.10, 0.95, 0.70, 0.40, 1.10, 1.25, 1.20, 0.95)


def month_number(days: Days) -> Ints:
    """Return whole months since January 1970."""
    return days.astype("datetime64[M]").astype(np.int64)


def season_factor(days: Days) -> Floats:
    """Return the seasonal multiple of activity of each day; its mean over a year is 1."""
    return np.array(MONTH_FACTORS)[month_number(days) % 12]


def covid_factor(days: Days, covid: CovidEffects) -> Floats:
    """Return the multiple of activity that COVID-19 leaves: ``covid.fattori`` from March 2020."""
    factors = np.array((*covid.fattori, 1.0))
    since = month_number(days) - month_number(np.array([COVID_START], dtype="datetime64[D]"))[0]
    return np.where(since < 0, 1.0, factors[np.clip(since, 0, len(factors) - 1)])


def remote_share(days: Days, covid: CovidEffects) -> Floats:
    """Return the share of work by telephone or video: before, during, after the closures."""
    since = month_number(days) - month_number(np.array([COVID_START], dtype="datetime64[D]"))[0]
    before, during, after = covid.quota_remota
    return np.where(since < 0, before, np.where(since < covid.mesi_remoti, during, after))


def ukraine_intensity(days: Days, ukraine: UkraineEffects) -> Floats:
    """Return 0 before 24 February 2022, then 0.5 ** (days since / half-life), 1 on the day."""
    since = (days - np.datetime64(UKRAINE_START)).astype(np.int64)
    return np.where(since < 0, 0.0, 0.5 ** (np.maximum(since, 0) / ukraine.emivita_giorni))


def autonomy(
    rng: np.random.Generator,
    base: Floats,
    progress: Floats,
    adopted: Bools,
    effect: ModelEffects,
) -> Ints:
    """Return the autonomy (0-3) noted at each contact of a case.

    True mean: ``base + progress * (0.5 + autonomia * adopted)``, ``progress`` going from 0 at
    the first contact to 1 at the last. Rounding is at random and unbiased and nothing is cut
    off, so the change within a case (last minus first) differs by ``effect.autonomia`` between
    cases opened after and before adoption, on the scale as noted.
    """
    change = BASE_CHANGE + effect.autonomia * adopted
    return stochastic_round(rng, base + progress * change)


def wait_days(
    rng: np.random.Generator,
    mean: Floats,
    adopted: Bools,
    urgent: Bools,
    others_delay: Floats,
    effect: ModelEffects,
) -> Ints:
    """Return the days between request and intervention.

    Gamma with shape 4, rounded at random. True mean of a request that is not urgent:
    ``mean + attesa_giorni * adopted + others_delay``; of an urgent one, one day.
    """
    wanted = np.where(urgent, URGENT_WAIT_DAYS, mean + effect.attesa_giorni * adopted)
    wanted = wanted + np.where(urgent, 0.0, others_delay)
    drawn = rng.gamma(WAIT_SHAPE, np.maximum(wanted, 0.5) / WAIT_SHAPE)
    return stochastic_round(rng, drawn)


def orientation(
    rng: np.random.Generator, adopted: Bools, deviation: Floats, effect: ModelEffects
) -> Texts:
    """Return the orientation of each intervention.

    Proportional odds: log-odds of being above assistenza are
    ``0 + logit_orientamento * adopted + deviation``, above accompagnamento 1.7 less.
    """
    shift = effect.logit_orientamento * adopted + deviation
    chance = rng.random(len(shift))
    above = [chance < 1 / (1 + np.exp(cut - shift)) for cut in ORIENTATION_CUTS]
    codes: Texts = texts(ORIENTATIONS)[np.sum(above, axis=0)]
    return codes


def phase(rng: np.random.Generator, adopted: Bools, effect: ModelEffects) -> Texts:
    """Return the phase: lettura, progettazione or verifica with ``quota_integrata``."""
    before, after = effect.quota_integrata
    integrated = rng.random(len(adopted)) < np.where(adopted, after, before)
    codes: Texts = np.where(
        integrated, _drawn(rng, INTEGRATED, adopted), _drawn(rng, DELIVERED, adopted)
    )
    return codes


def _drawn(rng: np.random.Generator, shares: dict[str, float], like: Bools) -> Texts:
    cumulated = np.cumsum(list(shares.values()))
    where = np.searchsorted(cumulated, rng.random(len(like)), side="right")
    return texts(list(shares))[np.minimum(where, len(shares) - 1)]


def second_coder(rng: np.random.Generator, first: Texts, kappa: float) -> Texts:
    """Return a second coder's codes; Cohen's kappa with the first is ``kappa`` on average.

    With probability ``kappa`` the first coder's code, else the code of an item at random: both
    coders keep the same shares, so chance agreement is the same as in kappa's own formula.
    """
    copied = rng.random(len(first)) < kappa
    return np.where(copied, first, rng.choice(first, len(first)) if len(first) else first)


def wrong_code(
    rng: np.random.Generator, true: Texts, codes: tuple[str, ...], error: float
) -> Texts:
    """Return the codes with a share ``error`` replaced by another code, all others alike."""
    position = {code: index for index, code in enumerate(codes)}
    index = np.array([position[code] for code in true], dtype=np.int64)
    moved = (index + rng.integers(1, len(codes), len(true))) % len(codes)
    return texts(codes)[np.where(rng.random(len(true)) < error, moved, index)]
