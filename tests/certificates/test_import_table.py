"""Files as people get them, made by the programs that people use, imported into a vault: what each comes to, exactly.

The makers are openssl, keytool (where there is a JDK) and cryptography. A row ends either in an entry of the vault
(the key's kind, how many certificates, key or none) with the codes of its check, or in one error's code.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)

from inspector.certificates.check import check_files
from inspector.certificates.describe import describe
from inspector.certificates.mint import issue
from inspector.certificates.model import Identity
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError
from inspector.home import Home
from tests.certificates.forge import PASSWORD, Forge, der, pem, public_pem

Make = Callable[[Forge], "bytes | list[bytes]"]


@dataclass(frozen=True, slots=True)
class Row:
    """A file or some, and what comes of them: `key, certificates, codes of the check`, or an error's code and a part
    of its text."""

    maker: str
    make: Make
    expected: tuple[str, int, str] | tuple[str, str]
    password: str | None = None


def der_chain(identity: Identity) -> list[bytes]:
    return [cert.public_bytes(Encoding.DER) for cert in identity.chain]


def keystore(forge: Forge, kind: str, *, aliases: int = 1, key: str = "EC") -> bytes:
    """keytool's own key and self-signed certificate."""
    path = forge.folder / f"store-{kind}-{aliases}-{key}"
    path.unlink(missing_ok=True)
    for number in range(aliases):
        forge.run(
            "keytool", "-genkeypair", "-alias", f"alias{number}", "-keyalg", key, "-dname", f"CN=java{number}",
            "-keystore", path.name, "-storetype", kind, "-storepass", "changeit", "-validity", "100",
        )  # fmt: skip
    return path.read_bytes()


def truststore(forge: Forge) -> bytes:
    path = forge.folder / "trust.p12"
    path.unlink(missing_ok=True)
    (forge.folder / "root.crt").write_bytes(pem(forge.root))
    forge.run(
        "keytool", "-importcert", "-noprompt", "-alias", "root", "-file", "root.crt", "-keystore", path.name,
        "-storetype", "PKCS12", "-storepass", "changeit",
    )  # fmt: skip
    return path.read_bytes()


def keytool_request(forge: Forge) -> bytes:
    keystore(forge, "PKCS12", aliases=1, key="EC")
    return forge.run(
        "keytool", "-certreq", "-alias", "alias0", "-keystore", "store-PKCS12-1-EC", "-storepass", "changeit"
    )


def self_signed(forge: Forge, algorithm: str, option: str) -> list[bytes]:
    """A certificate and its key, as one command makes them."""
    cert = forge.openssl(
        "req", "-x509", "-newkey", algorithm, "-pkeyopt", option, "-nodes", "-keyout", "new.key",
        "-subj", "/CN=self", "-days", "99",
    )  # fmt: skip
    return [cert, (forge.folder / "new.key").read_bytes()]


def explicit(forge: Forge) -> list[bytes]:
    """A key and a certificate that write their curve out."""
    key = forge.openssl("ecparam", "-name", "prime256v1", "-param_enc", "explicit", "-genkey", "-noout")
    (forge.folder / "explicit.key").write_bytes(key)
    cert = forge.openssl("req", "-x509", "-key", "explicit.key", "-subj", "/CN=explicit", "-days", "99")
    return [cert, key]


def openssl_crl(forge: Forge) -> bytes:
    (forge.folder / "index.txt").write_bytes(b"")
    (forge.folder / "root.key").write_bytes(pem(forge.root.key))
    (forge.folder / "root.crt").write_bytes(pem(forge.root))
    (forge.folder / "ca.cnf").write_text("[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ndefault_md=sha256\n")
    return forge.openssl(
        "ca", "-config", "ca.cnf", "-gencrl", "-crldays", "3", "-keyfile", "root.key", "-cert", "root.crt"
    )


def openssl_request(forge: Forge, *arguments: str) -> bytes:
    (forge.folder / "request.key").write_bytes(pem(forge.leaf.key))
    return forge.openssl("req", "-new", "-key", "request.key", "-subj", "/CN=leaf", *arguments)


def openssl_pkcs7(forge: Forge, form: str) -> bytes:
    (forge.folder / "chain.pem").write_bytes(pem(*forge.leaf.chain))
    return forge.openssl("crl2pkcs7", "-nocrl", "-certfile", "chain.pem", "-outform", form)


def own_pkcs7(forge: Forge) -> bytes:
    return pkcs7.serialize_certificates(list(forge.leaf.chain), Encoding.DER)


