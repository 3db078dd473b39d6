"""Where a system lacks POSIX's calls (Windows) another way is taken; here they are hidden."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from bgest_analysis.engine import engines, spawn
from bgest_analysis.engine.engines import EngineName, default_engine
from bgest_analysis.errors import MachineLacks, machine_fault
from bgest_analysis.read import child_main
from bgest_analysis.read.guard import Limits


@pytest.mark.parametrize("lacking", ["pidfd_open", "platform"])
def test_without_fork_jobs_are_spawned(monkeypatch, lacking):
    if lacking == "platform":
        monkeypatch.setattr(engines.sys, "platform", "win32")
    else:
        monkeypatch.delattr(os, "pidfd_open")
    assert default_engine() is EngineName.SPAWN


def test_without_wait4_a_child_s_end_is_known_and_its_memory_is_not(monkeypatch):
    monkeypatch.delattr(os, "wait4")
    process = subprocess.Popen([sys.executable, "-S", "-c", "raise SystemExit(7)"])
    assert spawn._wait(process) == (7, None)


def test_where_there_are_no_limits_a_reader_s_process_is_left_as_it_is(monkeypatch):
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    monkeypatch.setattr(child_main.sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "resource", None)  # importing it would fail
    child_main.limit_process(Limits())
    assert resource.getrlimit(resource.RLIMIT_AS) == before


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_path_too_long_is_told_with_its_remedy(language):
    fault = machine_fault(OSError(errno.ENAMETOOLONG, "File name too long", "C:/a/dossier.docx"))
    assert isinstance(fault, MachineLacks)
    assert "dossier.docx" in fault.message.render(language)
    assert "C:\\bgest" in fault.message.render(language)


def test_windows_own_code_of_a_path_too_long_is_known():
    fault = FileNotFoundError(errno.ENOENT, "x", "dossier.docx")
    assert machine_fault(fault) is None
    fault.winerror = 206
    assert isinstance(machine_fault(fault), MachineLacks)
