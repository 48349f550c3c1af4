"""Where `send` sends and as whom: its options, and the target they mean. Imports click, the workbench and certificates
(lazily)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from inspector.cli.secrets import basic_password, from_environment, prompt_for
from inspector.cli.send_trust import read_trust, trust_options
from inspector.errors import UsageError
from inspector.sender.request import FROM_ENVIRONMENT, TLS_VERSIONS, SendRequest
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.certificates.model import Identity
    from inspector.history.model import Headers
    from inspector.sender.model import Target

_F = TypeVar("_F", bound=Callable[..., Any])

_SECONDS = click.FloatRange(0, min_open=True)
_SAVED = click.option(
    "--target", "target_name", metavar="NAME", help="A saved target; other options go before what it says."
)
_OPTIONS = (
    click.option("--identity", default="", metavar="NAME", help="The vault's identity to present."),
    click.option(
        "--cert", type=click.Path(path_type=Path), metavar="FILE", help="Client certificate (PEM or PKCS#12)."
    ),
    click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="Its private key (PEM)."),
    click.option("--key-password-env", metavar="VAR", help="Variable with the password of the key."),
    trust_options,
    click.option("--tls-min", type=click.Choice(TLS_VERSIONS), default="1.2", help="The least TLS version."),
    click.option("--tls-max", type=click.Choice(TLS_VERSIONS), default="1.3", help="The latest TLS version."),
    click.option("--basic-user", default="", metavar="U", help="User for Basic."),
    click.option("--basic-password-env", metavar="VAR", help="Variable with the password for Basic."),
    click.option(
        "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header (repeatable)."
    ),
    click.option(
        "--header-env",
        "secret_headers",
        multiple=True,
        metavar="NAME=VAR",
        help="A header whose value is secret, and the variable with it (repeatable).",
    ),
    click.option(
        "--proxy",
        default="",
        metavar="URL",
        help=f"Go through this HTTP proxy; “{FROM_ENVIRONMENT}” for the one that HTTPS_PROXY names.",
    ),
    click.option("--proxy-user", default="", metavar="U", help="User for the HTTP proxy."),
    click.option(
        "--proxy-password-env", metavar="VAR", help="Variable with the password for the HTTP proxy."
    ),
    click.option(
        "--timeout",
        type=_SECONDS,
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="For each phase.",
    ),
    click.option(
        "--connect-timeout",
        type=_SECONDS,
        metavar="SECONDS",
        help="For resolve, connect and TLS each, where that is another.",
    ),
)


def target_options(command: _F) -> _F:
    """The options that name a target; a command gets them as keywords, for `read_target`."""
    return _SAVED(settings_options(command))


def settings_options(command: _F) -> _F:
    """The same without `--target`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_target(workbench: Workbench, url: str | None, options: dict[str, Any]) -> Target:
    """The target that the options mean; what is unusual about it is said on standard error. Raises UsageError,
    CertificateError, VaultError, StateError."""
    from inspector.sending_setup import header_warnings

    request = read_request(workbench, url, options)
    for warning in header_warnings(request.headers):
        click.echo(warning, err=True)
    identity = _identity(options["cert"], options["key"], options["key_password_env"])
    return workbench.target(request, identity)


def read_request(workbench: Workbench, url: str | None, options: dict[str, Any]) -> SendRequest:
    """The request that the options mean, upon the saved target that they name. Raises UsageError, StateError."""
    name: str | None = options.get("target_name")
    if name is not None:
        from inspector.sender.kept.targets import find

        request = find(workbench.home, name).request
    elif url:
        request = SendRequest(url)
    else:
        raise UsageError(
            "There is no target to send to.", "Name one with --to URL, or a saved one with --target NAME."
        )
    if options["identity"] and options["cert"]:
        raise UsageError("--identity and --cert name two identities.", "Give one of them.")
    given = {
        name: options[name]
        for name in ("identity", "tls_min", "tls_max", "timeout", "connect_timeout", "proxy", "proxy_user")
        if is_given(name)
    }
    if options["cert"]:
        given["identity"] = ""
    if url:
        given["url"] = url
    return replace(
        request,
        **given,
        **read_trust(options),
        **_basic(request, options),
        **_proxy_password(request, options),
        **_headers(request, options["headers"], options["secret_headers"]),
    )


def is_given(option: str) -> bool:
    """Whether the option stands on the command line (its keyword, such as `tls_min`)."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def _basic(request: SendRequest, options: dict[str, Any]) -> dict[str, Any]:
    if not (is_given("basic_user") or options["basic_password_env"]):
        return {}
    user = options["basic_user"] if is_given("basic_user") else request.basic_user
    return {
        "basic_user": user,
        "basic_password": basic_password(user, options["basic_password_env"]),
    }


def _proxy_password(request: SendRequest, options: dict[str, Any]) -> dict[str, Any]:
    given = from_environment("--proxy-password-env", options["proxy_password_env"])
    user = options["proxy_user"] or request.proxy_user
    if given is not None and not user:
        raise UsageError("--proxy-password-env is a password without a user.", "Add --proxy-user USER.")
    if (options["proxy_user"] or given is not None) and not (options["proxy"] or request.proxy):
        raise UsageError("--proxy-user needs a proxy.", "Add --proxy URL.")
    if given is not None:
        return {"proxy_password": given}
    if not options["proxy_user"] or options["proxy_user"] == request.proxy_user:
        return {}
    ask = prompt_for(f"Password of {user} for the HTTP proxy")
    if ask is None:
        raise UsageError(
            "--proxy-user needs a password.",
            "Name the variable that holds it: --proxy-password-env VARIABLE.",
        )
    return {"proxy_password": ask()}


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


def _headers(request: SendRequest, plain: tuple[str, ...], secret: tuple[str, ...]) -> dict[str, Any]:
    """The request's headers with those given in the place of the ones of their names. Of a credential that was typed
    as it is, standard error says how to keep it off the command line, where other programs and the shell's history have
    it."""
    from inspector.contract.masking import is_credential

    for name, _value in map(_header, plain):
        if is_credential(name):
            click.echo(
                f"The value of {name} stands on the command line, where others can read it. "
                f"Keep it in a variable: --header-env {name}=VARIABLE",
                err=True,
            )
    new = [*(_header(text) for text in plain), *(_secret_header(text) for text in secret)]
    named = {name.lower() for name, _value in new}
    headers: Headers = (
        *((name, value) for name, value in request.headers if name.lower() not in named),
        *new,
    )
    secrets = {name.lower() for name in request.secret_headers} - {_header(text)[0].lower() for text in plain}
    secrets |= {_secret_name(text).lower() for text in secret}
    return {
        "headers": headers,
        "secret_headers": tuple(dict.fromkeys(name for name, _value in headers if name.lower() in secrets)),
    }


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"“{text}” is no header.", "Write it as --header 'Name: value'.")
    return name.strip(), value.strip()


def _secret_header(text: str) -> tuple[str, str]:
    name = _secret_name(text)
    return name, from_environment(
        "--header-env", text.partition("=")[2].strip(), what="the header's value"
    ) or ""


def _secret_name(text: str) -> str:
    name, equals, variable = text.partition("=")
    if not equals or not name.strip() or not variable.strip():
        raise UsageError(
            f"“{text}” names no header and variable.", "Write it as --header-env X-Key=VARIABLE."
        )
    return name.strip()