def own_legacy_p12(forge: Forge) -> bytes:
    """SHA1 and 3DES, as Windows XP wants it, by cryptography."""
    from cryptography.hazmat.primitives.serialization import pkcs12

    lock = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2048)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())
        .build(PASSWORD.encode())
    )
    assert isinstance(forge.leaf.key, ec.EllipticCurvePrivateKey)
    return pkcs12.serialize_key_and_certificates(
        b"x", forge.leaf.key, forge.leaf.leaf, list(forge.leaf.chain[1:]), lock
    )


def own_key(identity: Identity, form: PrivateFormat, encoding: Encoding, password: str | None) -> bytes:
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return identity.key.private_bytes(encoding, form, lock)


def rsa_of(forge: Forge, bits: int) -> Identity:
    return issue(forge.middle, f"rsa{bits}", key=rsa.generate_private_key(65537, bits))


def ed448_of(forge: Forge) -> Identity:
    return issue(forge.middle, "ed448", key=ed448.Ed448PrivateKey.generate())


def whole(identity: Identity) -> bytes:
    return pem(*identity.chain, identity.key)


PKCS8, SEC1_OR_PKCS1 = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL

TABLE: dict[str, Row] = {
    "cryptography: p-256, key last": Row(
        "cryptography", lambda f: whole(f.leaf), ("ECDSA P-256", 3, "key ok")
    ),
    "cryptography: p-256, key first, chain upside down": Row(
        "cryptography",
        lambda f: pem(f.leaf.key, *reversed(f.leaf.chain)),
        ("ECDSA P-256", 3, "key wrong_order"),
    ),
    "cryptography: key and chain in two files": Row(
        "cryptography", lambda f: [pem(*f.leaf.chain), pem(f.leaf.key)], ("ECDSA P-256", 3, "key ok")
    ),
    "cryptography: each in its own file, shuffled": Row(
        "cryptography",
        lambda f: [pem(f.root), pem(f.leaf.key), pem(f.leaf), pem(f.middle)],
        ("ECDSA P-256", 3, "key ok"),
    ),
    "cryptography: p-384": Row("cryptography", lambda f: whole(f.p384), ("ECDSA P-384", 3, "key ok no_san")),
    "cryptography: p-521": Row("cryptography", lambda f: whole(f.p521), ("ECDSA P-521", 3, "key ok no_san")),
    "cryptography: ed25519": Row("cryptography", lambda f: whole(f.ed25519), ("Ed25519", 3, "key ok no_san")),
    "cryptography: ed448": Row(
        "cryptography", lambda f: whole(ed448_of(f)), ("Ed448", 3, "key rare_key no_san")
    ),
    "cryptography: rsa 2048": Row("cryptography", lambda f: whole(f.rsa), ("RSA 2048", 3, "key ok no_san")),
    "cryptography: rsa 1024": Row(
        "cryptography", lambda f: whole(rsa_of(f, 1024)), ("RSA 1024", 3, "key weak_key no_san")
    ),
    "openssl: brainpool": Row(
        "openssl",
        lambda f: self_signed(f, "EC", "ec_paramgen_curve:brainpoolP256r1"),
        ("ECDSA brainpoolP256r1", 1, "key rare_key self_signed"),
    ),
    "openssl: rsa-pss": Row(
        "openssl",
        lambda f: self_signed(f, "RSA-PSS", "rsa_keygen_bits:2048"),
        ("unsupported_key", "RSASSA-PSS key"),
    ),
    "openssl: explicit curve": Row("openssl", explicit, ("ECDSA P-256", 1, "key explicit_curve self_signed")),
    "cryptography: sec1 pem": Row(
        "cryptography",
        lambda f: [pem(*f.leaf.chain), own_key(f.leaf, SEC1_OR_PKCS1, Encoding.PEM, None)],
        ("ECDSA P-256", 3, "key ok"),
    ),
    "cryptography: sec1 der": Row(
        "cryptography",
        lambda f: [pem(*f.leaf.chain), own_key(f.leaf, SEC1_OR_PKCS1, Encoding.DER, None)],
        ("ECDSA P-256", 3, "key ok"),
    ),
    "cryptography: pkcs1 der": Row(
        "cryptography",
        lambda f: [pem(*f.rsa.chain), own_key(f.rsa, SEC1_OR_PKCS1, Encoding.DER, None)],
        ("RSA 2048", 3, "key ok no_san"),
    ),
    "cryptography: pkcs8 der and certificates der": Row(
        "cryptography", lambda f: [*der_chain(f.leaf), der(f.leaf.key)], ("ECDSA P-256", 3, "key ok")
    ),
    "cryptography: pkcs8 encrypted": Row(
        "cryptography",
        lambda f: [pem(*f.leaf.chain), own_key(f.leaf, PKCS8, Encoding.PEM, PASSWORD)],
        ("ECDSA P-256", 3, "key ok encrypted_key"),
        PASSWORD,
    ),
    "cryptography: pkcs8 encrypted der": Row(
        "cryptography",
        lambda f: [pem(*f.leaf.chain), own_key(f.leaf, PKCS8, Encoding.DER, PASSWORD)],
        ("ECDSA P-256", 3, "key ok encrypted_key"),
        PASSWORD,
    ),
    "openssl: pkcs8 aes-128": Row(
        "openssl",
        lambda f: [pem(*f.rsa.chain), f.encrypted_pkcs8(f.rsa, "-v2", "aes-128-cbc")],
        ("RSA 2048", 3, "key ok no_san encrypted_key"),
        PASSWORD,
    ),
    "openssl: pkcs8 3des": Row(
        "openssl",
        lambda f: [pem(*f.leaf.chain), f.encrypted_pkcs8(f.leaf, "-v2", "des3")],
        ("ECDSA P-256", 3, "key ok encrypted_key"),
        PASSWORD,
    ),
    "openssl: pkcs8 scrypt": Row(
        "openssl",
        lambda f: [pem(*f.leaf.chain), f.encrypted_pkcs8(f.leaf, "-scrypt")],
        ("ECDSA P-256", 3, "key ok encrypted_key"),
        PASSWORD,
    ),
    "openssl: dek-info 3des": Row(
        "openssl",
        lambda f: [pem(*f.rsa.chain), f.proc_type(f.rsa, "des3")],
        ("RSA 2048", 3, "key ok no_san encrypted_key"),
        PASSWORD,
    ),
    "openssl: dek-info aes-256, sec1": Row(
        "openssl",
        lambda f: [pem(*f.leaf.chain), f.proc_type(f.leaf, "aes256")],
        ("ECDSA P-256", 3, "key ok encrypted_key"),
        PASSWORD,
    ),
    "openssl: dek-info aes-192": Row(
        "openssl",
        lambda f: [pem(*f.leaf.chain), f.proc_type(f.leaf, "aes192")],
        ("old_cipher", "AES-192-CBC"),
        PASSWORD,
    ),
    "openssl: pkcs8 md5 and des": Row(
        "openssl",
        lambda f: [pem(*f.leaf.chain), f.encrypted_pkcs8(f.leaf, "-v1", "PBE-MD5-DES")],
        ("ECDSA P-256", 3, "key ok encrypted_key"),
        PASSWORD,
    ),
    "openssl: pkcs12 aes": Row(
        "openssl", lambda f: f.p12(f.leaf), ("ECDSA P-256", 3, "key ok encrypted_key"), PASSWORD
    ),
    "openssl: pkcs12 rc2-40": Row(
        "openssl", lambda f: f.p12(f.leaf, "-legacy"), ("ECDSA P-256", 3, "key ok encrypted_key"), PASSWORD
    ),
    "openssl: pkcs12 3des": Row(
        "openssl",
        lambda f: f.p12(f.leaf, "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"),
        ("ECDSA P-256", 3, "key ok encrypted_key"),
        PASSWORD,
    ),
    "cryptography: pkcs12 3des": Row(
        "cryptography", own_legacy_p12, ("ECDSA P-256", 3, "key ok encrypted_key"), PASSWORD
    ),
    "cryptography: pkcs12 aes": Row(
        "cryptography",
        lambda f: f.own_p12(f.leaf, PASSWORD),
        ("ECDSA P-256", 3, "key ok encrypted_key"),
        PASSWORD,
    ),
    "openssl: pkcs12, empty password": Row(
        "openssl", lambda f: f.p12(f.leaf, password=""), ("ECDSA P-256", 3, "key ok")
    ),
    "cryptography: pkcs12, no encryption at all": Row(
        "cryptography", lambda f: f.own_p12(f.leaf, None), ("ECDSA P-256", 3, "key ok")
    ),
    "openssl: pkcs12 without a key": Row(
        "openssl", lambda f: f.p12(f.leaf, "-nokeys"), ("ECDSA P-256", 3, "no-key no_key"), PASSWORD
    ),
    "keytool: pkcs12": Row(
        "keytool",
        lambda f: keystore(f, "PKCS12"),
        ("ECDSA P-256", 1, "key self_signed encrypted_key"),
        "changeit",
    ),
    "keytool: pkcs12 of rsa": Row(
        "keytool",
        lambda f: keystore(f, "PKCS12", key="RSA"),
        ("RSA 2048", 1, "key self_signed encrypted_key"),
        "changeit",
    ),
    "keytool: truststore": Row("keytool", truststore, ("ECDSA P-256", 1, "no-key ok"), "changeit"),
    "openssl: pkcs7 pem and key": Row(
        "openssl", lambda f: [openssl_pkcs7(f, "PEM"), pem(f.leaf.key)], ("ECDSA P-256", 3, "key ok")
    ),
    "openssl: pkcs7 der": Row(
        "openssl", lambda f: openssl_pkcs7(f, "DER"), ("ECDSA P-256", 3, "no-key no_key")
    ),
    "cryptography: pkcs7 der and key": Row(
        "cryptography", lambda f: [own_pkcs7(f), pem(f.leaf.key)], ("ECDSA P-256", 3, "key ok")
    ),
    "openssl: text around": Row(
        "openssl",
        lambda f: [f.openssl("x509", "-text", stdin=pem(f.leaf)) + pem(f.middle), pem(f.leaf.key)],
        ("ECDSA P-256", 2, "key ok"),
    ),
    "cryptography: utf-16 with bom": Row(
        "cryptography", lambda f: whole(f.leaf).decode().encode("utf-16"), ("ECDSA P-256", 3, "key ok")
    ),
    "cryptography: utf-8 bom and windows' line ends": Row(
        "cryptography",
        lambda f: b"\xef\xbb\xbf" + whole(f.leaf).replace(b"\n", b"\r\n"),
        ("ECDSA P-256", 3, "key ok"),
    ),
    "openssl: certificate and its public key": Row(
        "openssl",
        lambda f: [pem(f.leaf), public_pem(f.leaf.key)],
        ("public_key", "is a public key; the private key is needed"),
    ),
    "openssl: -pubkey before the certificate": Row(
        "openssl",
        lambda f: f.openssl("x509", "-pubkey", stdin=pem(f.leaf)),
        ("ECDSA P-256", 1, "no-key no_key incomplete_chain"),
    ),
    "cryptography: a ca alone": Row("cryptography", lambda f: pem(f.root), ("ECDSA P-256", 1, "no-key ok")),
    "openssl: pkcs12, wrong password": Row(
        "openssl", lambda f: f.p12(f.leaf), ("wrong_password", "The password doesn't open"), "wrong"
    ),
    "openssl: pkcs12 rc2-40, wrong password": Row(
        "openssl",
        lambda f: f.p12(f.leaf, "-legacy"),
        ("wrong_password", "The password doesn't open"),
        "wrong",
    ),
    "keytool: pkcs12, wrong password": Row(
        "keytool", lambda f: keystore(f, "PKCS12"), ("wrong_password", "The password doesn't open"), "wrong"
    ),
    "openssl: pkcs12, no password given": Row(
        "openssl", lambda f: f.p12(f.leaf), ("password_needed", "no password was given")
    ),
    "openssl: pkcs8, wrong password": Row(
        "openssl",
        lambda f: [pem(f.leaf), f.encrypted_pkcs8(f.leaf, "-v2", "aes-256-cbc")],
        ("wrong_password", "The password doesn't open"),
        "wrong",
    ),
    "openssl: dek-info, wrong password": Row(
        "openssl",
        lambda f: [pem(f.rsa), f.proc_type(f.rsa, "aes256")],
        ("wrong_password", "The password doesn't open"),
        "wrong",
    ),
    "openssl: pkcs8, no password given": Row(
        "openssl",
        lambda f: [pem(f.leaf), f.encrypted_pkcs8(f.leaf, "-v2", "aes-256-cbc")],
        ("password_needed", "no password was given"),
    ),
    "keytool: several keys": Row(
        "keytool",
        lambda f: keystore(f, "PKCS12", aliases=2),
        ("several_keys", "2 private keys (alias0, alias1)"),
        "changeit",
    ),
    "keytool: jks": Row("keytool", lambda f: keystore(f, "JKS"), ("jks", "Java keystore"), "changeit"),
    "keytool: jceks": Row("keytool", lambda f: keystore(f, "JCEKS"), ("jks", "Java keystore"), "changeit"),
    "openssl: request": Row("openssl", lambda f: openssl_request(f), ("request", "signing request")),
    "openssl: request der": Row(
        "openssl", lambda f: openssl_request(f, "-outform", "DER"), ("request", "signing request")
    ),
    "keytool: request": Row("keytool", keytool_request, ("request", "signing request")),
    "openssl: public key": Row(
        "openssl", lambda f: f.openssl("pkey", "-pubout", stdin=pem(f.leaf.key)), ("public_key", "public key")
    ),
    "openssl: revocation list": Row("openssl", openssl_crl, ("crl", "revocation list")),
    "openssl: key alone": Row(
        "openssl", lambda f: f.openssl("genpkey", "-algorithm", "ed25519"), ("only_key", "only a private key")
    ),
    "cryptography: key of another certificate": Row(
        "cryptography",
        lambda f: [pem(f.leaf), pem(f.other.key)],
        ("key_mismatch", "it fits other in the vault"),
    ),
    "cryptography: two owners": Row(
        "cryptography", lambda f: pem(f.leaf, f.other), ("several_leaves", "leaf and other")
    ),
    "openssl: secp256k1": Row(
        "openssl",
        lambda f: [pem(f.leaf), f.openssl("ecparam", "-name", "secp256k1", "-genkey", "-noout")],
        ("unsupported_key", "curve secp256k1"),
    ),
    "openssl: x25519": Row(
        "openssl",
        lambda f: [pem(f.leaf), f.openssl("genpkey", "-algorithm", "x25519")],
        ("unsupported_key", "X25519"),
    ),
    "cryptography: openssh key": Row(
        "cryptography",
        lambda f: [pem(f.leaf), own_key(f.leaf, PrivateFormat.OpenSSH, Encoding.PEM, None)],
        ("openssh_key", "SSH key"),
    ),
    "cryptography: pem cut in its certificate": Row(
        "cryptography", lambda f: whole(f.leaf)[:400], ("truncated", "is cut off")
    ),
    "cryptography: pem cut in its key": Row(
        "cryptography", lambda f: whole(f.leaf)[:-60], ("truncated", "is cut off")
    ),
    "cryptography: der cut": Row(
        "cryptography", lambda f: der_chain(f.leaf)[0][:-30], ("truncated", "is cut off")
    ),
    "openssl: pkcs12 cut": Row("openssl", lambda f: f.p12(f.leaf)[:-100], ("truncated", "is cut off")),
    "cryptography: html": Row(
        "cryptography",
        lambda f: b"<!doctype html><html><body>Sign in to continue</body></html>",
        ("html", "HTML"),
    ),
    "cryptography: empty": Row("cryptography", lambda f: b"", ("empty", "is empty")),
    "cryptography: rubbish": Row(
        "cryptography",
        lambda f: bytes(range(1, 256)) * 4,
        ("unknown_format", "neither a certificate nor a key"),
    ),
}


