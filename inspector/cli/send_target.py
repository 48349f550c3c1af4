"""Where `send` sends and as whom: its options, and the target they mean. Imports click, the workbench and certificates
(lazily)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inspector.cli.secrets import basic_password, from_environment, prompt_for
from inspector.errors import UsageError
from inspector.workbench import SendRequest, TrustKind, Workbench

if TYPE_CHECKING:
    from inspector.certificates.model import Identity
    from inspector.history.model import Headers
    from inspector.sender.model import Target

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--identity", default="", metavar="NAME", help="The vault's identity to present."),
    click.option(
        "--cert", type=click.Path(path_type=Path), metavar="FILE", help="Client certificate (PEM or PKCS#12)."
    ),
    click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="Its private key (PEM)."),
    click.option("--key-password-env", metavar="VAR", help="Variable with the password of the key."),
    click.option(
        "--ca",
        "cas",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Trust this CA (repeatable).",
    ),
    click.option("--insecure", is_flag=True, help="Do not check the server's certificate."),
    click.option("--basic-user", default="", metavar="U", help="User for Basic."),
    click.option("--basic-password-env", metavar="VAR", help="Variable with the password for Basic."),
    click.option(
        "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header (repeatable)."
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(0, min_open=True),
        default=30.0,
        show_default=True,
        metavar="SECONDS",
    ),
)


def target_options(command: _F) -> _F:
    """The options that name a target; a command gets them as keywords, for `read_target`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_target(workbench: Workbench, url: str, options: dict[str, Any]) -> Target:
    """The target that the options mean. Raises UsageError, CertificateError, VaultError."""
    identity: str = options["identity"]
    cert: Path | None = options["cert"]
    if identity and cert:
        raise UsageError("--identity and --cert name two identities.", "Give one of them.")
    checked = TrustKind.FILES if options["cas"] else TrustKind.USUAL
    request = SendRequest(
        url=url,
        identity=identity,
        trust=TrustKind.NOTHING if options["insecure"] else checked,
        ca_files=options["cas"],
        basic_user=options["basic_user"],
        basic_password=basic_password(options["basic_user"], options["basic_password_env"]),
        headers=_headers(options["headers"]),
        timeout=options["timeout"],
    )
    return workbench.target(request, _identity(cert, options["key"], options["key_password_env"]))


def _identity(cert: Path | None, key: Path | None, password_env: str | None) -> Identity | None:
    if cert is None:
        if key is not None:
            raise UsageError("--key needs the certificate that goes with it.", "Add --cert FILE.")
        return None
    from inspector.certificates.model import Identity
    from inspector.certificates.read import read_files

    given = from_environment("--key-password-env", password_env)
    password: str | Callable[[], str] | None = (
        given if given is not None else prompt_for("Password of the key")
    )
    material = read_files([cert] if key is None else [cert, key], password, need_key=True)
    assert material.key is not None
    return Identity(cert.stem, material.chain, material.key)


def _headers(texts: tuple[str, ...]) -> Headers:
    result = []
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            raise UsageError(f"“{text}” is no header.", "Write it as --header 'Name: value'.")
        result.append((name.strip(), value.strip()))
    return tuple(result)
