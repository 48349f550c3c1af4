from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from inspector.certificates.check import check, check_entry, check_files
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.model import Finding, Identity, Purpose, Severity, VaultEntry
from inspector.errors import CertificateError
from tests.certificates.forge import PASSWORD, Forge, pem

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def codes(findings: Sequence[Finding]) -> dict[str, str]:
    return {finding.code: finding.severity.value for finding in findings}


def checked(identity: Identity, purpose: Purpose | None = None, **more: Any) -> dict[str, str]:
    return codes(check(identity.chain, identity.key, purpose=purpose, **more))


def test_sound_identities(forge: Forge) -> None:
    assert (
        checked(forge.leaf)
        == checked(forge.leaf, "client")
        == checked(forge.leaf, "server")
        == {"ok": "info"}
    )
    assert checked(forge.root) == {"ok": "info"}
    assert checked(forge.middle) == {"ok": "info"}
    assert codes(check([forge.root.leaf], None)) == {"ok": "info"}


def test_an_entry_of_the_vault_is_checked_without_its_key(forge: Forge) -> None:
    entry = VaultEntry("leaf", forge.leaf.chain, has_key=True, trust_clients=False, created_at="")
    assert codes(check_entry(entry, purpose="client")) == {"ok": "info"}
    assert codes(check_entry(replace(entry, has_key=False), purpose="client")) == {"no_key": "error"}
    assert codes(check_entry(entry, now=NOW + 366 * DAY))["expired"] == "error"


def test_the_dev_identities_are_sound(dev: Any) -> None:
    assert checked(dev.server, "server") == checked(dev.client, "client") == checked(dev.ca) == {"ok": "info"}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (-2 * DAY, {"not_yet_valid": "error"}),
        (timedelta(0), {"ok": "info"}),
        (334 * DAY, {"ok": "info"}),
        (336 * DAY, {"expires_soon": "warning"}),
        (364 * DAY + DAY / 2, {"expires_soon": "warning"}),
        (366 * DAY, {"expired": "error"}),
    ],
)
def test_times(forge: Forge, after: timedelta, expected: dict[str, str]) -> None:
    assert checked(forge.leaf, "client", now=NOW + after) == expected


def test_an_expired_issuer_counts_too() -> None:
    ca = make_ca("old ca", not_before=NOW - 9 * DAY, not_after=NOW - DAY)
    leaf = issue(ca, "leaf", names=["a"], not_after=NOW + 300 * DAY)
    findings = check(leaf.chain, leaf.key)
    assert codes(findings) == {"expired": "error"}
    assert "old ca" in findings[0].message


def test_short_lived_certificates_are_not_warned_of_from_the_start(forge: Forge) -> None:
    leaf = issue(forge.middle, "six days", names=["a"], not_before=NOW, not_after=NOW + 6 * DAY)
    assert checked(leaf, now=NOW + DAY) == {"ok": "info"}
    assert checked(leaf, now=NOW + 5 * DAY) == {"expires_soon": "warning"}


def test_keys(forge: Forge) -> None:
    assert codes(check(forge.leaf.chain, None)) == {"no_key": "warning"}
    assert codes(check(forge.leaf.chain, None, purpose="client")) == {"no_key": "error"}
    assert codes(check(forge.leaf.chain, forge.other.key))["key_mismatch"] == "error"


@pytest.mark.parametrize(
    ("make", "purpose", "expected"),
    [
        (lambda f: issue(f.middle, "x", purposes=("client",)), "server", {"wrong_purpose": "error", "no_san": "error"}),
        (lambda f: issue(f.middle, "x", purposes=("server",), names=["a"]), "client", {"wrong_purpose": "error"}),
        (lambda f: issue(f.middle, "x", purposes=("client",)), None, {"ok": "info"}),
        (lambda f: issue(f.middle, "x", purposes=("server",)), None, {"no_san": "warning"}),
        (lambda f: issue(f.middle, "x", purposes=()), "server", {"no_san": "error"}),
        (lambda f: issue(f.middle, "x", purposes=()), "client", {"ok": "info"}),
        (lambda f: f.root, "server", {"wrong_purpose": "error", "no_san": "error", "self_signed": "warning"}),
        (lambda f: issue(f.leaf, "x"), None, {"wrong_purpose": "error", "no_san": "info"}),
        (lambda f: issue(None, "x"), None, {"self_signed": "warning", "no_san": "info"}),
        (lambda f: issue(None, "x", names=["a"]), "server", {"self_signed": "warning"}),
        (lambda f: issue(make_ca("too deep", issuer=make_ca("top", path_length=0)), "x", names=["a"]), None,
         {"wrong_purpose": "error"}),
    ],
)  # fmt: skip
def test_purposes(
    forge: Forge, make: Callable[[Forge], Identity], purpose: Purpose | None, expected: dict[str, str]
) -> None:
    assert checked(make(forge), purpose) == expected


def test_openssls_default_self_signed_certificate(forge: Forge) -> None:
    made = forge.openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "365", "-subj", "/CN=me", "-keyout", "-", "-out", "-",
    )  # fmt: skip
    (forge.folder / "req-x509.pem").write_bytes(made)
    path = forge.folder / "req-x509.pem"
    assert codes(check_files([path])) == {"ok": "info", "self_signed": "info"}
    assert codes(check_files([path], purpose="client")) == {"self_signed": "warning"}


