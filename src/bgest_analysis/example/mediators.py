"""The invented mediators, and which of them goes to each intervention."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.clean.persons import mediator_identity
from bgest_analysis.example.bodies import COOPS
from bgest_analysis.example.draws import Ints, pick, stream, texts
from bgest_analysis.example.parameters import Size
from bgest_analysis.example.people import LANGUAGES
from bgest_analysis.privacy.pseudonyms import MEDIATORE, example_key, pseudonym

EXPERIENCE = {"0_2": 0.20, "3_5": 0.30, "6_10": 0.28, "oltre_10": 0.22}
SECOND_LANGUAGES = ("fra", "eng", "spa", "ara", "rus")
GIVEN = (
    "Amina", "Bashir", "Chiara", "Davit", "Elira", "Farid", "Gulnar", "Halima", "Ilir", "Jasmine",
    "Karima", "Lamin", "Meera", "Nadir", "Oksana", "Parveen", "Rania", "Samba", "Tomas", "Yelena",
)  # fmt: skip
SURNAMES = (
    "Prova", "Esempi", "Fittizi", "Inventi", "Campioni", "Modelli", "Simulati", "Sintesi",
    "Finti", "Ipotesi", "Bozzetti", "Maschera", "Segnaposti", "Provetti", "Saggi",
)  # fmt: skip


def build_mediators(seed: int, size: Size) -> pd.DataFrame:
    """Return the mediators: nominativo, ente_id, lingue, genere, esperienza, mediatore_id."""
    rng = stream(seed, "mediatori")
    spoken = [*dict.fromkeys(LANGUAGES.values()), "rus"]
    n = max(size.mediators, len(spoken))
    first = texts(spoken)[np.arange(n) % len(spoken)]
    second = texts(SECOND_LANGUAGES)[rng.integers(0, len(SECOND_LANGUAGES), n)]
    frame = pd.DataFrame(
        {
            "nominativo": mediator_names(n),
            "ente_id": texts(COOPS)[rng.integers(0, len(COOPS), n)],
            "prima_lingua": first,
            "lingue": [a if a == b else f"{a}|{b}" for a, b in zip(first, second, strict=True)],
            "genere": np.where(rng.random(n) < 0.75, "F", "M"),
            "esperienza": pick(rng, EXPERIENCE, n),
        }
    )
    key = example_key()
    frame["mediatore_id"] = [
        pseudonym(key, MEDIATORE, mediator_identity(name)) for name in frame["nominativo"]
    ]
    return frame


def mediator_names(n: int) -> list[str]:
    """Return different surnames and names that are nobody's; numbered when they run out."""
    pairs = len(SURNAMES) * len(GIVEN)
    names = []
    for k in range(n):
        given, line = GIVEN[k % len(GIVEN)], k // len(GIVEN)
        surname = SURNAMES[(line + k % len(GIVEN)) % len(SURNAMES)]
        turn = k // pairs
        names.append(f"{surname}{_letters(turn)} {given}")
    return names


def _letters(turn: int) -> str:
    """Return "" then ba, be, … bab, an ending of its own each time the names run out."""
    syllables = [c + v for c in "bcdfglmnprstvz" for v in "aeiou"]
    letters = ""
    while turn:
        letters += syllables[turn % len(syllables)]
        turn //= len(syllables)
    return letters


def assign_mediators(seed: int, log: pd.DataFrame, mediators: pd.DataFrame) -> Ints:
    """Return a mediator (position) who speaks the language; -1 where the request was unmet.

    A case keeps its mediator where the language is the same all along.
    """
    rng = stream(seed, "assegnazioni")
    chosen = np.full(len(log), -1, dtype=np.int64)
    case = log["caso"].to_numpy()
    draw = np.where(
        case >= 0,
        rng.random(int(case.max(initial=0)) + 1)[case],
        rng.random(len(log)),
    )
    first = mediators["prima_lingua"].to_numpy()
    language = log["lingua"].to_numpy()
    for code in dict.fromkeys(language.tolist()):
        able = np.flatnonzero(first == code)
        mine = np.flatnonzero(language == code)
        chosen[mine] = able[(draw[mine] * len(able)).astype(np.int64)]
    chosen[log["inevasa"].to_numpy()] = -1
    return chosen
