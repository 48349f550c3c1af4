"""Every file here holds the same: a leaf, its two issuers where the format has room for them, and its key."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.keys import belongs
from inspector.certificates.model import Identity
from inspector.certificates.read import Material, read, read_anchors, read_files
from inspector.certificates.sources import Source
from inspector.errors import CertificateError
from tests.certificates.forge import PASSWORD, Forge, der, pem

Make = Callable[[Forge], bytes | list[bytes]]


def der_cert(cert: x509.Certificate) -> bytes:
    return cert.public_bytes(Encoding.DER)


def literal_newlines(text: bytes) -> bytes:
    return b'CERT="' + text.replace(b"\n", b"\\n") + b'"'


def with_text(forge: Forge) -> bytes:
    return b"".join(forge.openssl("x509", "-text", stdin=pem(cert)) for cert in forge.rsa.chain) + pem(
        forge.rsa.key
    )


def trusted(forge: Forge) -> bytes:
    marked = forge.openssl("x509", "-trustout", "-addtrust", "clientAuth", stdin=pem(forge.leaf))
    return marked + pem(*forge.leaf.chain[1:], forge.leaf.key)


def ec_with_parameters(forge: Forge) -> bytes:
    key = forge.openssl("ecparam", "-name", "prime256v1")
    return key + pem(forge.leaf.key, traditional=True) + pem(*forge.leaf.chain)


def bag_attributes(forge: Forge) -> bytes:
    return forge.openssl("pkcs12", "-nodes", "-passin", f"pass:{PASSWORD}", stdin=forge.p12(forge.leaf))


def jdk_keystore(forge: Forge) -> bytes:
    """The PKCS#12 that keytool writes of one that OpenSSL wrote."""
    for name in ("from.p12", "to.p12"):
        (forge.folder / name).unlink(missing_ok=True)
    (forge.folder / "from.p12").write_bytes(forge.p12(forge.leaf, "-name", "me", password="changeit"))
    forge.run(
        "keytool", "-importkeystore", "-srckeystore", "from.p12", "-srcstoretype", "PKCS12",
        "-srcstorepass", "changeit",
        "-destkeystore", "to.p12", "-deststoretype", "PKCS12", "-deststorepass", "changeit",
    )  # fmt: skip
    return (forge.folder / "to.p12").read_bytes()


def leaf(forge: Forge) -> Identity:
    return forge.leaf


WHOLE: dict[str, Make] = {
    "pem key last": lambda f: pem(*f.leaf.chain, f.leaf.key),
    "pem key first": lambda f: pem(f.leaf.key, *f.leaf.chain),
    "pem key in the middle": lambda f: pem(f.leaf, f.leaf.key, *f.leaf.chain[1:]),
    "pem root first": lambda f: pem(*reversed(f.leaf.chain), f.leaf.key),
    "pem shuffled": lambda f: pem(f.middle, f.root, f.leaf, f.leaf.key),
    "pem repeated": lambda f: pem(*f.leaf.chain, *f.leaf.chain, f.leaf.key, f.leaf.key),
    "pem in two files": lambda f: [pem(*f.leaf.chain), pem(f.leaf.key)],
    "pem key file first": lambda f: [pem(f.leaf.key), pem(*f.leaf.chain)],
    "pem in four files": lambda f: [pem(f.root), pem(f.leaf.key), pem(f.middle), pem(f.leaf)],
    "pem with crlf": lambda f: pem(*f.leaf.chain, f.leaf.key).replace(b"\n", b"\r\n"),
    "pem with cr alone": lambda f: pem(*f.leaf.chain, f.leaf.key).replace(b"\n", b"\r"),
    "pem with utf-8 bom": lambda f: b"\xef\xbb\xbf" + pem(*f.leaf.chain, f.leaf.key),
    "pem in utf-16": lambda f: pem(*f.leaf.chain, f.leaf.key).decode().encode("utf-16"),
    "pem with remarks": lambda f: (
        b"# our cert, gr\xfc\xdfe\n" + pem(*f.leaf.chain, f.leaf.key) + b"\n-- \nend"
    ),
    "pem indented": lambda f: b"tls: |\n" + pem(*f.leaf.chain, f.leaf.key).replace(b"\n", b"\n    "),
    "pem in one line each": lambda f: b"".join(
        line if line.startswith(b"-----") else line.strip()
        for line in pem(*f.leaf.chain, f.leaf.key).splitlines(True)
    ).replace(b"-----END", b"\n-----END"),
    "pem without last line end": lambda f: pem(*f.leaf.chain, f.leaf.key).rstrip(),
    "pem with written \\n": lambda f: literal_newlines(pem(*f.leaf.chain, f.leaf.key)),
    "openssl x509 -text": with_text,
    "openssl x509 -trustout": trusted,
    "openssl pkcs12 -nodes": bag_attributes,
    "pem and the request": lambda f: [pem(*f.leaf.chain, f.leaf.key), request(f)],
    "sec1 key": lambda f: pem(*f.leaf.chain) + pem(f.leaf.key, traditional=True),
    "sec1 key with parameters": ec_with_parameters,
    "pkcs1 key": lambda f: pem(*f.rsa.chain) + pem(f.rsa.key, traditional=True),
    "rsa": lambda f: pem(*f.rsa.chain, f.rsa.key),
    "p-384": lambda f: pem(*f.p384.chain, f.p384.key),
    "p-521": lambda f: pem(*f.p521.chain, f.p521.key),
    "ed25519": lambda f: pem(*f.ed25519.chain, f.ed25519.key),
    "der in four files": lambda f: [*(der_cert(cert) for cert in f.leaf.chain), der(f.leaf.key)],
    "der in one file": lambda f: b"".join(der_cert(cert) for cert in f.leaf.chain) + der(f.leaf.key),
    "der with a line end": lambda f: [
        *(der_cert(cert) + b"\r\n" for cert in f.leaf.chain),
        der(f.leaf.key) + b"\n",
    ],
    "der pkcs1": lambda f: [
        pem(*f.rsa.chain),
        f.openssl("rsa", "-traditional", "-outform", "DER", stdin=pem(f.rsa.key)),
    ],
    "der sec1": lambda f: [pem(*f.leaf.chain), f.openssl("ec", "-outform", "DER", stdin=pem(f.leaf.key))],
    "base64 alone": lambda f: [
        *(base64.b64encode(der_cert(c)) for c in f.leaf.chain),
        base64.encodebytes(der(f.leaf.key)),
    ],
    "pkcs7 and key": lambda f: [pkcs7(f), pem(f.leaf.key)],
    "pkcs7 der and key": lambda f: [pkcs7(f, "-outform", "DER"), pem(f.leaf.key)],
    "pkcs12 without password": lambda f: f.own_p12(f.leaf, None),
    "pkcs12 with empty password": lambda f: f.p12(f.leaf, password=""),
    "pkcs12 in clear": lambda f: f.p12(f.leaf, "-keypbe", "NONE", "-certpbe", "NONE", "-nomac", password=""),
}


