"""Mutations of valid files: of bytes, of the members and the XML of an archive, of JSON.

Each takes a ``random.Random``: the same seed gives the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

MOST_CHANGES = 6
LONGEST_SLICE = 400
TOKENS = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\n", b"\t", b'"', b"'", b";", b",", b"|",
    b"=1+1", b"@SUM(A1)", b"-", b"1e999", b"-1", b"0", b"NaN", b"inf", b"99999999999999999999",
    b"31/02/2022", b"1899-12-31", b"29/02/1900", b"24:00", b"-0:30", b"1.234,5.6", b"A" * 5000,
    b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xcc\x81" * 50, b"\xed\xa0\x80", b"\xf4\x8f\xbf\xbf",
    b"{file}", b"{0}", b"%s", b"../../x", b"[", b"]", b"{", b"}", b"null", b"true", b"\xc2\xa0",
)  # fmt: skip
XML_TOKENS = (
    b"<!DOCTYPE x>", b"<!--", b"]]>", b"<![CDATA[", b"&amp;", b"&#0;", b"&#x110000;", b"<", b">",
    b"</c>", b"<c/>", b"<row/>", b' r="XFD1048576"', b' r=""', b' r="A0"', b' t="s"', b' t="b"',
    b' t="e"', b' t="d"', b' s="99999"', b' count="-1"', b"<v>99999999</v>", b"<v></v>",
    b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCell ref="B2:A1"/>', b"<f>1/0</f>",
)  # fmt: skip
JSON_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1.5, "", "x", "\0", "../x", [], {}, [[]], {"x": None}, float("nan"),
)  # fmt: skip
_ELEMENT = re.compile(rb"<[a-zA-Z][^<>]*>")
_VALUE = re.compile(rb'="[^"<>]*"')

Bytes = Callable[[bytes, Random], bytes]


def mutate(data: bytes, random: Random) -> bytes:
    """Return a damaged copy of a file, by a way that fits its kind or simply of its bytes."""
    ways: list[Bytes] = [_bytes]
    if data.startswith(b"PK"):
        ways += [_members, _members, _members]
    elif data[:1] in (b"{", b"["):
        ways += [_json, _json]
    elif b"\0" not in data[:1000]:
        ways += [_lines, _lines, _encoding]
    return random.choice(ways)(data, random)


def _bytes(data: bytes, random: Random, tokens: Sequence[bytes] = TOKENS) -> bytes:
    """Change, cut, repeat or insert a few bytes, anywhere or in the first block."""
    changed = bytearray(data)
    for _ in range(random.randint(1, MOST_CHANGES)):
        reach = len(changed) if random.random() < 0.7 else min(len(changed), 2048)
        at = random.randrange(reach + 1)
        end = at + random.randint(1, LONGEST_SLICE)
        way = random.randrange(6)
        if way == 0 and at < len(changed):
            changed[at] ^= 1 << random.randrange(8)
        elif way == 1:
            changed[at : at + 4] = random.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\x7f"))
        elif way == 2:
            del changed[at:end]
        elif way == 3:
            changed[at:at] = changed[at:end] * random.choice((1, 1, 30))
        elif way == 4:
            changed[at:at] = random.choice(tokens)
        elif random.random() < 0.3:
            del changed[at:]
    return bytes(changed)


def _xml(data: bytes, random: Random) -> bytes:
    """Drop, repeat or move elements, replace values of attributes, insert tokens."""
    changed = data
    for _ in range(random.randint(1, MOST_CHANGES)):
        found = list((_VALUE if random.random() < 0.5 else _ELEMENT).finditer(changed))
        if not found:
            return _bytes(changed, random, XML_TOKENS)
        one, other = random.choice(found), random.choice(found)
        way = random.randrange(4)
        before, piece, after = changed[: one.start()], one[0], changed[one.end() :]
        if way == 0:
            piece = b""
        elif way == 1:
            piece *= random.choice((2, 2, 500))
        elif way == 2:
            piece = other[0]
        elif piece.startswith(b'="'):
            piece = b'="' + random.choice(TOKENS).replace(b'"', b"") + b'"'
        else:
            piece += random.choice(XML_TOKENS)
        changed = before + piece + after
    return changed


def _members(data: bytes, random: Random) -> bytes:
    """Change the members of an archive: mostly the XML of one, else which members there are."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    at = random.randrange(len(members))
    name, content = members[at]
    way = random.randrange(10)
    if way == 0:
        del members[at]
    elif way == 1:
        members[at] = (random.choice((f"../{name}", name.upper(), "x", f"{name}/")), content)
    elif way == 2:
        members[at] = (name, random.choice(members)[1])
    elif way == 3:
        members[at] = (name, _bytes(content, random))
    else:
        members[at] = (name, _xml(content, random))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", random.choice((0, 8))) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return _bytes(out.getvalue(), random) if random.random() < 0.1 else out.getvalue()


def _lines(data: bytes, random: Random) -> bytes:
    """Change the lines and the fields of a text table or of settings."""
    lines = data.split(b"\n")
    for _ in range(random.randint(1, MOST_CHANGES)):
        at = random.randrange(len(lines))
        way = random.randrange(5)
        if way == 0:
            lines[at : at + random.randint(1, 3)] = []
        elif way == 1:
            lines[at:at] = [lines[at]] * random.choice((1, 1, 200))
        elif way == 2:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            fields = re.split(rb"([;,\t=])", lines[at])
            fields[random.randrange(len(fields))] = random.choice(TOKENS)
            lines[at] = b"".join(fields)
        lines = lines or [b""]
    return b"\n".join(lines)


def _encoding(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    code = random.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "cp1252", "cp037", "utf-8-sig"))
    return text.encode(code, "replace")


def _json(data: bytes, random: Random) -> bytes:
    """Replace, drop or repeat one value somewhere in the tree."""
    try:
        tree = json.loads(data)
    except json.JSONDecodeError:  # one value a line
        return _lines(data, random)
    places = list(_places(tree))
    for _ in range(random.randint(1, 3)):
        holder, key = random.choice(places)
        value = random.choice(JSON_VALUES)
        if isinstance(holder, dict) and random.random() < 0.3:
            holder.pop(key, None)
        elif isinstance(holder, dict) or key < len(holder):
            holder[key] = value
    return json.dumps(tree).encode()


def _places(tree: Any) -> Any:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield tree, key
        if isinstance(value, dict | list):
            yield from _places(value)
