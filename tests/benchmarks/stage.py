"""What all peers of a benchmark share: certificates made for it, a home to copy, free ports, processes that end.

Imports the workbench; everything is made below a folder that the caller throws away.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.model import Identity
from inspector.home import Home
from inspector.workbench import DEV_CLIENT, DEV_SERVER, Workbench

PATIENCE_SECONDS = 20.0
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Stage:
    """Files, all of one set of development identities. Chains are without their root, as it is sent to nobody."""

    folder: Path
    home: Path
    server: Path
    client: Path
    ca: Path
    crl: Path
    client_fingerprint: str

    def fresh_home(self, name: str) -> Path:
        """A home with these identities and an empty history."""
        return self.fresh_home_at(self.folder / "homes" / name)

    def fresh_home_at(self, place: Path) -> Path:
        """The same at a place that is not there yet."""
        shutil.copytree(self.home, place)
        return place


def set_stage(folder: Path) -> Stage:
    """Make the identities in a vault, and the files that peers read."""
    home = folder / "home"
    workbench = Workbench(Home.at(home), use_keyring=False)
    workbench.vault.create_dev()
    client = workbench.vault.identity(DEV_CLIENT)
    ca = workbench.vault.identity("dev-ca")
    stage = Stage(
        folder=folder,
        home=home,
        server=_pem(workbench.vault.identity(DEV_SERVER), folder / "server.pem"),
        client=_pem(client, folder / "client.pem"),
        ca=folder / "ca.pem",
        crl=folder / "none-revoked.pem",
        client_fingerprint=client.leaf.fingerprint(hashes.SHA256()).hex(),
    )
    stage.ca.write_bytes(ca.leaf.public_bytes(Encoding.PEM))
    stage.crl.write_bytes(revocations(ca).public_bytes(Encoding.PEM))
    workbench.close()
    return stage


def revocations(ca: Identity, *revoked: x509.Certificate) -> x509.CertificateRevocationList:
    """The list of what `ca` has revoked, valid for a week."""
    now = datetime.now(UTC).replace(microsecond=0)
    builder = x509.CertificateRevocationListBuilder().issuer_name(ca.leaf.subject)
    builder = builder.last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=7))
    for cert in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(cert.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(now - timedelta(hours=1)).build())
    return builder.sign(ca.key, hashes.SHA256())


def _pem(identity: Identity, path: Path) -> Path:
    chain = [cert for cert in identity.chain if cert.issuer != cert.subject] or [identity.leaf]
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(b"".join(cert.public_bytes(Encoding.PEM) for cert in chain) + key)
    return path


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    ports: Sequence[int] = (),
    env: Mapping[str, str] | None = None,
    stdin: int | None = None,
    stdout: int | None = subprocess.DEVNULL,
    errors: IO[bytes] | None = None,
) -> Iterator[subprocess.Popen[Any]]:
    """A process, up to the end of the block. Waits until it listens on `ports`."""
    process = subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, **(env or {})},
        stdin=stdin,
        stdout=stdout,
        stderr=errors,
        text=True,
    )
    try:
        for port in ports:
            _wait_for(process, port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[Any], port: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS * 3
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not listen")


def processor_seconds(pid: int) -> float:
    """The processor time of a process and of its children so far; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = (int(fields[11]) + int(fields[12])) / _CLOCK_TICKS
    return own + sum(processor_seconds(int(child)) for child in children)
