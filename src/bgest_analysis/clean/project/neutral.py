"""Words that name no person: what a value nobody understood may show of itself.

A cell that no vocabulary knows may hold anything, a name in the wrong column too. So of such a
text only the words of our vocabularies are shown, those that nearly are (a slip of the pen), small
numbers and days of the project's years; the rest is covered, and its place says where to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from rapidfuzz import fuzz, process

from bgest_analysis.clean.cells.missing import missing_forms
from bgest_analysis.clean.project.vocabularies import StudyVocabularies
from bgest_analysis.privacy.scrub import MASK
from bgest_analysis.read.headers import known_forms
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.study.model import Study
from bgest_analysis.vocabulary.load import load_lingue, load_paesi, read_list
from bgest_analysis.vocabulary.matcher import Vocabulary, fold

SHORTEST_WORD = 3  # shorter ones tell nobody apart
SHORTEST_SLIP = 5
NEAR = 85.0
LONGEST_NUMBER = 6
LONGEST_CODE = 6
YEARS_BEFORE = 2
_DAY = re.compile(
    r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-](?P<last>\d{4})|(?P<first>\d{4})-\d{2}-\d{2})(?!\d)"
)
_TOKEN = re.compile(r"[^\W_]+")
_COVERED = re.compile(rf"{re.escape(MASK)}(?:[\s'\u2019.,-]*{re.escape(MASK)})+")


@dataclass(frozen=True)
class Neutral:
    """What may be shown of a text.

    Parameters
    ----------
    words
        Folded words that name no person.
    first_year
        Days of earlier years are covered: they may be of birth.
    """

    words: frozenset[str]
    first_year: int

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        """The words by their first letter, where a slip of the pen is looked for."""
        found: dict[str, list[str]] = {}
        for word in sorted(self.words):
            found.setdefault(word[0], []).append(word)
        return found

    def mask(self, texts: Sequence[str]) -> list[str]:
        """Return the texts with every word, number and day that may be of a person covered."""
        return [_COVERED.sub(MASK, self._masked(text)) for text in texts]

    def _masked(self, text: str) -> str:
        parts, end = [], 0
        for day in _DAY.finditer(text):
            year = int(day["last"] or day["first"])
            shown = day[0] if year >= self.first_year or year == 1 else MASK
            parts += [_TOKEN.sub(self._token, text[end : day.start()]), shown]
            end = day.end()
        return "".join([*parts, _TOKEN.sub(self._token, text[end:])])

    def _token(self, found: re.Match[str]) -> str:
        return found[0] if self._harmless(found[0]) else MASK

    def _harmless(self, token: str) -> bool:
        letters = fold("".join(c for c in token if not c.isdigit()))
        digits = sum(c.isdigit() for c in token)
        if digits:
            short = len(token) <= LONGEST_CODE and len(letters) < SHORTEST_WORD
            return digits <= LONGEST_NUMBER and (not letters or short or letters in self.words)
        return len(letters) < SHORTEST_WORD or letters in self.words or self._slip(letters)

    def _slip(self, word: str) -> bool:
        if len(word) < SHORTEST_SLIP:
            return False
        alike = self._by_letter.get(word[0], ())
        return process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=NEAR) is not None


def neutral_words(study: Study, places: StudyVocabularies) -> Neutral:
    """Return the words of the package's lists, of the headers we know, and of the study."""
    own = (places.ambiti, places.enti, places.progetti)
    names = [str(name) for name in study.comuni["nome"]]
    words = _package_words() | _split([form for one in own for form in one.forme]) | _split(names)
    start = study.progetto.dal
    first = int(start[:4]) if start else study.anno_riferimento - 10
    return Neutral(words, first - YEARS_BEFORE)


@cache
def _package_words() -> frozenset[str]:
    lists: tuple[Vocabulary, ...] = (load_lingue(), load_paesi())
    codes = read_list("codici")
    texts = [form for one in lists for form in (*one.forme, *one.cautele)]
    texts += [text for name in codes.columns for text in codes[name]]
    texts += [*known_forms(), *missing_forms(), *read_list("parole_neutre")["parola"]]
    for table in TABLES.values():
        texts += [table.name, table.title_it, table.grain_it]
        texts += [text for c in table.columns for text in (c.title_it, c.description)]
    return _split(texts)


def _split(texts: Iterable[str]) -> frozenset[str]:
    words = (word for text in texts for word in fold(text).split())
    return frozenset(word for word in words if not word.isdigit())
