"""Every text a reader can meet has its English, with the same fields; the catalogue is in step."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from bgest_analysis.text.messages import Message, translate


@pytest.fixture(scope="module")
def tool(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "translations", root / "tools" / "translations.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts(tool: ModuleType) -> dict[str, list[str]]:
    found: dict[str, list[str]] = tool.collect()
    return found


def test_every_text_is_translated_with_the_same_fields(
    tool: ModuleType, texts: dict[str, list[str]]
) -> None:
    assert tool.faults(texts, tool.read_catalogue()) == []


def test_the_committed_catalogue_is_in_step(tool: ModuleType, texts: dict[str, list[str]]) -> None:
    assert tool.behind(tool.build(texts, tool.read_catalogue())) == []


def test_it_sees_messages_errors_and_rules_and_nothing_else(tool: ModuleType) -> None:
    code = """
class OursError(BgestError): pass
class FineError(OursError): pass
T("uno {n}", n=1)
Message("due")
raise FineError("tre")
Rule("codice", "quattro", remedy="cinque")
translate("sei" " sette", "en")
print("no")
T(name)
"""
    tree = ast.parse(code)
    found = list(tool.texts_of(tree, tool.error_names([tree])))
    assert sorted(found) == ["cinque", "due", "quattro", "sei sette", "tre", "uno {n}"]


def test_it_finds_untranslated_texts_and_other_fields(tool: ModuleType) -> None:
    where = {"a {n}": ["x.py"], "b": ["y.py"]}
    assert tool.faults(where, {"a {n}": "A {m}"}) == [
        "untranslated: 'b' (y.py)",
        "other fields: 'a {n}' -> 'A {m}'",
    ]
    assert tool.faults(where, {"a {n}": "A {n:int}", "b": "B"}) == []


def test_english_is_read_from_the_compiled_catalogue() -> None:
    assert translate("Tabella {n}", "en") == "Table {n}"
    assert Message("Tabella {n}", {"n": "3"}).render("en") == "Table 3"
