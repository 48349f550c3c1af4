from __future__ import annotations

from pathlib import Path

from inspector.listen_request import ForwardRequest, ListenRequest
from inspector.usage import NamedIdentity, Use, listed, uses_of

TARGETS = (NamedIdentity("staging", "brand"), NamedIdentity("local", "dev-client"))


def uses(name: str, listening: ListenRequest, *, trusted: bool = False) -> tuple[Use, ...]:
    return uses_of(name, targets=TARGETS, listening=listening, trusted_for_clients=trusted)


def test_targets_and_the_listener() -> None:
    listening = ListenRequest(server_identity="srv", forward=ForwardRequest("https://x/", identity="brand"))
    assert uses("brand", listening) == (Use("target", "staging"), Use("forwarding"))
    assert uses("srv", listening) == (Use("listener"),)
    assert uses("dev-server", listening) == ()
    assert listed(uses("brand", listening)) == "the target staging and the listener, to pass pushes on"
    assert listed(()) == ""


def test_what_the_listener_takes_by_itself() -> None:
    assert uses("dev-server", ListenRequest()) == (Use("listener"),)
    assert uses("dev-ca", ListenRequest(), trusted=True) == (Use("listener_clients"),)
    assert uses("dev-ca", ListenRequest(client_ca_files=(Path("ca.pem"),)), trusted=True) == ()
