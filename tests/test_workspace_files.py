"""The files around the code say the same thing, and what they promise is there."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from papermill.engines import papermill_engines

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
READMES = ("README.md", "README.it.md")
PAGES = (*READMES, *(p.relative_to(ROOT).as_posix() for p in sorted(ROOT.glob("docs/**/*.md"))))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def yaml_of(name: str) -> Any:
    return yaml.safe_load(text_of(name))


# One version, one licence


def test_the_version_stands_in_one_place_and_the_others_follow() -> None:
    version = PROJECT["version"]
    assert yaml_of("CITATION.cff")["version"] == version
    assert yaml_of("publiccode.yml")["softwareVersion"] == version
    assert importlib.metadata.version(PROJECT["name"]) == version
    assert version in re.findall(r"^## .*?(\d+\.\d+\.\d+)", text_of("CHANGELOG.md"), re.M)


def test_the_licence_is_one_and_whole() -> None:
    assert PROJECT["license"] == "EUPL-1.2"
    assert yaml_of("CITATION.cff")["license"] == "EUPL-1.2"
    assert yaml_of("publiccode.yml")["legal"]["license"] == "EUPL-1.2"
    licence = text_of("LICENSE")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [n for n in range(1, 16) if not re.search(rf"^{n}\. ?\S", licence, re.M)] == []
    assert "Appendix" in licence


def test_every_version_of_the_changelog_speaks_of_code_and_numbers() -> None:
    _, *versions = re.split(r"^## ", text_of("CHANGELOG.md"), flags=re.M)
    assert versions
    for version in versions:
        assert re.findall(r"^### (.+)$", version, re.M) == ["Code", "Numbers"]


def test_citation_and_publiccode_have_their_required_keys() -> None:
    assert {"cff-version", "message", "title", "authors"} <= set(yaml_of("CITATION.cff"))
    publiccode = yaml_of("publiccode.yml")
    required = "publiccodeYmlVersion name platforms developmentStatus softwareType description"
    assert {*required.split(), "legal", "maintenance", "localisation"} <= set(publiccode)
    for language in ("it", "en"):
        description = publiccode["description"][language]
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10000
        assert description["features"]


# The package


def test_the_command_leads_to_its_function() -> None:
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name="bgest")
    assert callable(entry.load())


def test_papermill_finds_our_engine() -> None:
    assert callable(papermill_engines.get_engine("bgest").execute_notebook)


def test_the_package_says_it_is_typed() -> None:
    assert (ROOT / "src" / "bgest_analysis" / "py.typed").is_file()
    assert PYPROJECT["tool"]["mypy"]["strict"] is True


# The locks


def pins(lock: str) -> dict[str, str]:
    """Return the version pinned for each package of a lock."""
    lines = re.findall(r"^(\S+)==(\S+)", text_of(lock), re.M)
    return {canonicalize_name(name): version for name, version in lines}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_pin_of_a_lock_has_its_hashes(lock: str) -> None:
    entries = re.split(r"^(?=\S+==)", text_of(lock), flags=re.M)[1:]
    assert len(entries) > 100
    assert [e.split()[0] for e in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", e)] == []


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    product, tests = pins("requirements.lock"), pins("requirements-test.lock")
    asked = names(PROJECT["dependencies"]) | names(PYPROJECT["build-system"]["requires"])
    extras = PROJECT["optional-dependencies"]
    assert asked - set(product) == set()
    assert asked | names(extras["test"]) | names(extras["dask"]) <= set(tests)
    for text in [*PROJECT["dependencies"], *extras["test"], *extras["dask"]]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(tests[canonicalize_name(wanted.name)]), text


def test_the_larger_lock_holds_the_smaller_with_the_same_pins() -> None:
    product, tests = pins("requirements.lock"), pins("requirements-test.lock")
    assert {name: tests.get(name) for name in product} == product


# The ways in


def test_conda_supplies_python_and_pip_and_the_lock_the_rest() -> None:
    *of_conda, of_pip = yaml_of("environment.yml")["dependencies"]
    assert of_conda == ["python=3.11", "pip"]
    assert of_pip == {"pip": ["--require-hashes", "--only-binary=:all:", "-r requirements.lock"]}
    install = "pip install --no-deps --no-build-isolation --no-index -e ."
    assert install in text_of("environment.yml")
    for readme in READMES:
        assert text_of(readme).count(install) == 1
        assert "conda env create -f environment.yml" in text_of(readme)


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_gives_the_two_commands_and_says_what_was_run(readme: str) -> None:
    text = text_of(readme)
    for needed in ("python3 avvia.py run\n", "python3 avvia.py test\n", "py avvia.py run"):
        assert needed in text
    assert re.search(r"Linux (with|con) Python 3\.11", text)
    assert "reports/index.html" in text


def test_the_makefile_is_two_lines_that_call_the_door() -> None:
    lines = text_of("Makefile").splitlines()
    assert len(lines) == 2
    assert "python3 avvia.py $@" in lines[1]


@pytest.mark.parametrize("page", PAGES)
def test_links_between_our_pages_lead_somewhere(page: str) -> None:
    prose = re.sub(r"<!--.*?-->|`[^`\n]+`", "", text_of(page), flags=re.S)
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", prose)
    missing = [
        link for link in links if "://" not in link and not ((ROOT / page).parent / link).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("page", sorted(p.name for p in (ROOT / "docs" / "how-to").glob("*.md")))
def test_a_how_to_names_three_places_that_exist(page: str) -> None:
    text = text_of(f"docs/how-to/{page}")
    steps = re.findall(r"^\d+\. `([^`]+)`", text, re.M)
    assert 1 <= len(steps) <= 3
    fixed = [re.sub(r"[^/]*(<|…|NN_).*", "", step) for step in steps]
    assert [part for part in fixed if not (ROOT / part).exists()] == []


# The checks


def test_pre_commit_downloads_nothing() -> None:
    repos = yaml_of(".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    hooks = {hook["id"]: hook for hook in repos[0]["hooks"]}
    assert {"nbstripout", "ruff-check", "ruff-format"} <= set(hooks)
    assert {hook["language"] for hook in hooks.values()} <= {"system", "fail"}


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("script", [".ci/run", "tools/lock.sh", "tools/ci_wheel.sh"])
def test_a_script_is_one_that_bash_can_read(script: str) -> None:
    command = ["bash", "-n", str(ROOT / script)]
    assert subprocess.run(command, capture_output=True, check=False).stderr == b""


def test_ci_runs_the_tests_of_the_readme_last() -> None:
    lines = [line for line in text_of(".ci/run").splitlines() if line and line[0] not in " #}"]
    runs = [line for line in lines if line.startswith(("quiet ", "bash ", "python3 ", '"$inside"'))]
    assert runs[-1].startswith("python3 avvia.py test")
    for check in ("ruff check", "ruff format", "mypy", "lint-imports", "ci_wheel.sh"):
        assert any(check in line for line in runs[:-1]), check
