"""What is unusual about the way one listens, in a sentence each. Imports the words for listening,
what judges them lazily."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inspector.contract.masking import mask_url
from inspector.listen_request import ListenRequest

if TYPE_CHECKING:
    from inspector.listener.config import ListenerConfig

_NAMES_SHOWN = 5


def remarks(request: ListenRequest, config: ListenerConfig) -> Iterator[str]:
    """Sentences about what opens the listener wider, records secrets or changes answers; never a secret."""
    from inspector.listener.bind import is_public
    from inspector.listening_setup import header_warnings

    if is_public(request.host):
        yield f"Other machines can reach this listener: it listens on {request.host}."
    if request.auth == "none":
        yield "Anybody is let in: neither a certificate nor a password is asked for."
    elif request.lenient and "mtls" in request.auth:
        yield "Lenient: clients whose certificate fails are taken, and flagged."
    if request.certificate_header:
        yield (
            f"Plain HTTP: the client's certificate is taken from the header {request.certificate_header}, which"
            " whoever is in front must set itself."
        )
    if request.key_log is not None:
        yield f"TLS keys are being written to {request.key_log}: whoever has that file can read the traffic."
    yield from _forward(request, config)
    active = [rule.name for rule in request.rules if rule.enabled]
    if active:
        more = f" and {len(active) - _NAMES_SHOWN} more" if len(active) > _NAMES_SHOWN else ""
        count = f"{len(active)} rule{'s' * (len(active) > 1)}"
        yield f"Answers are chosen by {count}: {' · '.join(active[:_NAMES_SHOWN])}{more}."
    yield from header_warnings(request.expected_headers)
    if config.crls:
        from inspector.certificates import crl

        yield from crl.remarks(config.crls, config.client_cas, now=datetime.now(UTC))


def _forward(request: ListenRequest, config: ListenerConfig) -> Iterator[str]:
    forward, upstream = request.forward, config.upstream
    if forward is None or upstream is None:
        return
    answer = "its answer is returned" if forward.returns_answer else "its answer is only kept"
    unchecked = ", its certificate is not checked" if forward.insecure else ""
    yield f"Every push is passed on to {mask_url(upstream.address)}; {answer}{unchecked}."