def indefinite(data: bytes) -> bytes:
    """The same in BER with an outer length that isn't told, as Bouncy Castle writes it."""
    assert data[:2] == b"\x30\x82"
    return b"\x30\x80" + data[4:] + b"\x00\x00"


LOCKED: dict[str, Make] = {
    "pkcs8 default": lambda f: pem(*f.leaf.chain) + f.encrypted_pkcs8(f.leaf),
    "pkcs8 3des": lambda f: pem(*f.leaf.chain) + f.encrypted_pkcs8(f.leaf, "-v2", "des3"),
    "pkcs8 aes-128": lambda f: pem(*f.leaf.chain) + f.encrypted_pkcs8(f.leaf, "-v2", "aes-128-cbc"),
    "pkcs8 scrypt": lambda f: pem(*f.leaf.chain) + f.encrypted_pkcs8(f.leaf, "-scrypt"),
    "pkcs8 sha1-3des": lambda f: pem(*f.leaf.chain) + f.encrypted_pkcs8(f.leaf, "-v1", "PBE-SHA1-3DES"),
    "pkcs8 rc2": lambda f: pem(*f.leaf.chain) + f.encrypted_pkcs8(f.leaf, "-v1", "PBE-SHA1-RC2-40"),
    "pkcs8 md5-des": lambda f: pem(*f.leaf.chain) + f.encrypted_pkcs8(f.leaf, "-v1", "PBE-MD5-DES"),
    "pkcs8 der": lambda f: [pem(*f.leaf.chain), f.encrypted_pkcs8(f.leaf, "-outform", "DER")],
    "pkcs8 ed25519": lambda f: pem(*f.ed25519.chain) + f.encrypted_pkcs8(f.ed25519),
    "proc-type rsa aes-256": lambda f: pem(*f.rsa.chain) + f.proc_type(f.rsa, "aes256"),
    "proc-type rsa 3des": lambda f: pem(*f.rsa.chain) + f.proc_type(f.rsa, "des3"),
    "proc-type rsa crlf": lambda f: (pem(*f.rsa.chain) + f.proc_type(f.rsa, "aes128")).replace(
        b"\n", b"\r\n"
    ),
    "proc-type ec aes-128": lambda f: [f.proc_type(f.leaf, "aes128"), pem(*f.leaf.chain)],
    "pkcs12": lambda f: f.p12(f.leaf),
    "pkcs12 rsa": lambda f: f.p12(f.rsa),
    "pkcs12 legacy": lambda f: f.p12(f.leaf, "-legacy"),
    "pkcs12 3des": lambda f: f.p12(f.leaf, "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"),
    "pkcs12 rc4": lambda f: f.p12(
        f.leaf, "-legacy", "-keypbe", "PBE-SHA1-RC4-128", "-certpbe", "PBE-SHA1-RC4-128"
    ),
    "pkcs12 no mac": lambda f: f.p12(f.leaf, "-nomac"),
    "pkcs12 sha1 mac": lambda f: f.p12(f.leaf, "-macalg", "sha1"),
    "pkcs12 library": lambda f: f.own_p12(f.leaf, PASSWORD),
    "pkcs12 in ber": lambda f: indefinite(f.p12(f.leaf)),
    "pkcs12 and chain apart": lambda f: [pem(*f.leaf.chain[1:]), f.p12(f.leaf, chain=False)],
}


