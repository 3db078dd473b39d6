"""The shape of the code: who may import whom, how large things are, what is never used."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "bgest_analysis"
MODULES = sorted(PACKAGE.rglob("*.py"))
LOCKS = ("requirements.lock", "requirements-test.lock")

MODULE_LINES = 400
MODULE_LINES_P90 = 290
BODY_MEDIAN, BODY_P90 = 10, 25

UNSAFE_MODULES = {"cPickle", "dill", "joblib", "marshal", "pickle", "shelve"}
UNSAFE_CALLS = {"eval", "exec", "__import__"}
UNSAFE_METHODS = {
    ("os", "popen"),
    ("os", "system"),
    ("pd", "eval"),
    ("pd", "read_pickle"),
    ("yaml", "load"),
    ("yaml", "load_all"),
    ("yaml", "unsafe_load"),
}
UNSAFE_KEYWORDS = {"allow_pickle", "shell"}
SHAPELESS_NAMES = {"util", "utils", "helper", "helpers"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the repository that match, whatever else lies in the folder."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--", *patterns]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).exists()]


# Layers


def test_imports_run_downwards_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert code == 0, capsys.readouterr().out


def imports_inside_functions(tree: ast.Module) -> Iterator[int]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom):
                    names = ["bgest_analysis" if node.level else node.module or ""]
                if any(name.split(".")[0] == "bgest_analysis" for name in names):
                    yield node.lineno


def work_at_import(tree: ast.Module) -> Iterator[int]:
    """Yield the lines of bare calls at the top of a module: its import would do something."""
    for node in tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield node.lineno


# What is never used


def unsafe_uses(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = UNSAFE_MODULES & {alias.name.split(".")[0] for alias in node.names}
            yield from (f"{node.lineno}: import {name}" for name in sorted(found))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in (
            UNSAFE_MODULES
        ):
            yield f"{node.lineno}: from {node.module}"
        elif isinstance(node, ast.Call):
            yield from (f"{node.lineno}: {use}" for use in unsafe_parts(node))


def unsafe_parts(call: ast.Call) -> Iterator[str]:
    match call.func:
        case ast.Name(id=name) if name in UNSAFE_CALLS:
            yield name
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if (owner, name) in UNSAFE_METHODS:
            yield f"{owner}.{name}"
        case ast.Attribute(attr="to_pickle"):
            yield "to_pickle"
    for keyword in call.keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        to_subprocess = ast.unparse(call.func).startswith("subprocess.")
        unknown = value is None and (keyword.arg != "shell" or to_subprocess)
        if keyword.arg in UNSAFE_KEYWORDS and (value is True or unknown):
            yield f"{keyword.arg}="


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("import pickle", True),
        ("from joblib import dump", True),
        ("import os.path, pickle", True),
        ("eval('1')", True),
        ("exec(text)", True),
        ("yaml.load(stream)", True),
        ("yaml.safe_load(stream)", False),
        ("subprocess.run('ls', shell=True)", True),
        ("subprocess.run(['ls'], shell=False)", False),
        ("subprocess.run(line, shell=flag)", True),
        ("Popen(line, shell=True)", True),
        ("Formatter(shell=terminal)", False),
        ("np.load(path, allow_pickle=flag)", True),
        ("frame.to_pickle(path)", True),
        ("pd.read_pickle(path)", True),
        ("os.system('ls')", True),
        ("frame.eval('a + b')", False),
    ],
)
def test_the_scan_sees_what_it_looks_for(source: str, seen: bool) -> None:
    assert bool(list(unsafe_uses(ast.parse(source)))) is seen


def test_the_other_scans_see_what_they_look_for() -> None:
    inside = "def f():\n    from bgest_analysis.text import x\n"
    assert list(imports_inside_functions(ast.parse(inside))) == [2]
    assert list(imports_inside_functions(ast.parse("def f():\n    from . import x\n"))) == [2]
    assert list(imports_inside_functions(ast.parse("def f():\n    import json\n"))) == []
    assert list(work_at_import(ast.parse('"""Doc."""\nlog = get()\nconfigure()\n'))) == [3]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_keeps_the_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= MODULE_LINES, "split it by subject"
    assert list(imports_inside_functions(tree)) == [], "imports of ours stand at the top"
    assert list(work_at_import(tree)) == [], "nothing happens at import"
    assert list(unsafe_uses(tree)) == []
    if path.name == "__init__.py":
        assert text == "", "import from modules"


def test_notebooks_tools_and_tests_use_nothing_unsafe() -> None:
    found = {}
    for path in tracked("tools/*.py", "benchmarks/*.py", "avvia.py", "notebooks/*.ipynb"):
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, as_version=4).cells
            source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        else:
            source = path.read_text(encoding="utf-8")
        if uses := list(unsafe_uses(ast.parse(source))):
            found[name_of(path)] = uses
    assert found == {}


def test_modules_are_named_after_their_subject() -> None:
    paths = [*MODULES, *tracked("tests/*.py", "tools/*.py")]
    words = {name_of(path): {*path.parts[len(ROOT.parts) : -1], path.stem} for path in paths}
    assert {name for name, parts in words.items() if parts & SHAPELESS_NAMES} == set()


# How large things are


def body_lengths() -> list[int]:
    """Return the lines of every function's body, docstring apart."""
    lengths = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lengths.append(body[-1].end_lineno - body[0].lineno + 1 if body else 0)
    return lengths


