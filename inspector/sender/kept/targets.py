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
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from inspector.errors import UsageError
from inspector.home import Home
from inspector.json_fields import text
from inspector.sender.kept.target_fields import from_json, to_json
from inspector.sender.kept.target_secrets import all_of, changes, resolve, without_secrets
from inspector.sender.request import SendRequest
from inspector.settings_file import SettingsFile

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.certificates.vault import Vault

__all__ = ["LONGEST_NAME", "SavedTarget", "delete", "find", "load", "rename", "resolve", "save"]

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
    return tuple(sorted(_targets(home, _file(home).read()), key=lambda one: one.name.casefold()))


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
        content = _file(home).read()
        targets = _targets(home, content)
        old = next((one for one in targets if _is(one, name)), None)
        if old is not None and not over:
            raise _taken(old.name)
        identifier = old.id if old is not None else os.urandom(8).hex()
        before = old.request if old is not None else None
        secrets_changed = changes(
            identifier, before, request, lambda place: _vault(home, vault).secret(place)
        )
        if secrets_changed:
            _vault(home, vault).keep_secrets(secrets_changed)
        record = {"id": identifier, "name": name, **to_json(without_secrets(request))}
        records: list[_Record] = content.get("targets", [])
        if old is None:
            records = [*records, record]
        else:
            records = [one | record if one["id"] == identifier else one for one in records]
        _file(home).write(content | {"targets": records})
    return SavedTarget(identifier, name, from_json(record, identifier))


def rename(home: Home, name: str, new: str) -> SavedTarget:
    """Give a target another name. Raises UsageError (`unknown_target`, `target_exists`), StateError."""
    new = _checked(new)
    with _alone(home.targets_file):
        content = _file(home).read()
        targets = _targets(home, content)
        found = _found(targets, name)
        taken = next((one for one in targets if _is(one, new) and one.id != found.id), None)
        if taken is not None:
            raise _taken(taken.name)
        records = [one | {"name": new} if one["id"] == found.id else one for one in content["targets"]]
        _file(home).write(content | {"targets": records})
    return replace(found, name=new)


def delete(home: Home, name: str, *, vault: Vault | None = None) -> None:
    """Forget a target and its secrets. Raises UsageError (`unknown_target`), StateError."""
    with _alone(home.targets_file):
        content = _file(home).read()
        found = _found(_targets(home, content), name)
        records = [one for one in content["targets"] if one["id"] != found.id]
        _file(home).write(content | {"targets": records})
        if kept := all_of(found.id, found.request):
            _vault(home, vault).keep_secrets(dict.fromkeys(kept))


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


def _file(home: Home) -> SettingsFile:
    return SettingsFile(home.targets_file, "list of targets", FORMAT, VERSION, {"targets": list})


def _targets(home: Home, content: _Record) -> list[SavedTarget]:
    """What the file's content says. Raises StateError."""
    targets: list[SavedTarget] = []
    for record in content.get("targets", []):
        try:
            targets.append(_target(record))
        except (ValueError, TypeError, KeyError, AttributeError, UsageError) as error:
            raise _file(home).damaged(f"target {len(targets) + 1}: {error}") from error
    names = {one.name.casefold() for one in targets}
    if len(names) < len(targets) or len({one.id for one in targets}) < len(targets):
        raise _file(home).damaged("two targets have one name or id")
    return targets


def _target(record: _Record) -> SavedTarget:
    identifier = text(record["id"])
    return SavedTarget(identifier, _checked(text(record["name"])), from_json(record, identifier))
