"""How one's listener is set up, from one start to the next: a file in the home that the window and `listen` share.

Imports the words for listening, `inspector.home`, `inspector.settings_file` and `inspector.errors`; the vault and the
rules lazily. No Qt.

    {"format": "push-inspector profile", "version": 1, "listen": {field of ListenRequest: value, …}}

What is not there has its default. The Basic password and the values of expected headers are never in the file: they are
sealed in the vault, and `KEPT` stands for them. What isn't known, at this version, is kept; a file that can't be
understood, or is newer, is never written over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.listen_request import KEPT, ListenRequest
from inspector.profile_fields import from_json, to_json
from inspector.settings_file import SettingsFile

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.certificates.vault import Vault

__all__ = ["KEPT", "load", "resolve", "save"]

FORMAT = "push-inspector profile"
VERSION = 1
_PASSWORD = "listen basic-password"  # noqa: S105 - where it is kept
_HEADER = "listen expected-header "
_Content = dict[str, Any]


def load(home: Home) -> ListenRequest:
    """The saved request, the defaults where there is none yet; secrets stand as `KEPT`. Looks into no vault. Raises
    StateError for a file that is damaged, newer or can't be read; it is left as it is."""
    return _request(home, _file(home).read())


def save(home: Home, request: ListenRequest, *, vault: Vault | None = None) -> None:
    """Keep a request. Its secrets go to the vault (the home's own one, where none is given), which may ask for its
    passphrase: the window does this in a worker thread. A secret that is `KEPT` stays as it is. Raises StateError;
    UsageError where `KEPT` stands for nothing that was ever kept."""
    home.create()
    file = _file(home)
    with _alone(file.path):
        content = file.read()
        secrets = _secrets(_request(home, content), request)
        if secrets:
            _keep(home, secrets, vault)
        listen = content.get("listen", {})
        known = to_json(ListenRequest())
        content["listen"] = {
            **{name: value for name, value in listen.items() if name not in known},
            **to_json(_without_secrets(request)),
        }
        file.write(content)


def resolve(request: ListenRequest, secret: Callable[[str], str | None]) -> ListenRequest:
    """The request with what is `KEPT` put in, from `Vault.secret`; a password that isn't asked for is left out. Raises
    StateError where the vault has one no more."""
    if request.basic_password == KEPT:
        password = _found(secret(_PASSWORD), _PASSWORD) if "basic" in request.auth else ""
        request = replace(request, basic_password=password)
    if any(value == KEPT for _name, value in request.expected_headers):
        headers = tuple(
            (name, _found(secret(_name_of(name)), _name_of(name), name)) if value == KEPT else (name, value)
            for name, value in request.expected_headers
        )
        request = replace(request, expected_headers=headers)
    return request


def _request(home: Home, content: _Content) -> ListenRequest:
    """What the file's content says. Raises StateError."""
    try:
        return from_json(content.get("listen", {}))
    except UsageError as error:  # a rule
        raise _file(home).damaged(error.message) from error
    except (ValueError, TypeError) as error:
        raise _file(home).damaged(str(error)) from error


def _file(home: Home) -> SettingsFile:
    return SettingsFile(home.profile_file, "profile", FORMAT, VERSION, {"listen": dict})


def _keep(home: Home, secrets: Mapping[str, str | None], vault: Vault | None) -> None:
    if vault is None:
        from inspector.certificates.vault import Vault as HomeVault

        vault = HomeVault(home)
    vault.keep_secrets(secrets)


def _secrets(before: ListenRequest, after: ListenRequest) -> dict[str, str | None]:
    """What to keep, and what to forget (None), so that the vault has what `after` needs."""
    old = _places(before)
    new = _places(after)
    for place, text in new.items():
        if text == KEPT and place not in old:
            what = "password for Basic" if place == _PASSWORD else f"value of {place.removeprefix(_HEADER)}"
            raise UsageError(f"The vault has no {what} yet.", "Type it once.", code=_code_of(place))
    forgotten: dict[str, str | None] = {place: None for place in old if place not in new}
    return forgotten | {place: text for place, text in new.items() if text != KEPT}


def _places(request: ListenRequest) -> dict[str, str]:
    """The secrets of a request by their names in the vault."""
    places = {_name_of(name): value for name, value in request.expected_headers if value}
    if request.basic_password:
        places[_PASSWORD] = request.basic_password
    return places


def _without_secrets(request: ListenRequest) -> ListenRequest:
    return replace(
        request,
        basic_password=KEPT if request.basic_password else "",
        expected_headers=tuple((name, KEPT if value else "") for name, value in request.expected_headers),
    )


def _name_of(header: str) -> str:
    return f"{_HEADER}{header.lower()}"


def _code_of(place: str) -> str:
    """What an error about the secret at a place is known by."""
    return "no_basic_password" if place == _PASSWORD else "no_header_value"


def _found(secret: str | None, place: str, header: str = "") -> str:
    if secret is None:
        what = f"The value that {header} should have" if header else "The password for Basic"
        raise StateError(
            f"{what} was kept in the vault, and is there no more.",
            "Type it again in the listener's settings, or put the vault back from a backup.",
            code=_code_of(place),
        )
    return secret


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    from inspector.certificates.files import locked

    with locked(path.with_name(path.name + ".lock")):
        yield
