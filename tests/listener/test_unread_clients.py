"""Clients whose own certificate OpenSSL takes and cryptography can't parse: nobody can tell their name and number."""

from __future__ import annotations

import base64
import socket
import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.mint import issue, make_ca
from tests.listener.conftest import ClientContext, Listen
from tests.listener.pki import Pki
from tests.listener.test_admission import crl, push

_ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_VERSION_3, _VERSION_4 = bytes.fromhex("a003020102"), bytes.fromhex("a003020103")
HEADER = "X-Client-Cert"


@pytest.fixture
def odd(pki: Pki, tmp_path: Path) -> tuple[bytes, Path]:
    """A certificate of our CA, but of version 4: as DER, and as PEM with its key."""
    usual = issue(pki.root, "odd")
    parts = usual.leaf.tbs_certificate_bytes.replace(_VERSION_3, _VERSION_4, 1)
    assert isinstance(pki.root.key, ec.EllipticCurvePrivateKey)
    signature = pki.root.key.sign(parts, ec.ECDSA(hashes.SHA256()))
    bits = b"\x03" + bytes([len(signature) + 1]) + b"\0" + signature
    whole = parts + _ECDSA_WITH_SHA256 + bits
    der = b"\x30\x82" + len(whole).to_bytes(2, "big") + whole
    file = tmp_path / "odd.pem"
    key = usual.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    file.write_text(key + ssl.DER_cert_to_PEM_cert(der))
    return der, file


def test_it_is_taken_where_only_its_issuer_counts(
    listen: Listen, odd: tuple[bytes, Path], client_context: ClientContext
) -> None:
    context = client_context()
    context.load_cert_chain(odd[1])
    assert push(listen(), context).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("by", ["crl", "subject"])
@pytest.mark.parametrize("header", ["", HEADER])
def test_it_is_turned_away_where_more_is_asked(
    by: str, header: str, listen: Listen, pki: Pki, odd: tuple[bytes, Path], client_context: ClientContext
) -> None:
    der, file = odd
    if by == "crl":
        listening = listen(crls=(crl(make_ca("Other CA"), ()),), certificate_header=header)
    else:  # the CA's own name fits; it is not the client's
        listening = listen(client_subjects=("CN=dev-ca*",), certificate_header=header)
    if header:
        with socket.create_connection(listening.address) as plain:
            value = base64.b64encode(der)
            plain.sendall(
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n%b: %b\r\n\r\n"
                % (header.encode(), value)
            )
            assert plain.recv(100).startswith(b"HTTP/1.1 403")
        detail = listening.heard.push().detail
        assert detail is not None
        assert detail.startswith("invalid_certificate")
        return
    context = client_context()
    context.load_cert_chain(file)
    with pytest.raises(ssl.SSLError):
        push(listening, context)
    assert listening.heard.refusal().reason == "invalid_certificate"
