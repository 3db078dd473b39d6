"""Names made comparable: one alphabet, no accents, the known spellings of one name as one.

Only what is sure is made equal (``canonical_tokens``); what is merely alike (``skeleton``) makes
a person look, never decides.
"""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

# Ukrainian, Russian and Belarusian letters; Ukraine's 2010 passport table, first letters apart.
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie",
        "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
        "я": "ia", "ы": "y", "э": "e", "ё": "e", "ъ": "", "ў": "u", "’": "", "ʼ": "", "'": "",
    }
)  # fmt: skip
_WORD_START = MappingProxyType({"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"})
_LATIN = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
     "ə": "e", "ħ": "h"}
)  # fmt: skip
_NOT_NAME = re.compile(r"[^a-z]+")
_JOINED = re.compile(r"['\u2019\u02bc`´-]")
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiouyjh]")
_SOUNDS = (("ph", "f"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("c", "k"), ("w", "v"))
# Words that are written or left out at will: prepositions, titles, "son of", "widow".
_PARTICLES = frozenset(
    {"el", "al", "ben", "bin", "ibn", "bint", "ould", "ait", "de", "di", "da", "dos", "del",
     "della", "van", "von", "ep", "vedova", "in", "sig", "signor", "signora", "sra"}
)  # fmt: skip
_VARIANTS = (
    "mohamed mohammed muhammad mohammad mohamad muhamad mohamud mouhamed mohd md mohammod",
    "ahmed ahmad ahmet achmed",
    "abdul abdel abdal abd",
    "abdullah abdallah abdulla abdoulaye",
    "fatima fatma fatou fatimah fatimata",
    "aicha aisha aysha ayesha aissata",
    "hassan hasan",
    "hussein hossain hossein hussain husain hosen hocine houssine houcine",
    "khadija hadija khadidja kadija",
    "yusuf youssef yousef yousuf yusef iusuf joseph",
    "ibrahim ibrahima ebrahim brahim",
    "mustafa mustapha moustapha mostafa",
    "rashid rachid rasheed",
    "said saeed saiid sayed",
    "omar umar oumar omer",
    "uddin ud-din eddine",
    "singh sing",
    "olena elena helena yelena jelena alena",
    "oleksandr alexander aleksandr alessandro oleksander",
    "oleksandra alexandra aleksandra alessandra",
    "olha olga",
    "hanna anna ganna",
    "kateryna ekaterina katerina yekaterina",
    "mykola nikolai nikolay nicolai mikola",
    "mykhailo mikhail michail mihail mykhaylo",
    "serhii sergei sergey serhiy sergiy sergii serghei",
    "andrii andrei andrey andriy andrej",
    "dmytro dmitri dmitry dmitriy dmitrii",
    "volodymyr vladimir wolodymyr",
    "yevhen evgeny evgenii yevgen yevheny evgen yevhenii",
    "yuliia julia yulia iulia giulia yuliya",
    "nataliia natalia natalya nataliya",
    "tetiana tatiana tatyana tetyana",
    "svitlana svetlana",
    "oksana xenia kseniia ksenia",
    "iryna irina iryna",
    "liudmyla ludmila lyudmyla liudmila",
    "maria mariia mariya marija",
    "viktoriia victoria viktoria viktoriya",
    "oleh oleg",
    "ihor igor",
)
_CANONICAL = MappingProxyType(
    {form: forms.split()[0] for forms in _VARIANTS for form in forms.split()}
)


def fold(text: str) -> str:
    """Return a name in small Latin letters: Cyrillic transliterated, accents dropped.

    Words stay apart by one blank; apostrophes and hyphens inside a word vanish.
    """
    small = unicodedata.normalize("NFC", text).lower()
    words = [_WORD_START.get(word[0], word[0]) + word[1:] for word in small.split()]
    latin = _JOINED.sub("", " ".join(words)).replace("зг", "zgh").translate(_CYRILLIC)
    plain = unicodedata.normalize("NFKD", latin.translate(_LATIN))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(_NOT_NAME.sub(" ", bare).split())


def canonical_tokens(text: str) -> tuple[str, ...]:
    """Return the words of a name in alphabetical order, known spellings of one name made one."""
    words = [word for word in fold(text).split() if word not in _PARTICLES and len(word) > 1]
    return tuple(sorted({_CANONICAL.get(word, word) for word in words}))


def skeleton(token: str) -> str:
    """Return what remains of a word when vowels and doubled letters do not count.

    A leading vowel stays as ``*``; single letters that sound alike become one (c, k, q).
    """
    sound = _DOUBLED.sub(r"\1", token)
    for written, heard in _SOUNDS:
        sound = sound.replace(written, heard)
    opening = "*" if sound[:1] in set("aeiouyj") else ""
    return opening + _VOWELS.sub("", sound)


def bigrams(tokens: tuple[str, ...]) -> frozenset[str]:
    """Return the pairs of neighbouring letters of the words, ends included."""
    padded = [f"_{token}_" for token in tokens]
    return frozenset(word[i : i + 2] for word in padded for i in range(len(word) - 1))
