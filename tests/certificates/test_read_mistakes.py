"""Every mistake has its own line, its next step, and its code."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.mint import issue, make_ca
from inspector.certificates.read import read, read_files
from inspector.certificates.sources import Source
from inspector.errors import CertificateError
from tests.certificates.forge import Forge, pem, public_pem

Make = Callable[[Forge], bytes | list[bytes]]


def request(forge: Forge, *arguments: str) -> bytes:
    (forge.folder / "mistake.key").write_bytes(pem(forge.leaf.key))
    return forge.openssl("req", "-new", "-key", "mistake.key", "-subj", "/CN=leaf", *arguments)


def revocations(forge: Forge) -> bytes:
    from datetime import UTC, datetime, timedelta

    from cryptography.hazmat.primitives import hashes

    now = datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(forge.root.leaf.subject)
    crl = builder.last_update(now).next_update(now + timedelta(days=1)).sign(forge.root.key, hashes.SHA256())
    return crl.public_bytes(Encoding.PEM)


def ssh_key(forge: Forge) -> bytes:
    return forge.leaf.key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def der_cert(forge: Forge) -> bytes:
    return forge.leaf.leaf.public_bytes(Encoding.DER)


def bytes_exchanged(forge: Forge) -> bytes:
    """A certificate whose structure is whole and whose content breaks the rules: it ends in month 99."""
    raw = der_cert(forge)
    end = forge.leaf.leaf.not_valid_after_utc.strftime("%y%m%d").encode()
    return raw.replace(end, end[:2] + b"99" + end[4:])


def foreign_character(forge: Forge) -> bytes:
    text = pem(forge.leaf)
    return text[:100] + b"\xc3" + text[101:]


def key_of_another_kind(forge: Forge) -> bytes:
    return x25519.X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def middle_line_lost(text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    return b"".join(lines[:3] + lines[4:])


MISTAKES: dict[str, tuple[str, Make]] = {
    "empty": ("empty", lambda f: b""),
    "blank": ("empty", lambda f: b" \n\x00\r\n"),
    "only a bom": ("empty", lambda f: b"\xef\xbb\xbf"),
    "html": ("html", lambda f: b"<!DOCTYPE html>\n<html><body>Please log in</body></html>"),
    "html with bom": ("html", lambda f: b"\xef\xbb\xbf\n<HTML><head>"),
    "xml": ("html", lambda f: b'<?xml version="1.0"?><Error>AccessDenied</Error>'),
    "request": ("request", lambda f: request(f)),
    "request der": ("request", lambda f: request(f, "-outform", "DER")),
    "new certificate request": (
        "request",
        lambda f: request(f).replace(b"CERTIFICATE REQUEST", b"NEW CERTIFICATE REQUEST"),
    ),
    "request with its key": ("request", lambda f: [request(f), pem(f.leaf.key)]),
    "request called a certificate": ("request", lambda f: request(f).replace(b" REQUEST", b"")),
    "public key": ("public_key", lambda f: public_pem(f.leaf.key)),
    "public key der": (
        "public_key",
        lambda f: f.openssl("pkey", "-pubin", "-outform", "DER", stdin=public_pem(f.leaf.key)),
    ),
    "rsa public key": ("public_key", lambda f: f.openssl("rsa", "-RSAPublicKey_out", stdin=pem(f.rsa.key))),
    "revocation list": ("crl", revocations),
    "openssh key": ("openssh_key", ssh_key),
    "openssh public key": (
        "openssh_key",
        lambda f: f.leaf.key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
    ),
    "putty key": ("openssh_key", lambda f: b"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n"),
    "openssh key with a certificate": ("openssh_key", lambda f: [pem(f.leaf), ssh_key(f)]),
    "only a key": ("only_key", lambda f: pem(f.leaf.key)),
    "only a key in pkcs12": (
        "only_key",
        lambda f: f.openssl("pkcs12", "-export", "-nocerts", "-passout", "pass:", stdin=pem(f.leaf.key)),
    ),
    "another's key": ("key_mismatch", lambda f: [pem(f.leaf), pem(f.other.key)]),
    "the issuer's key is missing": ("key_mismatch", lambda f: pem(f.leaf, f.root, f.middle, f.rsa.key)),
    "two leaves": ("several_leaves", lambda f: pem(f.leaf, f.other)),
    "two leaves with keys": (
        "several_leaves",
        lambda f: [pem(f.leaf, f.leaf.key), pem(f.other, f.other.key), pem(f.middle)],
    ),
    "no end line": ("truncated", lambda f: pem(f.leaf)[:-20]),
    "cut in the middle": ("truncated", lambda f: pem(f.leaf)[:300]),
    "second certificate cut": ("truncated", lambda f: pem(f.leaf, f.middle)[:-100]),
    "no begin line": ("truncated", lambda f: pem(f.leaf)[28:]),
    "a line is missing": ("truncated", lambda f: middle_line_lost(pem(f.leaf))),
    "a character is missing": ("truncated", lambda f: pem(f.leaf)[:200] + pem(f.leaf)[201:]),
    "no content": ("truncated", lambda f: b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
    "begin twice": ("truncated", lambda f: pem(f.leaf)[:200] + b"\n" + pem(f.leaf)),
    "der cut": ("truncated", lambda f: der_cert(f)[:-1]),
    "second der cut": ("truncated", lambda f: der_cert(f) + der_cert(f)[:50]),
    "pkcs12 cut": ("truncated", lambda f: f.p12(f.leaf)[:-10]),
    "foreign character": ("damaged", foreign_character),
    "four dashes": ("damaged", lambda f: pem(f.leaf).replace(b"-----", b"----")),
    "long dashes": ("damaged", lambda f: pem(f.leaf).replace(b"-----", "——".encode())),
    "rules broken": ("damaged", bytes_exchanged),
    "something else behind": ("damaged", lambda f: der_cert(f) + b"and more"),
    "a block of something else": (
        "damaged",
        lambda f: b"-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n",
    ),
    "a key that is none": (
        "damaged",
        lambda f: [pem(f.leaf), b"-----BEGIN PRIVATE KEY-----\nMAcCAQAwAgQA\n-----END PRIVATE KEY-----"],
    ),
    "x25519 key": ("unsupported_key", lambda f: [pem(f.leaf), key_of_another_kind(f)]),
    "dsa key": ("unsupported_key", lambda f: [pem(f.leaf), pem(dsa.generate_private_key(1024))]),
    "bitcoin's curve": (
        "unsupported_key",
        lambda f: [pem(f.leaf), pem(ec.generate_private_key(ec.SECP256K1()))],
    ),
    "zip": ("unknown_format", lambda f: b"PK\x03\x04" + bytes(40)),
    "pgp": (
        "unknown_format",
        lambda f: b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n=abc\n-----END PGP PUBLIC KEY BLOCK-----\n",
    ),
    "json": ("unknown_format", lambda f: b'{"keys": []}'),
    "text": ("unknown_format", lambda f: b"0123456789 hello"),
    "base64 of something": ("unknown_format", lambda f: b"aGVsbG8gd29ybGQ="),
    "jpeg": ("unknown_format", lambda f: b"\xff\xd8\xff\xe0" + bytes(100)),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(forge: Forge, name: str) -> None:
    code, make = MISTAKES[name]
    made = make(forge)
    given_files = made if isinstance(made, list) else [made]
    with pytest.raises(CertificateError) as caught:
        read([Source(f"file{index}", data) for index, data in enumerate(given_files)], "password")
    assert caught.value.code == code
    assert_well_told(caught.value)


def assert_well_told(error: CertificateError) -> None:
    assert "\n" not in error.message
    assert error.message.endswith(".")
    assert error.next_step
    assert "\n" not in error.next_step
    assert len(error.message) < 200


def test_no_file_at_all() -> None:
    with pytest.raises(CertificateError, match="No file"):
        read([])


def test_a_certificate_alone_where_a_key_is_needed(forge: Forge) -> None:
    for extra, code in ((b"", "no_key"), (public_pem(forge.leaf.key), "public_key")):
        with pytest.raises(CertificateError) as caught:
            read([Source("file", pem(forge.leaf) + extra)], need_key=True)
        assert caught.value.code == code
        assert_well_told(caught.value)
    assert read([Source("file", pem(forge.leaf))]).key is None


def test_paths(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(bytes(9 * 1024 * 1024))
    for name, code in (
        ("none", "not_found"),
        (".", "is_directory"),
        ("big", "too_large"),
        ("a\x00b", "unreadable"),
        ("a\nb", "not_found"),
    ):
        with pytest.raises(CertificateError) as caught:
            read_files([tmp_path / name])
        assert caught.value.code == code
        assert_well_told(caught.value)
        assert caught.value.exit_code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that nobody can read, not even root")
def test_a_file_that_can_not_be_read() -> None:
    with pytest.raises(CertificateError, match="can't be read") as caught:
        read_files([Path("/proc/self/mem")])
    assert caught.value.code == "unreadable"


@pytest.mark.skipif(shutil.which("keytool") is None, reason="needs a JDK's keytool")
@pytest.mark.parametrize("kind", ["JKS", "JCEKS"])
def test_a_java_keystore_and_the_way_out_of_it(forge: Forge, kind: str) -> None:
    store = forge.folder / f"store.{kind}"
    (forge.folder / "identity.p12").unlink(missing_ok=True)
    forge.run(
        "keytool", "-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=j", "-keystore", store.name,
        "-storetype", kind, "-storepass", "changeit", "-keypass", "changeit",
    )  # fmt: skip
    with pytest.raises(CertificateError) as caught:
        read_files([store], "changeit")
    assert caught.value.code == "jks"
    command = caught.value.next_step.removeprefix("Convert it: ").split()
    assert command[0] == "keytool"
    forge.run(*command, "-srcstorepass", "changeit", "-deststorepass", "changeit")
    assert read_files([forge.folder / "identity.p12"], "changeit").key is not None


def test_the_advice_for_ssh_keys_works(forge: Forge) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("needs ssh-keygen")
    copy = forge.folder / "id_copy"
    copy.write_bytes(ssh_key(forge))
    copy.chmod(0o600)
    forge.run("ssh-keygen", "-p", "-m", "PEM", "-N", "", "-f", copy.name)
    assert read([Source("cert", pem(forge.leaf)), Source("key", copy.read_bytes())]).key is not None


def test_what_the_password_callback_raises_goes_through(forge: Forge) -> None:
    def give_up() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read([Source("file", forge.p12(forge.leaf))], give_up)


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_refused_in_order(data: bytes) -> None:
    try:
        read([Source("file", data)], "password")
    except CertificateError as error:
        assert_well_told(error)


_SEED = make_ca("Fuzz", not_after=None)
_LEAF = issue(_SEED, "leaf")
_FILES = [
    pem(_LEAF, _LEAF.key),
    _LEAF.leaf.public_bytes(Encoding.DER),
    _LEAF.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
]


@given(st.sampled_from(_FILES), st.data())
def test_damage_anywhere_is_refused_in_order(file: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(file)))
    end = data.draw(st.integers(start, min(len(file), start + 20)))
    damaged = file[:start] + data.draw(st.binary(max_size=20)) + file[end:]
    try:
        material = read([Source("file", damaged)], "password")
    except CertificateError as error:
        assert_well_told(error)
    else:
        assert material.chain


@given(
    st.sampled_from(["CERTIFICATE", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PKCS7", "PKCS12", "X"]),
    st.binary(),
)
def test_arbitrary_pem_is_refused_in_order(label: str, content: bytes) -> None:
    import base64

    text = f"-----BEGIN {label}-----\n{base64.encodebytes(content).decode()}-----END {label}-----\n"
    with pytest.raises(CertificateError) as caught:
        read([Source("file", text.encode())], "password")
    assert_well_told(caught.value)


def test_a_certificate_of_a_version_that_does_not_exist(tmp_path: Path) -> None:
    whole = make_ca("odd").leaf.public_bytes(Encoding.DER)
    path = tmp_path / "odd.der"
    path.write_bytes(whole.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x04", 1))
    with pytest.raises(CertificateError) as caught:
        read_files([path])
    assert caught.value.code == "damaged"
