"""What a scheduler asks for: Dask, an address, and that nobody can overhear what is said there."""

from __future__ import annotations

from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import urlsplit

from bgest_analysis.errors import MachineLacks, UsageError


def check_address(address: str) -> None:
    """Let through what cannot be overheard: ``tls://`` anywhere, ``tcp://`` on this machine.

    Raises
    ------
    UsageError
        For any other address.
    MachineLacks
        If the extra ``dask`` is not installed.
    """
    parts = urlsplit(address)
    if not parts.hostname or parts.scheme not in ("tls", "tcp") or not _has_port(address):
        raise UsageError(
            "indirizzo dello scheduler non valido: {address}; scriverlo come tls://HOST:8786",
            address=address,
        )
    if parts.scheme == "tcp" and not _is_here(parts.hostname):
        raise UsageError(
            "lo scheduler {address} è su un'altra macchina e senza cifratura: avviarlo con TLS e "
            "usare tls:// (docs/cluster.md dice come)",
            address=address,
        )
    if not _is_installed("distributed"):
        raise MachineLacks(
            "per --scheduler serve Dask: installare il pacchetto con l'aggiunta «dask»"
        )


def _is_installed(name: str) -> bool:
    return find_spec(name) is not None


def _has_port(address: str) -> bool:
    try:
        return urlsplit(address).port is not None
    except ValueError:  # not a number
        return False


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
