"""What the window offers about a client that was turned away: by reason, by what it presented, by how things are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.allowed import AllowedClients
from inspector.certificates.describe import fingerprint
from inspector.certificates.host_names import host_of, is_named
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.certificates.verdict_advice import REASONS
from inspector.history.model import Connection, Direction, Kind, NewEvent, TlsFacts
from inspector.ui.detail.offers import Deed, Help, help_for
from inspector.ui.detail.presented import PresentedChain, read_chain
from inspector.ui.detail.surroundings import Surroundings
from inspector.ui.detail.tls_facts import reason_of

NOW = datetime.now(UTC)
HELLO_SENT = TlsFacts("TLSv1.3", "TLS_AES_256_GCM_SHA384", "push.example")


@pytest.fixture(scope="module")
def root() -> Identity:
    return make_ca("partner-root")


@pytest.fixture(scope="module")
def middle(root: Identity) -> Identity:
    return make_ca("partner-issuing", issuer=root)


@pytest.fixture(scope="module")
def client(middle: Identity) -> Identity:
    return issue(middle, "partner", purposes=("client",))


def sent(*certificates: x509.Certificate, accepted: tuple[x509.Certificate, ...] = ()) -> PresentedChain:
    return read_chain(tuple(one.public_bytes(Encoding.DER) for one in certificates), accepted, NOW)


def refused(reason: str, tls: TlsFacts | None = HELLO_SENT, local: str = "127.0.0.1:8443") -> NewEvent:
    connection = Connection("192.0.2.1:5", local, tls=tls)
    return NewEvent(Kind.HANDSHAKE, Direction.IN, 0, connection, reason=reason)


def deeds(help_: Help) -> list[Deed]:
    return [offer.deed for offer in help_.offers]


def test_the_topmost_ca_that_was_sent_is_offered_to_be_trusted(
    root: Identity, middle: Identity, client: Identity
) -> None:
    found = help_for(refused("unknown_issuer"), sent(*client.chain), Surroundings(), NOW)
    assert deeds(found) == [Deed.TRUST, Deed.PIN, Deed.COMMAND]
    assert found.offers[0].certificate == root.leaf
    found = help_for(refused("incomplete_chain"), sent(client.leaf, middle.leaf), Surroundings(), NOW)
    assert found.offers[0].certificate == middle.leaf
    assert found.offers[1].certificate == client.leaf


def test_a_ca_that_issued_nothing_of_the_chain_is_never_the_one(client: Identity, dev: DevIdentities) -> None:
    found = help_for(refused("unknown_issuer"), sent(client.leaf, dev.ca.leaf), Surroundings(), NOW)
    assert all(offer.certificate != dev.ca.leaf for offer in found.offers)


def test_a_ca_that_has_expired_would_not_help(root: Identity) -> None:
    old = make_ca("old", issuer=root, not_before=NOW - timedelta(days=9), not_after=NOW - timedelta(days=1))
    client = issue(old, "client", not_before=NOW - timedelta(days=8), not_after=NOW + timedelta(days=1))
    found = help_for(refused("unknown_issuer"), sent(client.leaf, old.leaf), Surroundings(), NOW)
    assert deeds(found) == [Deed.IMPORT_CA, Deed.PIN, Deed.COMMAND]


def test_the_client_alone_needs_its_ca_which_is_said(client: Identity) -> None:
    found = help_for(refused("unknown_issuer"), sent(client.leaf), Surroundings(), NOW)
    assert deeds(found) == [Deed.IMPORT_CA, Deed.PIN, Deed.COMMAND]
    assert "its own certificate only" in found.remark
    assert "CN=partner-issuing" in found.remark


def test_a_ca_of_the_vault_that_is_not_trusted_yet_is_offered(middle: Identity, client: Identity) -> None:
    around = Surroundings(known=(middle.leaf,))
    found = help_for(refused("unknown_issuer"), sent(client.leaf), around, NOW)
    assert found.offers[0].deed is Deed.TRUST
    assert found.offers[0].certificate == middle.leaf
    assert found.remark == ""


def test_a_self_signed_client_is_trusted_by_itself() -> None:
    alone = issue(None, "alone", purposes=("client",))
    found = help_for(refused("unknown_issuer"), sent(alone.leaf), Surroundings(), NOW)
    assert found.offers[0].label == "Trust this certificate"
    assert found.offers[0].certificate == alone.leaf


def test_pinning_the_first_client_asks_as_it_shuts_out_the_others(
    client: Identity, dev: DevIdentities
) -> None:
    chain = sent(client.leaf)
    around = Surroundings(accepted=(dev.ca.leaf,))
    (pin,) = [
        one for one in help_for(refused("unknown_issuer"), chain, around, NOW).offers if one.deed is Deed.PIN
    ]
    assert "other clients of dev-ca" in pin.question
    listed = Surroundings(accepted=(dev.ca.leaf,), allowed=AllowedClients(frozenset({"ab" * 32})))
    (pin,) = [
        one for one in help_for(refused("unknown_issuer"), chain, listed, NOW).offers if one.deed is Deed.PIN
    ]
    assert pin.question == ""


def test_what_has_been_done_is_said_and_not_offered_again(root: Identity, client: Identity) -> None:
    accepted = (root.leaf,)
    trusted = Surroundings(accepted=accepted)
    found = help_for(refused("unknown_issuer"), sent(*client.chain, accepted=accepted), trusted, NOW)
    assert deeds(found) == [Deed.COMMAND]
    assert "trusted by now" in found.remark
    pinned = Surroundings(allowed=AllowedClients(frozenset({fingerprint(client.leaf)})))
    found = help_for(refused("unknown_issuer"), sent(client.leaf), pinned, NOW)
    assert Deed.PIN not in deeds(found)
    assert "pinned by now" in found.remark


def test_trust_alone_does_not_help_where_clients_are_let_in_by_name(root: Identity, client: Identity) -> None:
    accepted = (root.leaf,)
    around = Surroundings(accepted=accepted, allowed=AllowedClients(frozenset({"ab" * 32})))
    chain = sent(*client.chain, accepted=accepted)
    found = help_for(refused("unknown_issuer"), chain, around, NOW)
    assert deeds(found) == [Deed.PIN, Deed.COMMAND]
    assert "pin this one too" in found.remark
    assert deeds(help_for(refused("invalid_certificate"), chain, around, NOW)) == [Deed.PIN, Deed.COMMAND]
    assert deeds(help_for(refused("invalid_certificate"), chain, Surroundings(), NOW)) == [Deed.COMMAND]


@pytest.mark.parametrize("reason", REASONS)
def test_nothing_about_trust_is_offered_where_it_would_not_help(reason: str, client: Identity) -> None:
    found = deeds(help_for(refused(reason), sent(*client.chain), Surroundings(url="https://h/"), NOW))
    assert (Deed.TRUST in found) is (reason in ("unknown_issuer", "incomplete_chain"))
    assert (Deed.COPY_ADDRESS in found) is (reason == "plain_http")
    assert found[-1] is Deed.COMMAND


def test_a_client_that_does_not_trust_us_gets_our_ca_and_a_certificate_with_its_name() -> None:
    around = Surroundings(own_names=("localhost", "127.0.0.1"), own_ca=True)
    found = help_for(refused("client_rejected_server"), PresentedChain(), around, NOW)
    assert deeds(found) == [Deed.EXPORT_CA, Deed.MAKE_SERVER, Deed.COMMAND]
    assert found.offers[1].name == "push.example"
    by_address = refused("client_rejected_server", TlsFacts("TLSv1.3"), "192.0.2.7:8443")
    assert help_for(by_address, PresentedChain(), around, NOW).offers[1].name == "192.0.2.7"
    here = refused("client_rejected_server", TlsFacts("TLSv1.3"), "127.0.0.1:8443")
    assert deeds(help_for(here, PresentedChain(), around, NOW)) == [Deed.EXPORT_CA, Deed.COMMAND]
    before_hello = refused("client_aborted", TlsFacts(sni="push.example"))
    assert deeds(help_for(before_hello, PresentedChain(), around, NOW)) == [Deed.COMMAND]


def test_a_client_without_certificate_where_no_ca_is_accepted_needs_one() -> None:
    found = help_for(refused("no_client_certificate"), PresentedChain(), Surroundings(), NOW)
    assert deeds(found) == [Deed.IMPORT_CA, Deed.COMMAND]


def test_a_push_taken_leniently_has_its_reason_before_the_detail(client: Identity) -> None:
    lenient = Connection("192.0.2.1:5", "", trusted=False)
    push = NewEvent(Kind.PUSH, Direction.IN, 0, lenient, detail="unknown_issuer: unable to get … (20)")
    assert reason_of(push) == "unknown_issuer"
    assert Deed.TRUST in deeds(help_for(push, sent(*client.chain), Surroundings(), NOW))
    trusted = NewEvent(Kind.PUSH, Direction.IN, 0, Connection("", "", trusted=True), detail="odd: this")
    assert reason_of(trusted) == ""
    assert help_for(trusted, sent(*client.chain), Surroundings(), NOW).offers == ()


@pytest.mark.parametrize(
    ("name", "own", "fits"),
    [
        ("PUSH.Example.", ("push.example",), True),
        ("a.push.example", ("*.push.example",), True),
        ("a.b.push.example", ("*.push.example",), False),
        ("push.example", ("*.push.example",), False),
        ("::1", ("0:0:0:0:0:0:0:1",), True),
        ("[::1]", ("::1",), True),
        ("127.0.0.1", ("localhost",), False),
        ("", (), False),
    ],
)
def test_names_are_compared_as_clients_do(name: str, own: tuple[str, ...], fits: bool) -> None:
    assert is_named(name, own) is fits


@pytest.mark.parametrize(
    ("address", "host"),
    [("127.0.0.1:8443", "127.0.0.1"), ("[::1]:8443", "::1"), ("0.0.0.0:1", ""), ("", "")],
)
def test_the_host_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host