def request(forge: Forge) -> bytes:
    (forge.folder / "request.key").write_bytes(pem(forge.leaf.key))
    return forge.openssl("req", "-new", "-key", "request.key", "-subj", "/CN=leaf")


def pkcs7(forge: Forge, *arguments: str) -> bytes:
    (forge.folder / "chain.pem").write_bytes(pem(*reversed(forge.leaf.chain)))
    return forge.openssl("crl2pkcs7", "-nocrl", "-certfile", "chain.pem", *arguments)


def sources(made: bytes | list[bytes]) -> list[Source]:
    return [
        Source(f"file{index}", data) for index, data in enumerate(made if isinstance(made, list) else [made])
    ]


def assert_whole(forge: Forge, material: Material) -> None:
    assert material.key is not None
    identities = (forge.leaf, forge.rsa, forge.p384, forge.p521, forge.ed25519)
    expected = next(identity for identity in identities if identity.leaf == material.leaf)
    assert material.chain == expected.chain
    assert belongs(material.key, material.leaf)
    assert der(material.key) == der(expected.key)
    assert material.extra == ()
    assert not material.locked


@pytest.mark.parametrize("name", WHOLE)
def test_unlocked_files(forge: Forge, name: str) -> None:
    def never() -> str:
        pytest.fail("asked for a password in vain")

    material = read(sources(WHOLE[name](forge)), never)
    assert_whole(forge, material)
    assert not material.encrypted


@pytest.mark.parametrize("name", LOCKED)
def test_locked_files(forge: Forge, name: str) -> None:
    made = sources(LOCKED[name](forge))
    asked = []

    def password() -> str:
        asked.append(1)
        return PASSWORD

    material = read(made, password)
    assert_whole(forge, material)
    assert material.encrypted
    assert asked == [1]
    for wrong, code in (("nonsense", "wrong_password"), (None, "password_needed"), ("", "password_needed")):
        with pytest.raises(CertificateError) as caught:
            read(made, wrong)
        assert caught.value.code == code
        assert "nonsense" not in str(caught.value)


@pytest.mark.skipif(shutil.which("keytool") is None, reason="needs a JDK's keytool")
def test_keytools_pkcs12(forge: Forge) -> None:
    assert_whole(forge, read(sources(jdk_keystore(forge)), "changeit"))


def assert_too_old(made: list[bytes]) -> None:
    """Some releases of the library read these ciphers, some don't; none may speak of a wrong password."""
    try:
        material = read(sources(made), PASSWORD)
    except CertificateError as error:
        told = error
    else:
        assert material.key is not None
        return
    assert told.code == "old_cipher"
    assert "old cipher" in told.message


@pytest.mark.parametrize("cipher", ["PBE-SHA1-2DES", "PBE-MD5-RC2-64", "PBE-SHA1-DES"])
def test_a_cipher_too_old_is_not_called_a_wrong_password(forge: Forge, cipher: str) -> None:
    assert_too_old([pem(forge.leaf), forge.encrypted_pkcs8(forge.leaf, "-v1", cipher)])


@pytest.mark.parametrize("cipher", ["des", "rc2", "camellia128"])
def test_a_proc_type_cipher_too_old_is_not_called_a_wrong_password(forge: Forge, cipher: str) -> None:
    assert_too_old([pem(forge.rsa), forge.proc_type(forge.rsa, cipher)])


WITHOUT_LEGACY = """
import sys
from pathlib import Path
from inspector.certificates.read import read_files
from inspector.errors import CertificateError
for name in sys.argv[1:]:
    for password in ("right", "wrong"):
        try:
            read_files([Path(name)], password)
            print("read")
        except CertificateError as error:
            print(error.code, "is right" in error.message)
"""


