"""The secrets of saved targets: in the vault under the target's id, where `KEPT` stands for them in the request.

Imports the words for sending and `inspector.errors`; asks the vault through what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from inspector.errors import StateError, UsageError
from inspector.sender.kept.target_fields import is_secret
from inspector.sender.request import KEPT, SendRequest

Secret = Callable[[str], str | None]
"""`Vault.secret`."""

_BASIC = "basic-password"
_PROXY = "proxy-password"


def resolve(request: SendRequest, secret: Secret) -> SendRequest:
    """The request with what is `KEPT` put in, from `Vault.secret`. Raises StateError where the vault has one no more,
    UsageError where it never had."""

    def opened(place: str, value: str) -> str:
        if value != KEPT:
            return value
        if not request.secrets_of:
            raise _never_kept(place)
        return _opened(request.secrets_of, place, secret)

    return replace(
        request,
        basic_password=opened(_BASIC, request.basic_password),
        proxy_password=opened(_PROXY, request.proxy_password),
        headers=tuple(
            (name, opened(place, value))
            for place, (name, value) in zip(_header_places(request), request.headers, strict=True)
        ),
        secrets_of="",
    )


def changes(
    identifier: str, old: SendRequest | None, new: SendRequest, secret: Secret
) -> dict[str, str | None]:
    """What the vault must keep, and forget (None), to have just what the new request of a target needs, by the names it
    has there. Raises UsageError where `KEPT` stands for nothing that was ever kept, StateError where it is no more."""
    before = _places(old) if old is not None else {}
    after = _places(new)
    found: dict[str, str | None] = {place: None for place in before if place not in after}
    for place, value in after.items():
        if value != KEPT:
            found[place] = value
        elif new.secrets_of and new.secrets_of != identifier:
            found[place] = _opened(new.secrets_of, place, secret)
        elif place not in before:
            raise _never_kept(place)
    return {_sealed(identifier, place): value for place, value in found.items()}


def all_of(identifier: str, request: SendRequest) -> tuple[str, ...]:
    """The names in the vault of all that a target keeps there."""
    return tuple(_sealed(identifier, place) for place in _places(request))


def without_secrets(request: SendRequest) -> SendRequest:
    """The request as it may be written to a file."""

    def kept(value: str) -> str:
        return KEPT if value else ""

    return replace(
        request,
        basic_password=kept(request.basic_password),
        proxy_password=kept(request.proxy_password),
        headers=tuple(
            (name, kept(value) if is_secret(request, name) else value) for name, value in request.headers
        ),
        secrets_of="",
    )


def _places(request: SendRequest) -> dict[str, str]:
    """The secrets of a request that are not empty, each under the name of its place."""
    places = {_BASIC: request.basic_password, _PROXY: request.proxy_password}
    for place, (name, value) in zip(_header_places(request), request.headers, strict=True):
        if is_secret(request, name) or value == KEPT:
            places[place] = value
    return {place: value for place, value in places.items() if value}


def _header_places(request: SendRequest) -> Iterator[str]:
    """A place for each header; of several with one name the later ones have a number."""
    seen: dict[str, int] = {}
    for name, _value in request.headers:
        lowered = name.lower()
        seen[lowered] = seen.get(lowered, 0) + 1
        yield f"header {lowered}" if seen[lowered] == 1 else f"header {lowered} {seen[lowered]}"


def _opened(identifier: str, place: str, secret: Secret) -> str:
    found = secret(_sealed(identifier, place))
    if found is None:
        raise StateError(
            f"The target's {_what(place)} was kept in the vault, and is there no more.",
            "Type it again in the target's settings, or put the vault back from a backup.",
            code="no_secret",
        )
    return found


def _never_kept(place: str) -> UsageError:
    return UsageError(f"The vault has no {_what(place)} yet.", "Type it once.", code="no_secret")


def _sealed(identifier: str, place: str) -> str:
    """Its name in the vault."""
    return f"target {identifier} {place}"


def _what(place: str) -> str:
    kind, _, header = place.partition(" ")
    if kind == "header":
        return f"value of the header {header}"
    return {_BASIC: "password for Basic", _PROXY: "password for the proxy"}[kind]
