"""What holds for every key and every identity."""

import os
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bgest_analysis.privacy.names import canonical_tokens, fold
from bgest_analysis.privacy.pseudonyms import Key, normalise_code, pseudonym
from bgest_analysis.schema.common import PSEUDONYM

EXAMPLES = 2_000 if os.environ.get("BGEST_FULL") == "1" else 60
keys = st.builds(Key, st.just("prova"), st.binary(min_size=32, max_size=32))
identities = st.text(min_size=1).filter(lambda text: text.isprintable())
few = settings(derandomize=True, deadline=None, max_examples=EXAMPLES)


@few
@given(keys, identities)
def test_same_key_gives_the_same_pseudonym_in_the_schemas_form(key, identity):
    made = pseudonym(key, "destinatario", identity)

    assert made == pseudonym(key, "destinatario", identity)
    assert re.fullmatch(PSEUDONYM, made)
    assert len(identity) < 4 or identity not in made


@few
@given(keys, keys, identities)
def test_another_key_gives_another_pseudonym(key, other, identity):
    assume(key.secret != other.secret)

    assert pseudonym(key, "caso", identity) != pseudonym(other, "caso", identity)


@few
@given(keys, identities, identities)
def test_two_identities_have_two_pseudonyms(key, one, other):
    assume(one != other)

    assert pseudonym(key, "caso", one) != pseudonym(key, "caso", other)


@few
@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise_code(normalise_code(text)) == normalise_code(text)
    assert fold(fold(text)) == fold(text)
    assert canonical_tokens(" ".join(canonical_tokens(text))) == canonical_tokens(text)


@pytest.mark.full
def test_two_hundred_thousand_identities_do_not_collide():
    key = Key("prova", bytes(32))

    made = {pseudonym(key, "destinatario", f"cf:{number:011d}") for number in range(200_000)}

    assert len(made) == 200_000
