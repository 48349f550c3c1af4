"""Revocation lists: read from files as openssl writes them, and certificates looked up in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.crl import Revocations, read_crls, remarks
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.model import Identity
from inspector.errors import CertificateError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ROOT = make_ca("Root CA", now=NOW)
MIDDLE = make_ca("Middle CA", issuer=ROOT, now=NOW)
CLIENT = issue(MIDDLE, "client", now=NOW)


def crl(
    issuer: Identity,
    revoked: Sequence[Identity] = (),
    *,
    until: datetime = NOW + 30 * DAY,
    extensions: Sequence[x509.ExtensionType] = (),
) -> x509.CertificateRevocationList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.leaf.subject)
        .last_update(until - 60 * DAY)
        .next_update(until)
    )
    for one in revoked:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(one.leaf.serial_number)
            .revocation_date(NOW - 3 * DAY)
        )
        for extension in extensions:
            entry = entry.add_extension(extension, critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256())


def found_in(
    *crls: x509.CertificateRevocationList, chain: tuple[x509.Certificate, ...] = CLIENT.chain
) -> int | None:
    found = Revocations(crls).find(chain)
    return None if found is None else found.depth


def test_finds_the_leaf_and_those_above() -> None:
    assert found_in() is None
    assert found_in(crl(MIDDLE), crl(ROOT)) is None
    assert found_in(crl(MIDDLE, [CLIENT])) == 0
    assert found_in(crl(ROOT, [MIDDLE])) == 1
    assert found_in(crl(ROOT, [MIDDLE]), crl(MIDDLE, [CLIENT])) == 0
    assert found_in(crl(ROOT, [ROOT])) == 2


def test_tells_since_when_and_why() -> None:
    lists = (crl(MIDDLE, [CLIENT], extensions=[x509.CRLReason(x509.ReasonFlags.key_compromise)]),)
    found = Revocations(lists).find(CLIENT.chain)
    assert found is not None
    assert found.certificate == CLIENT.leaf
    assert (found.since, found.why) == (NOW - 3 * DAY, "its key was compromised")
    assert found.list_issuer == "CN=Middle CA,O=Push Inspector"
    assert found.list_valid_until == NOW + 30 * DAY


def test_another_ca_s_list_says_nothing() -> None:
    namesake = make_ca("Middle CA", now=NOW)
    assert found_in(crl(namesake, [CLIENT])) is None
    assert found_in(crl(ROOT, [CLIENT])) is None
    again = Revocations((crl(namesake, [CLIENT]), crl(MIDDLE, [CLIENT])))
    for _ in range(2):
        found = again.find(CLIENT.chain)
        assert found is not None
        assert found.depth == 0


def test_where_the_issuer_is_not_at_hand_its_name_counts() -> None:
    assert found_in(crl(MIDDLE, [CLIENT]), chain=CLIENT.chain[:1]) == 0


def test_a_list_that_is_out_of_date_still_revokes() -> None:
    old = crl(MIDDLE, [CLIENT], until=NOW - DAY)
    assert found_in(old) == 0
    assert found_in(crl(MIDDLE, until=NOW - DAY)) is None


def test_entries_that_do_not_count() -> None:
    removed = crl(MIDDLE, [CLIENT], extensions=[x509.CRLReason(x509.ReasonFlags.remove_from_crl)])
    assert found_in(removed) is None
    others = x509.CertificateIssuer([x509.DirectoryName(ROOT.leaf.subject)])
    assert found_in(crl(MIDDLE, [CLIENT], extensions=[others])) is None
    own = x509.CertificateIssuer([x509.DirectoryName(MIDDLE.leaf.subject)])
    assert found_in(crl(MIDDLE, [CLIENT], extensions=[own])) == 0


def test_remarks() -> None:
    assert remarks([crl(ROOT)], [ROOT.leaf], now=NOW) == ()
    (old,) = remarks([crl(ROOT, until=NOW - DAY)], [ROOT.leaf], now=NOW)
    assert "should have been replaced by 2026-05-31T12:00:00Z" in old
    (foreign,) = remarks([crl(make_ca("Root CA", now=NOW))], [ROOT.leaf], now=NOW)
    assert "signed by none of the CAs" in foreign


def test_reads_pem_and_der(tmp_path: Path) -> None:
    first, second = crl(ROOT, [MIDDLE]), crl(MIDDLE, [CLIENT])
    bundle, single = tmp_path / "bundle.pem", tmp_path / "one.crl"
    bundle.write_bytes(
        b"Some words\n" + first.public_bytes(Encoding.PEM) + b"\n" + second.public_bytes(Encoding.PEM)
    )
    single.write_bytes(second.public_bytes(Encoding.DER))
    assert read_crls([bundle, single]) == (first, second, second)
    mixed = tmp_path / "mixed.pem"
    mixed.write_bytes(ROOT.leaf.public_bytes(Encoding.PEM) + first.public_bytes(Encoding.PEM))
    assert read_crls([mixed]) == (first,)
    assert read_crls([]) == ()


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "is empty"),
        (b"hello", "not_a_crl", "is no CRL"),
        (ROOT.leaf.public_bytes(Encoding.PEM), "not_a_crl", "is no CRL, but a certificate"),
        (ROOT.leaf.public_bytes(Encoding.DER), "not_a_crl", "is no CRL, but a certificate"),
        (crl(ROOT).public_bytes(Encoding.PEM)[:-30], "truncated", "is cut off"),
        (crl(ROOT, [CLIENT] * 20).public_bytes(Encoding.DER)[:-3], "truncated", "is cut off"),
        (b"<!DOCTYPE html><html>not found</html>", "not_a_crl", "but a web page"),
    ],
    ids=["empty", "text", "pem", "der", "cut-pem", "cut-der", "html"],
)
def test_what_is_no_list(content: bytes, code: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "crl.pem"
    path.write_bytes(content)
    with pytest.raises(CertificateError) as caught:
        read_crls([path])
    assert caught.value.code == code
    assert words in caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.next_step
    assert "PKCS#12" not in caught.value.next_step
    assert "\n" not in caught.value.message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(CertificateError, match="can't be read") as caught:
            read_crls([path])
        assert caught.value.code == "unreadable"


WHOLE = tuple(crl(ROOT, [MIDDLE]).public_bytes(encoding) for encoding in (Encoding.PEM, Encoding.DER))


@given(data=st.data())
def test_damage_never_ends_otherwise(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.crl"
    damaged = bytearray(data.draw(st.sampled_from(WHOLE)))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(damaged))
    try:
        lists = read_crls([path])
    except CertificateError:
        return
    Revocations(lists).find(CLIENT.chain)
    remarks(lists, [ROOT.leaf], now=NOW)
