"""``bgest run --scheduler``: a real scheduler and two real workers, over TLS."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bgest_analysis.engine.address import check_address
from bgest_analysis.errors import UsageError
from tests.lib.runs import bgest, copy_study

TLS = """
distributed:
  comm:
    require-encryption: true
    tls:
      ca-file: {cert}
      scheduler: {{cert: {cert}, key: {key}}}
      worker: {{cert: {cert}, key: {key}}}
      client: {{cert: {cert}, key: {key}}}
"""
ONE = ("--notebook", "01_territorio", "--ambito", "BSE", "--no-example")


def test_addresses_that_cannot_be_overheard_are_let_through():
    for address in (
        "tls://10.0.0.5:8786",
        "tcp://127.0.0.1:8786",
        "tcp://[::1]:1",
        "tcp://localhost:1",
    ):
        check_address(address)


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "tcp://nodo1:8786"])
def test_another_machine_without_tls_is_refused(address):
    with pytest.raises(UsageError, match="senza cifratura"):
        check_address(address)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.5:8786", "http://127.0.0.1:1", "tcp://", "x", "tls://h", "tcp://127.0.0.1:porta"],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UsageError, match="non valido"):
        check_address(address)


@pytest.mark.slow
def test_an_address_is_refused_before_anything_is_done(root, tmp_path):
    study = copy_study(root, tmp_path / "studio")
    done = bgest("run", "--study", str(study), *ONE, "--scheduler", "tcp://10.0.0.5:8786")
    assert done.returncode == 2
    assert "tls://" in done.stderr
    assert not (study / "reports").exists()
    assert not (study / "data" / "processed").exists()


WITHOUT_DASK = """
import sys
from bgest_analysis.cli.main import main
from bgest_analysis.engine import address
address._is_installed = lambda name: False
sys.exit(main(sys.argv[1:]))
"""


def test_the_missing_extra_is_said_before_anything_is_done(root, tmp_path):
    study = copy_study(root, tmp_path / "studio")
    command = [sys.executable, "-c", WITHOUT_DASK, "run", "--study", str(study), *ONE]
    done = subprocess.run(
        [*command, "--scheduler", "tcp://127.0.0.1:8786"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5
    assert "l'aggiunta «dask»" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (study / "reports").exists()


@dataclass
class Crew:
    """A scheduler and its workers."""

    address: str
    processes: list[subprocess.Popen[str]]


@pytest.fixture
def crew(tmp_path, monkeypatch) -> Iterator[Crew]:
    pytest.importorskip("distributed", reason="the extra «dask» is not installed")
    cert, key, config = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "dask"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=bgest"
    subprocess.run([*make.split(), "-keyout", key, "-out", cert], check=True, capture_output=True)
    config.mkdir()
    (config / "bgest.yaml").write_text(TLS.format(cert=cert, key=key), encoding="utf-8")
    monkeypatch.setenv("DASK_CONFIG", str(config))
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    scheduler, line = start("scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0")
    made = Crew("tls://127.0.0.1:" + line.rsplit(":", 1)[1].strip(), [scheduler])
    options = ("--nworkers", "1", "--nthreads", "1", "--memory-limit", "0", "--no-dashboard")
    made.processes += [start("worker", made.address, *options)[0] for _ in range(2)]
    yield made
    for process in made.processes:
        process.kill()
        process.communicate()


def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """Start a part of Dask and return it with the line that says it is there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stderr is not None
    said = (line for line in process.stderr if "Scheduler at:" in line or "Registered to:" in line)
    return process, next(said)


@pytest.mark.full
def test_a_cluster_makes_the_same_dossier_though_a_worker_dies(root, tmp_path, crew):
    near, far = (copy_study(root, tmp_path / name / "studio") for name in ("qui", "rete"))
    assert bgest("run", "--study", str(near), *ONE).returncode == 0
    killer = subprocess.Popen([sys.executable, "-c", KILLER, str(far), str(crew.processes[1].pid)])
    done = bgest("run", "--study", str(far), *ONE, "--scheduler", crew.address)
    assert killer.wait() == 0
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 non riusciti, 0 saltati" in done.stdout
    assert crew.processes[1].wait() != 0
    assert files(far) == files(near)
    assert "it/BSE/dossier.docx" in files(far)
    assert not list(far.rglob("*.tmp"))


@pytest.mark.full
def test_a_scheduler_lost_in_mid_run_is_said_and_a_new_run_goes_on(root, tmp_path, crew):
    study = copy_study(root, tmp_path / "studio")
    killer = subprocess.Popen([sys.executable, "-c", KILLER, study, str(crew.processes[0].pid)])
    done = bgest("run", "--study", str(study), *ONE, "--scheduler", crew.address)
    assert killer.wait() == 0
    assert done.returncode == 5, done.stdout + done.stderr
    assert "si riparte da lì" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (study / "reports" / "run.json").exists()
    assert not list(study.rglob("*.tmp"))
    again = bgest("run", "--study", str(study), *ONE)
    assert again.returncode == 0, again.stdout + again.stderr
    found = re.search(r"fatti (\d+) lavori, (\d+) erano già aggiornati", again.stdout)
    assert found is not None
    assert min(int(number) for number in found.groups()) > 0


KILLER = """
import os, signal, sys, pathlib, time
made = pathlib.Path(sys.argv[1]) / "data" / "processed"
while not list(made.glob("ind_*.parquet")):
    time.sleep(0.02)
os.kill(int(sys.argv[2]), signal.SIGKILL)
"""


def files(study: Path) -> dict[str, bytes]:
    """Return what a run left in reports, by name."""
    reports = study / "reports"
    return {
        path.relative_to(reports).as_posix(): path.read_bytes()
        for path in sorted(reports.rglob("*"))
        if path.is_file() and not path.name.startswith(".")  # times live in a hidden file
    }
