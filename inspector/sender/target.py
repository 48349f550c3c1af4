"""The address of a target, from what people type. Imports the standard library and `inspector.errors`
(idna lazily)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, urlsplit

from inspector.errors import UsageError

_DEFAULT_PORTS = {"https": 443, "http": 80}
_MAX_HOST = 253
_MAX_LENGTH = 8000  # what web servers take at most, roughly
_MAX_PORT = 65535
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# RFC 3986, 3.3 and 3.4; a percent sign stays where it begins an escape.
_PATH_SAFE = "/:@!$&'()*+,;=~%"
_QUERY_SAFE = _PATH_SAFE + "?"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(:[0-9]*)?")
_HALF_A_SCHEME = re.compile(r"https?:(?!//)", re.IGNORECASE)
_BARE_IPV6 = re.compile(r"(https?://)?[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*(/|$)", re.IGNORECASE)
_EXAMPLE = "Write it as in https://proxy.example.com:8443/push."


def parse_url(text: str) -> str:
    """The URL that `text` means, in normal form: `https://` is added where no scheme is given, `/` where no
    path is; scheme and host in small letters, the host as A-labels, no default port, no fragment.

    Raises UsageError for what is no http or https URL or has a user and password in it.
    """
    text = text.strip()
    if not text:
        raise UsageError("There is no URL to send to.", _EXAMPLE)
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in text):
        raise UsageError("The URL has a character that no URL may have (a space, a backslash, …).", _EXAMPLE)
    if _HALF_A_SCHEME.match(text):
        raise UsageError(
            f"{_shown(text)} is not a URL: the two slashes after the scheme are missing.", _EXAMPLE
        )
    if _BARE_IPV6.match(text):
        raise UsageError("An IPv6 address in a URL needs brackets.", "Write it as in https://[::1]:8443/.")
    if len(text) > _MAX_LENGTH:
        raise UsageError(f"The URL is longer than {_MAX_LENGTH} characters.", _EXAMPLE)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text.removeprefix('//')}")
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{_shown(text)} is not a URL: {_why(error, text)}.", _EXAMPLE) from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise UsageError(f"A push goes to an https URL (or http), not to {parts.scheme}.", _EXAMPLE)
    if "@" in parts.netloc:
        raise UsageError(
            "The URL has a user in it; that would put the password where everybody sees it.",
            "Leave it out and use the Basic options: --basic-user USER --basic-password-env VARIABLE.",
        )
    if port == 0:
        raise UsageError("Nothing can be sent to port 0.", "Give the port that the proxy listens on.")
    if not _AUTHORITY.fullmatch(parts.netloc):
        raise UsageError(f"{_shown(text)} is not a URL: its host or port is malformed.", _EXAMPLE)
    host = _host(parts.hostname or "", bracketed="[" in parts.netloc)
    address = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    path = _escaped(_without_dots(parts.path), _PATH_SAFE)
    query = f"?{_escaped(parts.query, _QUERY_SAFE)}" if parts.query else ""
    return f"{parts.scheme}://{address}{path}{query}"


def _host(host: str, *, bracketed: bool) -> str:
    if not host:
        raise UsageError("The URL names no host.", _EXAMPLE)
    if bracketed:
        try:
            return f"[{ipaddress.IPv6Address(host.partition('%')[0])}]" if "%" not in host else _no_zone(host)
        except ValueError as error:
            raise UsageError(
                f"[{host}] is not an IPv6 address.", "Write it as in https://[::1]:8443/."
            ) from error
    name = host if host.isascii() else _a_labels(host)
    if len(name.rstrip(".")) > _MAX_HOST or not all(
        _LABEL.fullmatch(label) for label in name.removesuffix(".").split(".")
    ):
        raise UsageError(f"{host} can't be the name of a host.", _EXAMPLE)
    return name


def _no_zone(host: str) -> str:
    raise UsageError(
        f"[{host}] names a network interface, which a URL for pushes can't.",
        "Use the host's name or an address without %.",
    )


def _a_labels(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise UsageError(f"{host} can't be the name of a host: {error}.", _EXAMPLE) from error


def _without_dots(path: str) -> str:
    """The path without `.` and `..` (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(text: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=safe)


def _shown(text: str) -> str:
    """The text for a message, without what may be a password."""
    return re.sub(r"(?<=//)[^/?#]*@", "…@", text) if "://" in text else re.sub(r"^[^/?#]*@", "…@", text)


def _why(error: ValueError, text: str) -> str:
    why = str(error)
    if why.startswith("Port"):
        return "its port is not a number up to 65535"
    if "[" in text or "]" in text:
        return "what is in its brackets is not an IPv6 address"
    return why[:1].lower() + why[1:]
