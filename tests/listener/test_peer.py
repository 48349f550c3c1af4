"""Addresses as text, and the certificates of clients."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.mint import issue
from inspector.listener import peer
from inspector.listener.peer import CertificateRecords, certificate_record, host_and_port
from tests.listener.pki import Pki


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (("127.0.0.1", 80), "127.0.0.1:80"),
        (("::1", 80, 0, 0), "[::1]:80"),
        (("fe80::1%eth0", 80, 0, 2), "[fe80::1%eth0]:80"),
        (None, ""),
        ("", ""),
    ],
)
def test_addresses(address: object, text: str) -> None:
    assert host_and_port(address) == text


def test_a_certificate_as_the_history_keeps_it(pki: Pki) -> None:
    chain = tuple(cert.public_bytes(Encoding.DER) for cert in pki.below.chain[:2])
    record = certificate_record(chain)
    assert record is not None
    assert record.subject == "CN=below,O=Push Inspector"
    assert record.issuer == "CN=Issuing CA 2,O=Push Inspector"
    assert record.fingerprint_sha256 == sha256(chain[0]).hexdigest()
    assert record.not_after.endswith("Z")
    assert record.chain == chain
    assert certificate_record(()) is None


def test_a_certificate_that_cannot_be_parsed_is_kept() -> None:
    record = certificate_record((b"\x30\x03\x02\x01\x00",))
    assert record is not None
    assert record.subject == "(unreadable)"
    assert record.chain == (b"\x30\x03\x02\x01\x00",)


def test_records_are_made_once_and_not_without_end(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "_CERTIFICATES_KEPT", 3)
    records = CertificateRecords()
    chains = [
        tuple(cert.public_bytes(Encoding.DER) for cert in issue(pki.intermediate, f"c{number}").chain[:2])
        for number in range(5)
    ]
    first = records.record(chains[0])
    assert records.record(chains[0]) is first
    for chain in chains:
        records.record(chain)
    assert records.record(chains[0]) is not first
    assert records.record(()) is None
    assert records.intermediates() == (pki.intermediate.leaf,)
    records.record((chains[0][0], b"no certificate"))
    assert records.intermediates() == (pki.intermediate.leaf,)
