"""Saved targets: where one sends to, by a name, from one start to the next.

Imports `inspector.home`, the words for sending and `inspector.errors`; the vault lazily. No Qt.

    {"format": "push-inspector targets", "version": 1,
     "targets": [{"id": "…", "name": "staging", "url": …, field of SendRequest: value, …}, …]}

A target names its identity, so a renewed one is taken as it is. Passwords and the values of secret headers are never
in the file: they are sealed in the vault under the target's id, which a new name does not change, and `KEPT` stands
for them. What isn't known, at this version, is kept; a file that can't be understood, or is newer, is never written
over.
"""

from __future__ import annotations

import difflib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.json_fields import text
from inspector.sender.kept.target_fields import from_json, is_secret, to_json
from inspector.sender.request import KEPT, SendRequest

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.certificates.vault import Vault

FORMAT = "push-inspector targets"
VERSION = 1
LONGEST_NAME = 64
_Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SavedTarget:
    """A request under a name. `id` stays the same for as long as the target is kept; secrets in the request stand as
    `KEPT`."""

    id: str
    name: str
    request: SendRequest


def load(home: Home) -> tuple[SavedTarget, ...]:
    """The saved targets, by their names. Looks into no vault. Raises StateError for a file that is damaged, newer or
    can't be read; it is left as it is."""
    return tuple(sorted(_targets(home, _read(home.targets_file)), key=lambda one: one.name.casefold()))


def find(home: Home, name: str) -> SavedTarget:
    """The target of this name, in any case. Raises UsageError (`unknown_target`) that offers near ones, StateError."""
    return _found(load(home), name)


def save(
    home: Home, name: str, request: SendRequest, *, vault: Vault | None = None, over: bool = True
) -> SavedTarget:
    """Keep a request under a name, in the place of the one that has it (or UsageError `target_exists` without `over`).

    Its secrets go to the vault (the home's own, where none is given), which may ask for its passphrase. A secret that
    is `KEPT` stays as it is, or is taken over from the target `secrets_of`. Raises StateError; UsageError for a name
    that can't be one, and where `KEPT` stands for nothing that was ever kept.
    """
    home.create()
    name = _checked(name)
    with _alone(home.targets_file):
        content = _read(home.targets_file)
        targets = _targets(home, content)
        old = next((one for one in targets if _is(one, name)), None)
        if old is not None and not over:
            raise _taken(old.name)
        identifier = old.id if old is not None else secrets.token_hex(8)
        _keep(home, vault, identifier, old.request if old is not None else None, request)
        record = {"id": identifier, "name": name, **to_json(_without_secrets(request))}
        records: list[_Record] = content.get("targets", [])
        if old is None:
            records = [*records, record]
        else:
            records = [one | record if one["id"] == identifier else one for one in records]
        _write(home, content, records)
    return SavedTarget(identifier, name, from_json(record, identifier))


def rename(home: Home, name: str, new: str) -> SavedTarget:
    """Give a target another name. Raises UsageError (`unknown_target`, `target_exists`), StateError."""
    new = _checked(new)
    with _alone(home.targets_file):
        content = _read(home.targets_file)
        targets = _targets(home, content)
        found = _found(targets, name)
        taken = next((one for one in targets if _is(one, new) and one.id != found.id), None)
        if taken is not None:
            raise _taken(taken.name)
        _write(
            home,
            content,
            [one | {"name": new} if one["id"] == found.id else one for one in content["targets"]],
        )
    return replace(found, name=new)


def delete(home: Home, name: str, *, vault: Vault | None = None) -> None:
    """Forget a target and its secrets. Raises UsageError (`unknown_target`), StateError."""
    with _alone(home.targets_file):
        content = _read(home.targets_file)
        found = _found(_targets(home, content), name)
        _write(home, content, [one for one in content["targets"] if one["id"] != found.id])
        if places := _places(found.request):
            _vault(home, vault).keep_secrets({_sealed(found.id, place): None for place in places})


def resolve(request: SendRequest, secret: Callable[[str], str | None]) -> SendRequest:
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


_BASIC = "basic-password"
_PROXY = "proxy-password"


