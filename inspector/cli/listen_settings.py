"""What `listen` was asked for on the command line, as a request: on top of the profile, or of the defaults.

Imports click and the words for listening; rules and limits lazily.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from inspector.cli.secrets import basic_password, from_environment
from inspector.errors import UsageError
from inspector.listen_request import ForwardRequest, ListenRequest

if TYPE_CHECKING:
    from inspector.history.model import Headers
    from inspector.listener.rule import Rule

_FIELDS = frozenset(one.name for one in fields(ListenRequest))
# What only makes sense where a certificate is asked for, and what only goes with a forward.
_OF_CERTIFICATES = {
    "client_fingerprints": "--client-fingerprint",
    "client_subjects": "--client-subject",
    "crl_files": "--crl",
}
_OF_FORWARD = {
    "forward_identity": "identity",
    "forward_cas": "ca_files",
    "forward_insecure": "insecure",
    "forward_timeout": "timeout",
    "forward_only_record": "returns_answer",
}


def wanted(
    context: click.Context, load_profile: Callable[[], ListenRequest], *, password: str | None = None
) -> ListenRequest:
    """The request of a command line. Files are read anew each time; the Basic password, where it is known by now, is
    not asked for again. Raises UsageError, and what `load_profile` raises."""
    given = {
        name: value
        for name, value in context.params.items()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    base = load_profile() if given.get("from_profile") else ListenRequest()
    request = replace(base, **{name: value for name, value in given.items() if name in _FIELDS})
    _refuse_pointless(request, given)
    changes: dict[str, Any] = {"forward": _forward(base.forward, given), "limits": _limits(base, given)}
    if "rules_file" in given:
        changes["rules"] = read_rules(given["rules_file"])
    if headers := _expected(given.get("expected", ()), given.get("expected_env", ())):
        changes["expected_headers"] = headers
    changes["basic_password"] = _password(request, given) if password is None else password
    return replace(request, **changes)


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file. Raises UsageError that names the file, the rule and the field."""
    from inspector.listener.rule_json import rules_from_json

    try:
        return rules_from_json(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(
            f"Can't read {path}: {error.strerror or error}.", "Name a file with a JSON list of rules."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no text in UTF-8.", "Name a file with a JSON list of rules.") from error
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}", error.next_step) from error


def _forward(saved: ForwardRequest | None, given: dict[str, Any]) -> ForwardRequest | None:
    changes = {field: given[name] for name, field in _OF_FORWARD.items() if name in given}
    if "returns_answer" in changes:
        changes["returns_answer"] = not changes["returns_answer"]
    if "forward_url" in given:
        saved = replace(saved, url=given["forward_url"]) if saved else ForwardRequest(given["forward_url"])
    if changes and saved is None:
        option = next(name for name in _OF_FORWARD if name in given)
        raise UsageError(
            f"--{option.replace('_', '-').removesuffix('s')} goes with an upstream.",
            "Add --forward https://host:port/path, or leave it out.",
        )
    return replace(saved, **changes) if saved and changes else saved


def _limits(base: ListenRequest, given: dict[str, Any]) -> Any:
    from inspector.listener.config import Limits

    changes = {one.name: given[one.name] for one in fields(Limits) if one.name in given}
    return replace(base.limits or Limits(), **changes) if changes else base.limits


def _password(request: ListenRequest, given: dict[str, Any]) -> str:
    """The password of Basic: the saved one, else from the variable or the terminal."""
    variable = given.get("basic_password_env")
    if request.basic_password and variable is None and "basic_user" not in given:
        return request.basic_password
    return basic_password(request.basic_user if "basic" in request.auth else "", variable)


def _expected(texts: Sequence[str], from_variables: Sequence[str]) -> Headers:
    found = []
    for text in texts:
        name, _colon, value = text.partition(":")
        found.append((name.strip(), value.strip()))
    for text in from_variables:
        name, equals, variable = text.partition("=")
        if not equals or not name.strip() or not variable.strip():
            raise UsageError(
                f"“{text}” names no header and variable.",
                "Write it as --expect-header-env X-Brand-Key=VARIABLE.",
            )
        value = from_environment("--expect-header-env", variable.strip(), what="the header's value") or ""
        if not value.strip():
            raise UsageError(
                f"The variable {variable.strip()} is empty.",
                f"Set it to the value that {name.strip()} should have.",
            )
        found.append((name.strip(), value.strip()))
    return tuple(found)


def _refuse_pointless(request: ListenRequest, given: dict[str, Any]) -> None:
    """Raises UsageError for what was asked for and would do nothing."""
    if given.get("basic_user") and "basic" not in request.auth:
        raise UsageError(
            f"--auth {request.auth} asks nobody for --basic-user.",
            "Add --auth basic or --auth mtls+basic, or leave it out.",
        )
    for name, option in _OF_CERTIFICATES.items():
        if name in given and "mtls" not in request.auth:
            raise UsageError(
                f"--auth {request.auth} asks nobody for a certificate, so {option} has no effect.",
                "Add --auth mtls or --auth mtls+basic, or leave it out.",
            )