def builder(issuer: Identity, key: Any) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "weak")]))
        .issuer_name(issuer.leaf.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + 100 * DAY)
    )


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 1024),
        dsa.generate_private_key(1024),
        ec.generate_private_key(ec.SECP256K1()),
    ],
)
def test_weak_keys(forge: Forge, key: Any) -> None:
    assert isinstance(forge.root.key, ec.EllipticCurvePrivateKey)
    cert = builder(forge.root, key).sign(forge.root.key, hashes.SHA256())
    assert codes(check([cert, forge.root.leaf], key)) == {"weak_key": "error"}


@pytest.mark.parametrize("digest", ["sha1", "md5"])
def test_weak_signatures(forge: Forge, digest: str) -> None:
    root, leaf = forge.folder / "weak-root.pem", forge.folder / "weak-leaf.pem"
    request = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", f"-{digest}")
    forge.openssl(*request, "-subj", "/CN=root", "-keyout", root.name, "-out", "weak-root.crt")
    forge.openssl(
        *request, "-subj", "/CN=leaf", "-CA", "weak-root.crt", "-CAkey", root.name,
        "-addext", "basicConstraints=critical,CA:false", "-keyout", leaf.name, "-out", "weak-leaf.crt",
    )  # fmt: skip
    found = check_files(
        [leaf, forge.folder / "weak-leaf.crt", forge.folder / "weak-root.crt"], purpose="client"
    )
    assert codes(found) == {"weak_signature": "error"}
    assert "leaf is signed" in found[0].message


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("leaf middle root", {"ok": "info"}),
        ("leaf middle", {"ok": "info"}),
        ("leaf", {"incomplete_chain": "warning"}),
        ("leaf root", {"incomplete_chain": "error"}),
        ("leaf root middle", {"wrong_order": "warning"}),
        ("root middle leaf", {"wrong_order": "error"}),
        ("middle leaf", {"wrong_order": "error"}),
    ],
)
@pytest.mark.parametrize("with_key", [True, False])
def test_chains(forge: Forge, tmp_path: Path, order: str, expected: dict[str, str], with_key: bool) -> None:
    chain = [getattr(forge, name).leaf for name in order.split()]
    key = forge.leaf.key if with_key else None
    path = tmp_path / "chain.pem"
    path.write_bytes(pem(*chain, *([key] if key else [])))
    wanted = expected if with_key else {"no_key": "warning", **expected}
    if not with_key:
        wanted.pop("ok", None)
    assert codes(check(chain, key)) == wanted
    assert codes(check_files([path])) == wanted


def test_what_is_known_of_issuers_decides_about_a_missing_one(forge: Forge) -> None:
    alone = [forge.leaf.leaf]
    direct = issue(forge.root, "direct", names=["a"])
    assert codes(check([direct.leaf], direct.key, known_cas=[forge.root.leaf])) == {"ok": "info"}
    found = check(alone, forge.leaf.key, known_cas=[forge.root.leaf, forge.middle.leaf])
    assert codes(found) == {"incomplete_chain": "error"}
    assert "Middle" in found[0].message


def test_the_worst_comes_first(forge: Forge) -> None:
    findings = check([forge.leaf.leaf], None, now=NOW + 366 * DAY)
    assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.WARNING, Severity.WARNING]


def test_encrypted_keys_in_files(forge: Forge, tmp_path: Path) -> None:
    path = tmp_path / "a.pem"
    path.write_bytes(pem(*forge.leaf.chain) + forge.encrypted_pkcs8(forge.leaf))
    assert codes(check_files([path], purpose="client")) == {"encrypted_key": "warning"}
    assert codes(check_files([path], PASSWORD, purpose="client")) == {"encrypted_key": "info", "ok": "info"}
    path.write_bytes(forge.p12(forge.leaf))
    with pytest.raises(CertificateError) as caught:
        check_files([path])
    assert caught.value.code == "password_needed"
    assert codes(check_files([path], PASSWORD)) == {"encrypted_key": "info", "ok": "info"}


def test_another_s_key_in_files_is_a_finding(forge: Forge, tmp_path: Path) -> None:
    path = tmp_path / "a.pem"
    path.write_bytes(pem(*forge.leaf.chain, forge.other.key))
    found = check_files([path], purpose="client")
    assert codes(found) == {"key_mismatch": "error"}
    assert "leaf" in found[0].message
    # Of two keys the one that belongs counts, as it does for the import.
    path.write_bytes(pem(*forge.leaf.chain, forge.other.key, forge.leaf.key))
    assert codes(check_files([path], purpose="client")) == {"ok": "info"}


def test_a_certificate_whose_extensions_can_not_be_read(forge: Forge) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    raw = forge.leaf.leaf.public_bytes(Encoding.DER).replace(
        b"\x82\x10leaf.example.com", b"\xa3\x10leaf.example.com"
    )
    cert = x509.load_der_x509_certificate(raw)
    found = codes(check([cert, forge.middle.leaf], forge.leaf.key, purpose="client"))
    assert found["wrong_purpose"] == "error"
