import json
import os
import stat

import pytest

from bgest_analysis.errors import PrivacyGateClosed, UsageError
from bgest_analysis.privacy.persons import Person, person_identity
from bgest_analysis.privacy.pseudonyms import (
    DESTINATARIO,
    MEDIATORE,
    example_key,
    is_tax_code,
    key_folder,
    key_path,
    load_key,
    make_key,
    normalise_code,
    normalise_phone,
    pseudonym,
)
from bgest_analysis.schema.model import Origin

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX systems")


@pytest.fixture
def study(tmp_path):
    root = tmp_path / "studio"
    root.mkdir()
    return root


@pytest.fixture
def path(tmp_path):
    return key_path(tmp_path / "chiavi", "bergamo-est")


def test_a_key_that_was_made_is_loaded_again(path, study):
    made = make_key(path, study)

    assert load_key(path, study, Origin.PROGETTO) == made
    assert path.name == "bergamo-est.chiave"


@posix
def test_only_the_owner_can_read_a_new_key(path, study):
    make_key(path, study)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_keys_differ(tmp_path, study):
    keys = [make_key(tmp_path / name, study) for name in ("a", "b")]

    assert keys[0].id != keys[1].id
    assert keys[0].secret != keys[1].secret


def test_without_a_key_it_refuses_and_says_how_to_make_one(path, study):
    with pytest.raises(PrivacyGateClosed, match="bgest key") as caught:
        load_key(path, study, Origin.PROGETTO)
    assert caught.value.exit_code == 4


def test_a_key_is_never_replaced(path, study):
    made = make_key(path, study)

    with pytest.raises(UsageError):
        make_key(path, study)
    assert load_key(path, study, Origin.PROGETTO) == made


def test_a_key_inside_the_study_is_refused(study, path):
    inside = study / "data" / "a.chiave"
    with pytest.raises(PrivacyGateClosed, match="fuori"):
        make_key(inside, study)
    assert not inside.exists()

    make_key(path, study)
    inside.parent.mkdir()
    inside.write_bytes(path.read_bytes())
    with pytest.raises(PrivacyGateClosed, match="fuori"):
        load_key(inside, study, Origin.PROGETTO)


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(path, study, mode):
    make_key(path, study)
    path.chmod(mode)

    with pytest.raises(PrivacyGateClosed, match="chmod 600"):
        load_key(path, study, Origin.PROGETTO)


DAMAGED = {
    "not JSON": "no",
    "empty": "",
    "a list": "[]",
    "short": json.dumps({"versione": 1, "id": "00", "chiave": "00ff"}),
    "other id": json.dumps({"versione": 1, "id": "00000000", "chiave": "ab" * 32}),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_key_is_refused_without_showing_it(path, study, content):
    make_key(path, study)
    path.write_text(content)

    with pytest.raises(PrivacyGateClosed, match="danneggiata") as caught:
        load_key(path, study, Origin.PROGETTO)
    assert "abab" not in str(caught.value)


def test_the_published_key_serves_the_synthetic_study_alone(path, study):
    published = example_key()
    assert load_key(path, study, Origin.SINTETICA) == published

    make_key(path, study)
    content = {"versione": 1, "id": published.id, "chiave": published.secret.hex()}
    path.write_text(json.dumps(content))
    with pytest.raises(PrivacyGateClosed, match="esempio"):
        load_key(path, study, Origin.PROGETTO)


def test_a_key_shows_its_id_and_not_itself(path, study):
    key = make_key(path, study)

    assert key.id in repr(key)
    assert key.secret.hex() not in repr(key)
    assert str(key.secret) not in repr(key)


def test_kinds_are_namespaces():
    key = example_key()

    assert pseudonym(key, DESTINATARIO, "X") != pseudonym(key, MEDIATORE, "X")


def test_nothing_has_no_pseudonym():
    with pytest.raises(ValueError):
        pseudonym(example_key(), DESTINATARIO, "")


def test_key_folder_follows_the_system(tmp_path):
    assert key_folder({}, tmp_path, "posix") == tmp_path / ".config" / "bgest" / "chiavi"
    assert key_folder({"XDG_CONFIG_HOME": "/c"}, tmp_path, "posix").parts[1:] == (
        "c",
        "bgest",
        "chiavi",
    )
    assert key_folder({"APPDATA": "/d"}, tmp_path, "nt").parts[1:] == ("d", "bgest", "chiavi")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("+39 347 123 4567", "3471234567"), ("0039 347/1234567", "3471234567"),
     ("347.1234567", "3471234567"), ("393471234567", "3471234567"), ("035 123456", "035123456"),
     ("+380 67 1234567", "380671234567"), ("12", ""), ("n.d.", "")],
)  # fmt: skip
def test_telephones_lose_their_spelling(text, expected):
    assert normalise_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("RSSMRA85T10A562S", True), ("RSSMRA85T10A562T", False), ("RSSMRA85T10A56NH", True),
     ("12345678901", False), ("", False), ("RSSMRA85Z10A562S", False)],
)  # fmt: skip
def test_tax_codes_have_their_check_letter(text, expected):
    assert is_tax_code(text) is expected


def test_codes_lose_blanks_case_and_dashes():
    assert normalise_code(" rss-mra 85t10.a562s ") == "RSSMRA85T10A562S"


IDENTITIES = {
    "the sender's code first": (
        Person(codice="u-001", ente="RUAH", codice_fiscale="RSSMRA85T10A562S"), "codice:RUAH:U001"
    ),
    "then a sound tax code": (
        Person(codice_fiscale="rssmra85t10a562s", cognome="Rossi"), "cf:RSSMRA85T10A562S"
    ),
    "then name and year": (
        Person(cognome="Rahman", nome="Muhammad", codice_fiscale="X", anno_nascita=1990),
        "nome:mohamed rahman:1990",
    ),
    "a name alone is nobody": (Person(cognome="Rahman", nome="Karim"), ""),
    "a year alone is nobody": (Person(anno_nascita=1990), ""),
}  # fmt: skip


@pytest.mark.parametrize(("one", "expected"), IDENTITIES.values(), ids=IDENTITIES)
def test_identity_uses_the_surest_thing_the_row_has(one, expected):
    assert person_identity(one) == expected
    assert repr(one) == "Person()"
