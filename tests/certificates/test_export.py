from __future__ import annotations

import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from inspector.certificates import files
from inspector.certificates.export import chain_pem, encrypted_key_pem, export_pem
from inspector.certificates.read import read_files
from inspector.errors import CertificateError
from tests.certificates.forge import PASSWORD, Forge, pem


def test_the_two_files_of_liveperson(forge: Forge, tmp_path: Path) -> None:
    key, cert = export_pem(forge.leaf, tmp_path / "new" / "folder", "mybrandpush")
    assert (key.name, cert.name) == ("mybrandpushKey.pem", "mybrandpushCrt.pem")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert cert.read_bytes() == pem(*forge.leaf.chain[:2])
    assert b"BEGIN PRIVATE KEY" in key.read_bytes()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_cert_chain(cert, key)
    assert [path.name for path in sorted(key.parent.iterdir())] == [cert.name, key.name]


def test_a_self_signed_leaf_is_written(forge: Forge, tmp_path: Path) -> None:
    _key, cert = export_pem(forge.root, tmp_path, "root")
    assert cert.read_bytes() == pem(forge.root)


def test_an_encrypted_key(forge: Forge, tmp_path: Path) -> None:
    paths = export_pem(forge.rsa, tmp_path, "x", PASSWORD)
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in paths[0].read_bytes()
    material = read_files(paths, PASSWORD)
    assert material.leaf == forge.rsa.leaf
    assert material.key is not None


@pytest.mark.parametrize("there", ["xKey.pem", "xCrt.pem"])
def test_nothing_is_overwritten_unless_asked(forge: Forge, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    with pytest.raises(CertificateError) as caught:
        export_pem(forge.leaf, tmp_path, "x")
    assert caught.value.code == "exists"
    assert there in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "mine"
    (tmp_path / "xKey.pem").write_text("mine")
    (tmp_path / "xKey.pem").chmod(0o644)
    key, _cert = export_pem(forge.leaf, tmp_path, "x", replace=True)
    assert read_files([key, tmp_path / "xCrt.pem"]).key is not None
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_both_or_none(forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = files.write_new

    def full(path: Path, data: bytes, *, mode: int) -> None:
        if path.name.endswith("Crt.pem"):
            raise OSError(28, os.strerror(28))
        real(path, data, mode=mode)

    monkeypatch.setattr("inspector.certificates.export.write_new", full)
    with pytest.raises(CertificateError, match="No space left"):
        export_pem(forge.leaf, tmp_path, "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("prefix", ["", "../x", "a/b", ".x", "x y", "x\n", "-x"])
def test_prefixes_that_are_no_file_names(forge: Forge, tmp_path: Path, prefix: str) -> None:
    with pytest.raises(CertificateError) as caught:
        export_pem(forge.leaf, tmp_path, prefix)
    assert caught.value.code == "invalid_name"


def test_an_empty_password_is_no_password(forge: Forge, tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="empty"):
        export_pem(forge.leaf, tmp_path, "x", "")
    assert list(tmp_path.iterdir()) == []


def test_a_password_that_openssl_does_not_take(forge: Forge, tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="too long"):
        export_pem(forge.leaf, tmp_path, "x", "ä" * 512)
    export_pem(forge.leaf, tmp_path, "x", "ä" * 511)


def test_a_folder_that_is_a_file(forge: Forge, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CertificateError) as caught:
        export_pem(forge.leaf, tmp_path / "file", "x")
    assert caught.value.code == "unwritable"


def test_pem_in_memory(forge: Forge) -> None:
    for identity in (forge.leaf, forge.rsa, forge.ed25519, forge.p521):
        locked = encrypted_key_pem(identity.key, b"one time")
        assert locked.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
        assert load_pem_private_key(locked, b"one time").public_key() == identity.key.public_key()
    assert chain_pem(forge.leaf.chain) == pem(*forge.leaf.chain)
    with pytest.raises(ValueError, match="1"):
        encrypted_key_pem(forge.leaf.key, b"")


def test_write_new_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, os.strerror(1))

    monkeypatch.setattr(os, "link", no_links)
    files.write_new(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
