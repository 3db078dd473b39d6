"""A study is found from any of its folders."""

import pytest

from bgest_analysis.errors import UsageError
from bgest_analysis.workspace import Workspace, shipped_notebooks
from tests.lib.studies import write_study


def test_the_nearest_parent_with_a_study_is_found(tmp_path):
    write_study(tmp_path / "studio àè")
    inside = tmp_path / "studio àè" / "notebooks" / "prove"
    inside.mkdir(parents=True)
    assert Workspace.find(inside).root == (tmp_path / "studio àè").resolve()


def test_no_study_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="--study"):
        Workspace.find(tmp_path)


def test_a_study_may_replace_a_notebook(tmp_path):
    workspace = write_study(tmp_path)
    assert workspace.notebook("01_territorio") == shipped_notebooks() / "01_territorio.ipynb"
    own = tmp_path / "notebooks" / "01_territorio.ipynb"
    own.parent.mkdir()
    own.write_text("{}", encoding="utf-8")
    assert workspace.notebook("01_territorio") == own


def test_paths_outside_the_study_show_their_name_only(tmp_path):
    workspace = write_study(tmp_path / "s")
    assert workspace.relative(tmp_path / "s/data/raw/a.csv") == "data/raw/a.csv"
    assert workspace.relative(tmp_path / "altrove" / "b.csv") == "b.csv"