def test_functions_and_modules_stay_short() -> None:
    bodies = body_lengths()
    modules = [len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES]
    assert statistics.median(bodies) <= BODY_MEDIAN
    assert statistics.quantiles(bodies, n=10)[-1] <= BODY_P90
    assert statistics.quantiles(modules, n=10)[-1] <= MODULE_LINES_P90


# What is in git


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_committed_notebooks_hold_no_outputs() -> None:
    dirty = [
        name_of(path)
        for path in tracked("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None)
    ]
    assert dirty == []


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("data/raw/mediazione/interventi.xlsx", True),
        ("data/raw/registro.csv", True),
        ("data/raw/territorio/popolazione_comuni.csv", False),
        ("data/raw/territorio/popolazione_comuni.source.toml", False),
        ("data/processed/tidy_popolazione.parquet", True),
        ("reports/index.html", True),
        ("study.local.toml", True),
        ("pseudonimi.key", True),
        (".venv/bin/python", True),
        (".venv.log", True),
        ("notebooks/.ipynb_checkpoints/00_sintesi-checkpoint.ipynb", True),
        ("notebooks/00_sintesi.ipynb", False),
        ("study.toml", False),
        ("testi/premessa.md", False),
        ("example/data/raw/interventi.xlsx", False),
    ],
)
def test_git_ignores_data_about_people(path: str, ignored: bool) -> None:
    tracked()  # skips where there is no git
    command = ["git", "-C", str(ROOT), "check-ignore", "--quiet", "--no-index", path]
    assert (subprocess.run(command, check=False).returncode == 0) is ignored


def test_raw_data_in_git_is_the_public_figures_only() -> None:
    raw = [name_of(path) for path in tracked("data/raw")]
    assert [name for name in raw if not name.startswith("data/raw/territorio/")] == []
    assert tracked("data/processed", "reports", "study.local.toml") == []


def test_no_path_of_a_developers_machine_is_committed() -> None:
    everywhere = re.compile(rb"(?<![\w.$}])/(?:root|work)/[a-z]")
    but_specimens = re.compile(rb"(?<![\w.$}])/(?:home|root|tmp|work|Users)/[a-z]")
    found = []
    for path in tracked():
        if path.suffix in {".parquet", ".png", ".lock"}:
            continue
        wrong = everywhere if name_of(path).startswith("tests/") else but_specimens
        lines = enumerate(path.read_bytes().splitlines(), start=1)
        found += [f"{name_of(path)}:{number}" for number, line in lines if wrong.search(line)]
    assert found == []


def test_a_test_imports_no_other_folders_tests() -> None:
    found = [
        f"{name_of(path)}: {node.module}"
        for path in tracked("tests/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests.")
        if not (node.module or "").startswith("tests.lib")
    ]
    assert found == []