@pytest.fixture
def vault(home: Home, forge: Forge) -> Vault:
    """One that holds another identity already."""
    vault = Vault(home)
    vault.add("other", forge.other.chain, forge.other.key)
    return vault


def come_to(row: Row, forge: Forge, vault: Vault, folder: Path) -> tuple[str, int, str] | tuple[str, str]:
    """What importing a row's files does, in the row's own terms."""
    made = row.make(forge)
    paths = []
    for number, data in enumerate(made if isinstance(made, list) else [made]):
        paths.append(folder / f"file{number}")
        paths[-1].write_bytes(data)
    try:
        entry = vault.import_files(paths, "imported", row.password)
    except CertificateError as error:
        return error.code, error.message
    if entry.has_key:
        assert (
            vault.identity("imported").leaf == entry.leaf
        )  # opens: the key is there, and is the certificate's
    codes = [finding.code for finding in check_files(paths, row.password)]
    count = len(entry.chain) + len(entry.extra)
    return describe(entry.leaf).key, count, " ".join(["key" if entry.has_key else "no-key", *codes])


@pytest.mark.parametrize("name", TABLE)
def test_what_a_file_comes_to(forge: Forge, vault: Vault, tmp_path: Path, name: str) -> None:
    row = TABLE[name]
    if shutil.which(row.maker) is None and row.maker != "cryptography":
        pytest.skip(f"needs {row.maker}")
    found = come_to(row, forge, vault, tmp_path)
    if len(row.expected) == 2:
        assert found[0] == row.expected[0]
        assert row.expected[1] in str(found[1])
        assert [entry.name for entry in vault.entries()] == ["other"]
    else:
        assert found == row.expected


def test_the_table_is_as_wide_as_it_was_meant() -> None:
    assert len(TABLE) >= 40
    assert {row.maker for row in TABLE.values()} == {"openssl", "keytool", "cryptography"}
