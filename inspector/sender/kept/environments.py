"""Environments: named sets of values for `{{env NAME}}` (local, staging, …), one of them current; secrets in the vault.

Imports `inspector.home`, the contract's variables, certificates (lazily) and errors. Touches the disk, and may ask for
the vault's passphrase where a secret is read or kept: the window does it in the worker.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from inspector.contract.variables import is_variable_name
from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.sender.kept import environment_file
from inspector.sender.kept.environment_file import KEPT, Environment, EnvironmentSet, Variable

__all__ = ["KEPT", "Environment", "EnvironmentSet", "Environments", "Taken", "Variable", "Vault"]

LONGEST_NAME = 60
LONGEST_VALUE = 8192


class Vault(Protocol):
    """What is needed of `inspector.certificates.vault.Vault`."""

    def keep_secrets(self, secrets: Mapping[str, str | None]) -> None:
        """Keep texts under their names; None forgets one."""

    def secret(self, name: str) -> str | None:
        """A text that was kept."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An environment's values with the secrets in clear, and the names of those."""

    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: frozenset[str] = frozenset()


class Environments:
    """The environments of one home. `vault` is asked for only where a secret is at stake.

    Everything raises StateError where the file is damaged (it is left as it is) or the disk refuses; what writes raises
    UsageError for names and values that can't be, and VaultError where the vault can't be opened.
    """

    def __init__(self, home: Home, vault: Callable[[], Vault]) -> None:
        self._home = home
        self._vault = vault
        self.path = home.config / "environments.json"

    def load(self) -> EnvironmentSet:
        """All of them; secrets stand as `KEPT`. Looks into no vault."""
        return environment_file.read(self.path)

    def take(self, name: str | None = None) -> Taken:
        """The values of an environment, or of the current one (none: no values), secrets put in from the vault. Raises
        StateError where the vault has one no more."""
        known = self.load()
        if name is None and not known.current:
            return Taken()
        environment = _found(known, known.current if name is None else name)
        values = {}
        for one in environment.variables:
            value: str | None = (
                self._vault().secret(_place(environment, one.name)) if one.secret else one.value
            )
            if value is None:
                raise StateError(
                    f"The secret {one.name} of {environment.name} was kept in the vault, and is there no more.",
                    "Type it again in the environment, or put the vault back from a backup.",
                )
            values[one.name] = value
        hidden = frozenset(one.name for one in environment.variables if one.secret)
        return Taken(environment.name, values, hidden)

    def add(self, name: str) -> EnvironmentSet:
        """A new, empty one. The first one becomes current."""
        return self.save(Environment(name))

    def save(self, environment: Environment, *, was: str = "") -> EnvironmentSet:
        """Keep an environment as it is given, in the place of the one called `was` (empty: a new one). A secret that is
        `KEPT` stays as it is; another value of a secret goes to the vault."""
        with self._alone() as known:
            old = _found(known, was) if was else Environment("", id="")
            name = _checked_name(environment.name)
            if (same := known.named(name)) is not None and (not was or same.name != old.name):
                raise UsageError(f"There is an environment {same.name} already.", "Choose another name.")
            variables = _checked(environment.variables)
            new = replace(
                environment, name=name, variables=variables, id=old.id or os.urandom(4).hex(), more=old.more
            )
            forgotten = {
                _place(new, one.name): None
                for one in _secrets(old.variables)
                if (now := new.variable(one.name)) is None or not now.secret
            }
            fresh = {_place(new, one.name): one.value for one in _secrets(variables) if one.value != KEPT}
            for one in _secrets(variables):
                before = old.variable(one.name)
                if one.value == KEPT and (before is None or not before.secret):
                    raise UsageError(f"The vault has no value for {one.name} yet.", "Type it once.")
            if forgotten or fresh:
                self._vault().keep_secrets({**forgotten, **fresh})
            new = replace(
                new, variables=tuple(replace(one, value=KEPT) if one.secret else one for one in variables)
            )
            all_of_them = (
                tuple(new if one is old else one for one in known.environments)
                if was
                else (*known.environments, new)
            )
            current = name if not known.environments or (was and known.current == old.name) else known.current
            return self._write(replace(known, environments=all_of_them, current=current))

    def rename(self, name: str, new: str) -> EnvironmentSet:
        """Give it another name; its secrets stay."""
        return self.save(replace(_found(self.load(), name), name=new), was=name)

    def duplicate(self, name: str, new: str) -> EnvironmentSet:
        """A second one with the same values, secrets included."""
        taken, old = self.take(name), _found(self.load(), name)
        variables = tuple(replace(one, value=taken.values[one.name]) for one in old.variables)
        return self.save(Environment(new, variables))

    def delete(self, name: str) -> EnvironmentSet:
        """Delete one, and its secrets with it."""
        with self._alone() as known:
            old = _found(known, name)
            hidden = _secrets(old.variables)
            if hidden:
                self._vault().keep_secrets({_place(old, one.name): None for one in hidden})
            left = tuple(one for one in known.environments if one is not old)
            current = "" if known.current == old.name else known.current
            return self._write(replace(known, environments=left, current=current))

    def set(self, name: str, variable: str, value: str, *, secret: bool | None = None) -> EnvironmentSet:
        """Set one value; an environment that is not there yet is made. `secret` None: as it was, else not secret."""
        known = self.load()
        old = known.named(name)
        before = old.variable(variable) if old is not None else None
        hidden = (before is not None and before.secret) if secret is None else secret
        if old is None:
            return self.save(Environment(name, (Variable(variable, value, hidden),)))
        others = tuple(one for one in old.variables if one.name != variable)
        return self.save(replace(old, variables=(*others, Variable(variable, value, hidden))), was=old.name)

    def unset(self, name: str, variable: str) -> EnvironmentSet:
        """Take one value away. Raises UsageError where it is not there."""
        old = _found(self.load(), name)
        if old.variable(variable) is None:
            raise UsageError(f"{old.name} has no value {variable[:60]}.", "Name one that is there.")
        others = tuple(one for one in old.variables if one.name != variable)
        return self.save(replace(old, variables=others), was=old.name)

    def use(self, name: str) -> EnvironmentSet:
        """Make one current; empty for none."""
        with self._alone() as known:
            return self._write(replace(known, current=_found(known, name).name if name else ""))

    def _write(self, environments: EnvironmentSet) -> EnvironmentSet:
        environment_file.write(self.path, environments)
        return environments

    @contextmanager
    def _alone(self) -> Iterator[EnvironmentSet]:
        from inspector.certificates.files import locked

        self._home.create()
        with locked(self.path.with_name(f"{self.path.name}.lock")):
            yield self.load()