def test_without_the_legacy_provider_an_old_pkcs12_is_told_from_a_wrong_password(
    forge: Forge, tmp_path: Path
) -> None:
    (tmp_path / "old.p12").write_bytes(forge.p12(forge.leaf, "-legacy", password="right"))
    (tmp_path / "new.p12").write_bytes(forge.p12(forge.leaf, password="right"))
    (tmp_path / "old.key").write_bytes(
        forge.encrypted_pkcs8(forge.leaf, "-v1", "PBE-SHA1-RC2-40", password="right")
    )
    names = [str(tmp_path / name) for name in ("old.p12", "new.p12", "old.key")]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LEGACY, *names],
        env={"CRYPTOGRAPHY_OPENSSL_NO_LEGACY": "1", "PYTHONPATH": str(Path.cwd())},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "old_cipher True", "wrong_password False",
        "read", "wrong_password False",
        "old_cipher False", "old_cipher False",
    ]  # fmt: skip


def test_the_newest_of_several_certificates_for_one_key_counts(forge: Forge) -> None:
    from datetime import UTC, datetime, timedelta

    from inspector.certificates.mint import issue

    now = datetime.now(UTC)
    older = issue(forge.middle, "old", key=forge.leaf.key, not_before=now - timedelta(days=90))
    for order in ([older, forge.leaf], [forge.leaf, older]):
        material = read(sources([pem(*order, forge.leaf.key)]))
        assert material.leaf == forge.leaf.leaf
        assert material.extra == (older.leaf,)


def test_a_ca_with_its_own_key_does_not_hide_the_leaf(forge: Forge) -> None:
    material = read(
        sources([pem(forge.middle.key, forge.leaf.key), pem(forge.root, forge.middle, forge.leaf)])
    )
    assert material.chain == forge.leaf.chain
    assert material.key is not None
    assert belongs(material.key, forge.leaf.leaf)


def test_a_bundle_of_cas_is_read_whole(forge: Forge) -> None:
    from inspector.certificates.mint import make_ca

    others = [make_ca("One"), make_ca("Two")]
    material = read(sources(pem(others[0], forge.root, forge.middle, others[1])))
    assert material.key is None
    assert {*material.chain, *material.extra} == {
        forge.root.leaf,
        forge.middle.leaf,
        others[0].leaf,
        others[1].leaf,
    }


def test_a_leaf_among_roots_that_are_not_its_own(forge: Forge) -> None:
    material = read(sources([pem(forge.root), pem(forge.leaf)]))
    assert material.chain == (forge.leaf.leaf,)
    assert material.extra == (forge.root.leaf,)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda f: pem(f.root, f.middle, f.leaf), ["root", "middle", "leaf"]),
        (lambda f: pem(f.leaf, f.root, f.middle), ["leaf", "root", "middle"]),
        (lambda f: pem(f.leaf, f.middle, f.root), ["leaf", "middle", "root"]),
        (lambda f: [pem(f.root), pem(f.leaf), pem(f.middle)], ["leaf", "middle", "root"]),
        (lambda f: [pem(f.root, f.middle), pem(f.leaf)], ["leaf", "root", "middle"]),
        (lambda f: f.p12(f.leaf, password=""), ["leaf", "middle", "root"]),
    ],
)
def test_the_order_in_the_file_is_remembered(forge: Forge, make: Make, expected: list[str]) -> None:
    material = read(sources(make(forge)))
    assert material.as_read == tuple(getattr(forge, name).leaf for name in expected)
    assert material.chain == forge.leaf.chain


def test_read_anchors_takes_cas_only_and_opens_no_key(forge: Forge, tmp_path: Path) -> None:
    path = tmp_path / "all.pem"
    path.write_bytes(
        pem(forge.leaf, forge.other, forge.root, forge.middle) + forge.encrypted_pkcs8(forge.leaf)
    )
    assert read_anchors([path]) == (forge.root.leaf, forge.middle.leaf)
    path.write_bytes(pem(forge.leaf))
    with pytest.raises(CertificateError) as caught:
        read_anchors([path])
    assert caught.value.code == "not_a_ca"


def test_read_files_reads_what_a_pipe_gives(forge: Forge, tmp_path: Path) -> None:
    import os
    import threading

    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=(pem(*forge.leaf.chain, forge.leaf.key),))
    writer.start()
    assert_whole(forge, read_files([fifo]))
    writer.join()


def test_a_locked_key_can_be_left_closed(forge: Forge) -> None:
    made = sources([pem(*forge.leaf.chain), forge.encrypted_pkcs8(forge.leaf)])
    material = read(made, skip_locked_keys=True)
    assert material.locked
    assert material.key is None
    assert read(made, PASSWORD, skip_locked_keys=True).key is not None


def test_nothing_secret_shows_in_a_repr(forge: Forge) -> None:
    material = read(sources(pem(*forge.leaf.chain, forge.leaf.key)))
    assert "key" not in repr(material)
    assert "BEGIN" not in repr(sources(pem(forge.leaf.key)))