def _keep(
    home: Home, vault: Vault | None, identifier: str, old: SendRequest | None, new: SendRequest
) -> None:
    """Have the vault hold just what the new request needs."""
    before = _places(old) if old is not None else {}
    changes: dict[str, str | None] = {}
    for place, value in _places(new).items():
        if value != KEPT:
            changes[place] = value
        elif new.secrets_of and new.secrets_of != identifier:
            changes[place] = _opened(new.secrets_of, place, _vault(home, vault).secret)
        elif place not in before:
            raise _never_kept(place)
    changes |= {place: None for place in before if place not in _places(new)}
    if changes:
        _vault(home, vault).keep_secrets(
            {_sealed(identifier, place): value for place, value in changes.items()}
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


def _without_secrets(request: SendRequest) -> SendRequest:
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


def _opened(identifier: str, place: str, secret: Callable[[str], str | None]) -> str:
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


def _vault(home: Home, vault: Vault | None) -> Vault:
    if vault is None:
        from inspector.certificates.vault import Vault as HomeVault

        return HomeVault(home)
    return vault


def _is(target: SavedTarget, name: str) -> bool:
    return target.name.casefold() == name.strip().casefold()


def _found(targets: Sequence[SavedTarget], name: str) -> SavedTarget:
    for target in targets:
        if _is(target, name):
            return target
    known = [target.name for target in targets]
    near = difflib.get_close_matches(name, known, n=3)
    if near:
        step = f"Did you mean {' or '.join(near)}?"
    elif known:
        step = f"There {'is' if len(known) == 1 else 'are'}: {', '.join(known[:8])}{' …' if len(known) > 8 else ''}."
    else:
        step = "Save one with: push-inspector targets save NAME --to URL"
    raise UsageError(f"There is no target {_shown(name)}.", step, code="unknown_target")


def _checked(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(
            "A target has no name." if not name else f"{_shown(name)} can't be the name of a target.",
            f"Give one of up to {LONGEST_NAME} characters in one line, such as staging.",
            code="target_name",
        )
    return name


def _taken(name: str) -> UsageError:
    return UsageError(
        f"There is a target {name} already.", "Take another name, or replace it.", code="target_exists"
    )


def _shown(name: str) -> str:
    clean = "".join(one if one.isprintable() else " " for one in name.strip())
    return f"“{clean if len(clean) <= LONGEST_NAME else clean[: LONGEST_NAME - 1] + '…'}”"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    from inspector.certificates.files import locked

    with locked(path.with_name(path.name + ".lock")):
        yield


def _targets(home: Home, content: _Record) -> list[SavedTarget]:
    """What the file's content says. Raises StateError."""
    targets: list[SavedTarget] = []
    for record in content.get("targets", []):
        try:
            targets.append(_target(record))
        except (ValueError, TypeError, KeyError, AttributeError, UsageError) as error:
            raise _damaged(home.targets_file, f"target {len(targets) + 1}: {error}") from error
    names = {one.name.casefold() for one in targets}
    if len(names) < len(targets) or len({one.id for one in targets}) < len(targets):
        raise _damaged(home.targets_file, "two targets have one name or id")
    return targets


def _target(record: _Record) -> SavedTarget:
    identifier = text(record["id"])
    return SavedTarget(identifier, _checked(text(record["name"])), from_json(record, identifier))


def _write(home: Home, content: Mapping[str, Any], records: Sequence[_Record]) -> None:
    from inspector.whole_file import begun

    document = {**content, "format": FORMAT, "version": VERSION, "targets": list(records)}
    data = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
    try:
        with begun(home.targets_file) as file:
            file.write(data)
    except OSError as error:
        raise StateError(
            f"The targets {home.targets_file} can't be written: {error.strerror or error}.",
            "Free some space, or check the folder's permissions; what was saved before is still there.",
        ) from error


def _read(path: Path) -> _Record:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StateError(
            f"The targets {path} can't be read: {error.strerror or error}.",
            "Check its owner and its permissions.",
        ) from error
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "it is no JSON") from error
    if (
        not isinstance(content, dict)
        or content.get("format") != FORMAT
        or type(version := content.get("version")) is not int
        or not isinstance(content.get("targets", []), list)
    ):
        raise _damaged(path, "it is no list of targets")
    if version > VERSION:
        raise StateError(
            f"The targets {path} were made by a newer Push Inspector (format {version}); they were left as they are.",
            "Update Push Inspector, or use another home (--home DIR).",
        )
    return content


def _damaged(path: Path, why: str) -> StateError:
    return StateError(
        f"The targets {path} are damaged and were left as they are: {why.rstrip('.')}.",
        "Correct the file, or move it away to begin anew.",
    )