def _found(known: EnvironmentSet, name: str) -> Environment:
    found = known.named(name)
    if found is not None:
        return found
    names = ", ".join(one.name for one in known.environments)
    raise UsageError(
        f"There is no environment {name[:60]}.",
        f"There are: {names}." if names else "Make one: push-inspector env set NAME VARIABLE VALUE",
    )


def _secrets(variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
    return tuple(one for one in variables if one.secret)


def _place(environment: Environment, name: str) -> str:
    """Under what name the vault keeps a secret."""
    return f"environment {environment.id} {name}"


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError("That is no name for an environment.", f"Use 1 to {LONGEST_NAME} characters.")
    return name


def _checked(variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
    seen: set[str] = set()
    for one in variables:
        if not is_variable_name(one.name):
            raise UsageError(
                f"“{one.name[:60]}” is no name for a value.",
                "Use letters, digits and ‘_.-’, a letter first, 64 at most.",
            )
        if one.name in seen:
            raise UsageError(f"{one.name} is there twice.", "Keep one of them.")
        if len(one.value) > LONGEST_VALUE:
            raise UsageError(
                f"The value of {one.name} is too long.", f"Use up to {LONGEST_VALUE:,} characters."
            )
        seen.add(one.name)
    return tuple(sorted(variables, key=lambda one: one.name))
