"""What belongs to what in the vault, and how it is said."""

from __future__ import annotations

import pytest

from inspector.certificates.fits import named, same_key, who_fits
from inspector.certificates.mint import issue
from inspector.certificates.read import read
from inspector.certificates.requests import complete_with, request, sign
from inspector.certificates.sources import Source
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError
from inspector.home import Home
from tests.certificates.forge import PASSWORD, Forge, pem


@pytest.fixture
def vault(home: Home, forge: Forge) -> Vault:
    vault = Vault(home)
    vault.add("mine", forge.leaf.chain, forge.leaf.key)
    vault.add("bare", forge.other.chain)
    vault.add("ca", forge.root.chain)
    return vault


def refused(vault: Vault, *data: bytes, password: str | None = None) -> CertificateError:
    with pytest.raises(CertificateError) as caught:
        vault.import_sources([Source(f"file{n}", one) for n, one in enumerate(data)], "new", password)
    return caught.value


def test_who_fits(vault: Vault, forge: Forge) -> None:
    entries = vault.entries()
    assert [entry.name for entry in who_fits(forge.leaf.key, entries)] == ["mine"]
    assert [entry.name for entry in who_fits(forge.other.key, entries)] == ["bare"]
    assert who_fits(forge.rsa.key, entries) == ()
    assert who_fits(forge.middle.key, entries) == ()  # in a chain, but no entry's own
    renewed = issue(forge.root, "renewed", key=forge.leaf.key)
    assert [entry.name for entry in same_key(renewed.leaf, entries)] == ["mine"]


def test_a_key_of_another_entry(vault: Vault, forge: Forge) -> None:
    error = refused(vault, pem(forge.rsa.leaf), pem(forge.other.key))
    assert error.code == "key_mismatch"
    assert error.message.endswith("belongs to another certificate than rsa; it fits bare in the vault.")
    assert error.next_step == "Give the key that this certificate was requested with."


def test_the_right_key_is_in_the_vault_already(vault: Vault, forge: Forge) -> None:
    renewed = issue(forge.root, "renewed", key=forge.leaf.key)
    error = refused(vault, pem(renewed.leaf), pem(forge.rsa.key))
    assert error.message.endswith("than renewed.")
    assert error.next_step == "The key of renewed is in the vault, with mine: import that alone (--replace)."


def test_a_key_alone(vault: Vault, forge: Forge) -> None:
    error = refused(vault, pem(forge.other.key))
    assert error.code == "only_key"
    assert error.message.endswith("holds only a private key, and no certificate; it fits bare in the vault.")
    assert "to take the place of bare (--replace)" in error.next_step
    assert "it fits mine in the vault" in refused(vault, pem(forge.leaf.key)).message
    assert refused(vault, pem(forge.rsa.key)).message.endswith("a private key, and no certificate.")
    locked = forge.encrypted_pkcs8(forge.other)
    assert "it fits bare in the vault" in refused(vault, locked, password=PASSWORD).message


def test_without_a_vault_nothing_is_said_of_one(forge: Forge) -> None:
    with pytest.raises(CertificateError) as caught:
        read([Source("file", pem(forge.leaf.leaf, forge.other.key))])
    assert "vault" not in str(caught.value)


def test_several_entries_in_a_sentence(vault: Vault) -> None:
    entry = vault.get("mine")
    assert named([entry]) == "mine"
    assert named([entry] * 2) == "mine and mine"
    assert named([entry] * 3) == "mine, mine and mine"
    assert named([entry] * 6) == "mine, mine, mine and 3 more"


def test_the_certificate_that_a_request_waits_for(vault: Vault, forge: Forge) -> None:
    made = request(vault, "waiting", common_name="waiting")
    signed = sign(forge.middle, made.csr)
    error = refused(vault, pem(*signed))
    assert error.code == "completes_request"
    assert "the request waiting waits for" in error.message
    assert error.next_step.endswith("certs complete waiting FILE")
    assert complete_with(vault, "waiting", signed).has_key
    assert not vault.import_sources([Source("file", pem(*signed))], "copy").has_key
