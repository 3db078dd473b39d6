import pytest

from bgest_analysis.errors import UnsafeInput
from bgest_analysis.read.text_file import LONGEST_CELL, decode, head, read_bytes, records

WORDS = "città;perché\n"


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        (WORDS.encode("utf-8-sig"), "utf-8-sig", WORDS),
        (WORDS.encode("utf-8"), "utf-8", WORDS),
        (b"a;b\n", "ascii", "a;b\n"),
        (WORDS.encode("latin-1"), "latin-1", WORDS),
        ("città ’90\n".encode("cp1252"), "cp1252", "città ’90\n"),
        (WORDS.encode("utf-16"), "utf-16", WORDS),
        (WORDS.encode("utf-16-be"), None, None),
    ],
)
def test_the_encoding_is_found_out(content: bytes, encoding: str | None, text: str | None) -> None:
    if encoding is None:
        with pytest.raises(UnsafeInput, match="non è un file di testo"):
            decode(content, "a.csv")
    else:
        found = decode(content, "a.csv")
        assert (found.encoding, found.text, found.unreadable) == (encoding, text, 0)


def test_utf8_with_a_cut_letter_stays_utf8_and_says_so() -> None:
    content = ("è" * 40).encode()[:-1]

    found = decode(content, "a.csv")

    assert found.encoding == "utf-8"
    assert found.unreadable == 1
    assert found.text.startswith("è" * 39)


@pytest.mark.parametrize("content", [b"a;b\x00c\n", b"PK\x03\x04\x14", b"a\x1b[31m;b\n"])
def test_a_file_that_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnsafeInput) as refusal:
        decode(content, "dati.csv")

    assert refusal.value.exit_code == 3
    assert "dati.csv" in str(refusal.value)


def test_rows_know_their_line_when_cells_hold_line_breaks() -> None:
    text = '"a\n(x)";b\r\n1;2\r\n"3\n3";4\n5;6\n'

    found = [(record.line, record.cells) for record in records(text, ";", "a.csv")]

    assert found == [
        (1, ["a\n(x)", "b"]),
        (3, ["1", "2"]),
        (4, ["3\n3", "4"]),
        (6, ["5", "6"]),
    ]


def test_old_mac_line_breaks_are_line_breaks() -> None:
    assert [r.cells for r in records("a;b\r1;2\r", ";", "a.csv")] == [["a", "b"], ["1", "2"]]


def test_a_quote_never_closed_is_refused_when_the_cell_gets_too_long() -> None:
    text = 'a;b\n"' + "x;1\n" * 60_000

    with pytest.raises(UnsafeInput, match="virgolette mai chiuse") as refusal:
        list(records(text, ";", "a.csv"))

    assert "dopo la riga 2" in str(refusal.value)


def test_the_head_of_a_long_file_stops_at_a_whole_line() -> None:
    text = "nome;valore\n" + f"{'x' * (LONGEST_CELL // 2)};1\n" * 10

    found = head(text, ";", "a.csv")

    assert found[0].cells == ["nome", "valore"]
    assert all(len(record.cells) == 2 for record in found)


def test_an_empty_or_missing_file_is_refused(tmp_path) -> None:
    empty = tmp_path / "vuoto.csv"
    empty.write_bytes(b" \n")

    with pytest.raises(UnsafeInput, match=r"vuoto\.csv è vuoto"):
        read_bytes(empty, "vuoto.csv")
    with pytest.raises(UnsafeInput, match="non riesco ad aprire assente"):
        read_bytes(tmp_path / "assente.csv", "assente.csv")
