"""Does a client that is turned away always get to read why? Clients that write at once are the hard case.

    python tests/benchmarks/listener_alerts.py [--tries 60]

For each reason that a certificate, a version or a cipher can give, for TLS 1.2 and 1.3, for clients that read first
and such that write 200 KB first: how many of the tries ended with the alert of the specification, and with what else.
Not part of the test suite (which does fewer of them).
"""

from __future__ import annotations

import argparse
import re
import socket
import ssl
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from OpenSSL import SSL

from inspector.certificates.mint import issue, make_dev
from inspector.certificates.model import Identity
from inspector.history.store import HistoryWriter
from inspector.listener.config import ListenerConfig
from inspector.listener.service import Listener
from tests.benchmarks.stage import revocations
from tests.listener.pki import Pki, write_pem

BODY_BYTES = 200_000
REQUEST = (
    f"POST /push HTTP/1.1\r\nHost: localhost\r\nContent-Length: {BODY_BYTES}\r\n\r\n".encode()
    + b"x" * BODY_BYTES
)
TLS_1_1, TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
BOTH = (TLS_1_2, TLS_1_3)
_ALERT = re.compile(r"alert[ _](.+)", re.IGNORECASE)
_PATIENCE_SECONDS = 10.0

Try = Callable[[tuple[str, int]], str]


@dataclass(frozen=True, slots=True)
class Told:
    """What the clients of one kind came to read. `found` has what they read instead, too."""

    reason: str
    version: str
    writes_first: bool
    alert: str
    tries: int
    found: Counter[str] = field(default_factory=Counter)

    @property
    def right(self) -> int:
        return self.found[self.alert]


@dataclass(frozen=True, slots=True)
class Case:
    """A client to turn away: the reason, whom it shows, and the alert that TLS has for that."""

    reason: str
    alert: str
    identity: Identity | None = None
    versions: tuple[ssl.TLSVersion, ...] = BOTH
    ciphers: str = "DEFAULT@SECLEVEL=0"  # so that it may show a weak key
    suites: str = ""


def cases(pki: Pki, revoked: Identity, unlisted: Identity) -> list[Case]:
    return [
        Case("no_client_certificate", "handshake failure", versions=(TLS_1_2,)),
        Case("no_client_certificate", "certificate required", versions=(TLS_1_3,)),
        Case("unknown_issuer", "unknown ca", pki.stranger),
        Case("unknown_issuer (self-signed)", "unknown ca", pki.self_signed),
        Case("incomplete_chain", "unknown ca", pki.gap),
        Case("expired", "certificate expired", pki.expired),
        Case("expired (its CA)", "certificate expired", pki.expired_intermediate),
        Case("not_yet_valid", "bad certificate", pki.early),
        Case("wrong_purpose", "unsupported certificate", pki.server_only),
        Case("weak_key", "bad certificate", pki.weak),
        Case("bad_signature", "decrypt error", pki.forged),
        Case("invalid_certificate", "unknown ca", pki.of_no_ca),
        Case("revoked", "certificate revoked", revoked),
        Case("not on the list", "certificate unknown", unlisted),
        Case("protocol_version", "protocol version", pki.good, (TLS_1_1,)),
        Case("no_shared_cipher", "handshake failure", pki.good, (TLS_1_2,), ciphers="AES256-SHA@SECLEVEL=0"),
        Case("no_shared_cipher", "handshake failure", pki.good, (TLS_1_3,), suites="TLS_AES_128_CCM_SHA256"),
    ]


def standard_client(case: Case, version: ssl.TLSVersion, pem: Path | None, *, writes_first: bool) -> Try:
    """Python's own client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(case.ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what is tried
        context.minimum_version = context.maximum_version = version
    if pem is not None:
        context.load_cert_chain(pem)

    def attempt(address: tuple[str, int]) -> str:
        try:
            with (
                socket.create_connection(address, _PATIENCE_SECONDS) as plain,
                context.wrap_socket(plain) as tls,
            ):
                if writes_first:
                    tls.sendall(REQUEST)
                return f"data: {tls.recv(20)!r}"
        except ssl.SSLError as error:
            return alert_of(str(error.reason))
        except OSError as error:
            return type(error).__name__

    return attempt


def suites_client(case: Case) -> Try:
    """OpenSSL's, which can be told the cipher suites of TLS 1.3. It gets no further than the ServerHello, so that
    there is nothing to write."""
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_3_VERSION)
    context.set_tls13_ciphersuites(case.suites.encode())

    def attempt(address: tuple[str, int]) -> str:
        with socket.create_connection(address) as plain:
            tls = SSL.Connection(context, plain)
            tls.set_connect_state()
            try:
                tls.do_handshake()
            except SSL.Error as error:
                queue = error.args[0] if error.args else ()
                return alert_of(queue[-1][2] if queue else repr(error))
            except OSError as error:
                return type(error).__name__
            return "a handshake"

    return attempt


def alert_of(reason: str) -> str:
    """`TLSV1_ALERT_UNKNOWN_CA` and `ssl/tls alert unknown ca` are `unknown ca`."""
    found = _ALERT.search(reason)
    return found[1].replace("_", " ").lower() if found else reason


@contextmanager
def listening(folder: Path) -> Iterator[tuple[tuple[str, int], list[Case]]]:
    """A listener with lists of whom it takes and whom no more, and those whom it turns away."""
    dev = make_dev(["localhost", "127.0.0.1"])
    pki = Pki(dev)
    revoked = issue(dev.ca, "revoked")
    unlisted = issue(dev.ca, "unlisted")
    made = cases(pki, revoked, unlisted)
    config = ListenerConfig(
        dev.server,
        (dev.ca.leaf,),
        port=0,
        crls=(revocations(dev.ca, revoked.leaf),),
        client_subjects=tuple(
            f"*CN={case.identity.leaf.subject.rfc4514_string().partition('CN=')[2]}"
            for case in made
            if case.identity is not None and case.identity is not unlisted
        ),
    )
    with HistoryWriter.open(folder / "history.sqlite3") as writer:
        listener = Listener(config, writer, lambda _event: None)
        ready = listener.start()
        try:
            yield (ready.host, ready.port), made
        finally:
            listener.stop()


def measure(tries: int) -> Iterator[Told]:
    """Turn clients away, so many of each kind."""
    with tempfile.TemporaryDirectory() as name, listening(Path(name)) as (address, made):
        for case in made:
            pem = write_pem(case.identity, Path(name)) if case.identity is not None else None
            for version in case.versions:
                for writes_first in (False, True):
                    attempt = (
                        suites_client(case)
                        if case.suites
                        else standard_client(case, version, pem, writes_first=writes_first)
                    )
                    told = Told(case.reason, version.name, writes_first, case.alert, tries)
                    told.found.update(attempt(address) for _ in range(tries))
                    yield told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tries", type=int, default=60)
    missed = 0
    for told in measure(parser.parse_args().tries):
        style = "writes first" if told.writes_first else "reads first"
        others = {text: count for text, count in told.found.items() if text != told.alert}
        missed += told.tries - told.right
        sys.stdout.write(
            f"{told.version} {told.reason:<30} {style:<13} {told.right} of {told.tries}: {told.alert}"
            f"{f'; {others}' if others else ''}\n"
        )
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
