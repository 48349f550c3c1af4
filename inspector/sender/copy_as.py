"""A push of the history as a command or a script that sends it again. Pure; imports the contract and history's words.

The client's certificate and key are named as `certs export` writes them, and the CA of the server's certificate as
`server-ca.pem`; no passphrase is ever in it. What authorises comes from the environment (`$AUTHORIZATION`, `$X_BRAND`),
and device tokens are masked, unless all is to be revealed. Commands are quoted for a POSIX shell.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from inspector.contract.header_fields import is_name
from inspector.history.exchange.masked import Mask
from inspector.history.model import Direction, Event, Headers, NewEvent

CERTIFICATE, KEY, SERVER_CA = "mybrandpushCrt.pem", "mybrandpushKey.pem", "server-ca.pem"
BODY_FILE = "body.bin"
_LONGEST_ARGUMENT = 100_000  # bytes; Linux takes 128 KiB
_IN_URL = "!#$%&'()*+,/:;=?@[]~"
_NOT_PLAIN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_AUTHORITY = re.compile(r"^\w+://(?:[^/?#]*@)?([^/?#]*).*", re.DOTALL)
_DOTS = re.compile(r"[^?#]*/\.\.?([/?#]|$)")
# What is between two neighbours, or follows from the URL and the body.
_LEFT_OUT = frozenset(
    {
        *("connection", "content-length", "expect", "host", "keep-alive", "proxy-authenticate"),
        *("proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
_MORE = " \\\n  "


@dataclass(frozen=True, slots=True)
class Way:
    """One way to copy a push."""

    key: str
    title: str
    make: Callable[[Event, bool], str]


@dataclass(frozen=True, slots=True)
class _Field:
    """A header; a secret one has the name of the variable that holds its value."""

    name: str
    value: str = field(repr=False)
    variable: str = ""


@dataclass(frozen=True, slots=True)
class _Request:
    """What is to be sent."""

    method: str
    url: str
    fields: tuple[_Field, ...]
    body: bytes = field(repr=False)
    text: str | None = field(repr=False)  # the body where it can stand in a command
    fetch: str  # the command that writes the body to a file, where it can't
    with_certificate: bool

    @property
    def secure(self) -> bool:
        return self.url.startswith("https:")


def curl(event: Event, reveal: bool) -> str:  # noqa: FBT001 - the ways are called alike
    """A command for curl."""
    request = _request(event, reveal=reveal)
    parts = ["curl", *(["--globoff"] if re.search(r"[\[\]{}]", request.url) else [])]
    if _DOTS.match(request.url):
        parts.append("--path-as-is")
    lines = [f"{' '.join(parts)} {shlex.quote(request.url)}"]
    if request.method != "POST" or not request.body:
        lines.append(f"-X {shlex.quote(request.method)}")
    if request.secure:
        if request.with_certificate:
            lines.append(f"--cert {CERTIFICATE} --key {KEY}")
        lines.append(f"--cacert {SERVER_CA}")
    for one in request.fields:
        if one.value or one.variable:
            lines.append(f"-H {_with_variable(f'{one.name}: ', one)}")
        else:
            lines.append(f"-H {shlex.quote(f'{one.name};')}")  # so curl sends an empty one
    if request.body and not any(one.name.lower() == "content-type" for one in request.fields):
        lines.append("-H 'Content-Type:'")  # else curl says that it is a form
    if request.text is not None and request.body:
        option = "--data-raw" if request.text.startswith("@") else "--data-binary"
        lines.append(f"{option} {shlex.quote(request.text)}")
    elif request.body:
        lines.append(f"--data-binary @{BODY_FILE}")
    return request.fetch + _MORE.join(lines)


def httpie(event: Event, reveal: bool) -> str:  # noqa: FBT001 - the ways are called alike
    """A command for HTTPie."""
    request = _request(event, reveal=reveal)
    from_file = request.body and request.text is None
    options = [] if from_file else ["--ignore-stdin"]
    if request.secure:
        options.append(f"--verify {SERVER_CA}")
        if request.with_certificate:
            options.append(f"--cert {CERTIFICATE} --cert-key {KEY}")
    if request.body and request.text is not None:
        options.append(f"--raw {shlex.quote(request.text)}")
    lines = ["http" + "".join(f" {option}" for option in options[:1]), *options[1:]]
    lines.append(f"{shlex.quote(request.method)} {shlex.quote(request.url)}")
    for one in request.fields:
        if not one.value and not one.variable:
            lines.append(shlex.quote(f"{one.name};"))
        else:
            lines.append(_with_variable(f"{one.name}:", one, escape="=@:"))
    if from_file:
        lines.append(f"< {BODY_FILE}")
    return request.fetch + _MORE.join(lines)


def httpx_script(event: Event, reveal: bool) -> str:  # noqa: FBT001 - the ways are called alike
    """A Python script for httpx."""
    request = _request(event, reveal=reveal)
    needs = ["os"] if any(one.variable for one in request.fields) else []
    needs += ["ssl"] if request.secure else []
    lines = [f"import {name}" for name in needs]
    lines += ["", "import httpx", ""] if needs else ["import httpx", ""]
    lines.append("headers = [")
    for one in request.fields:
        value = f"os.environ[{one.variable!r}]" if one.variable else _literal(one.value)
        lines.append(f"    ({one.name!r}, {value}),")
    lines += ["]", f"body = {request.body!r}", ""]
    client = "httpx.Client()"
    if request.secure:
        client = "httpx.Client(verify=context)"
        lines.append(f"context = ssl.create_default_context(cafile={SERVER_CA!r})")
        if request.with_certificate:
            lines.append(f"context.load_cert_chain({CERTIFICATE!r}, {KEY!r})")
    lines += [
        f"with {client} as client:",
        f"    answer = client.request({request.method!r}, {request.url!r}, headers=headers, content=body)",
        "print(answer.status_code, answer.text)",
        "",
    ]
    return "\n".join(lines)


def raw_http(event: Event, reveal: bool) -> str:  # noqa: FBT001 - the ways are called alike
    """The request as it went over the wire, in HTTP/1.1; bytes that are no UTF-8 as `\\xff`."""
    written = event.written if reveal else Mask().event(event).written
    headers, body = written.headers, written.body
    names = {name.lower() for name, _ in headers}
    head = [f"{written.method or 'POST'} {written.path or '/'} HTTP/1.1"]
    if "host" not in names:
        head.append(_AUTHORITY.sub(r"Host: \1", _url(written)))
    chunked = "transfer-encoding" in names
    for name, value in headers:
        lowered = name.lower()
        if lowered == "transfer-encoding":
            continue  # what is kept of a body has no chunks
        head.append(f"{name}: {len(body)}" if lowered == "content-length" else f"{name}: {value}")
    if "content-length" not in names and (body or chunked):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(map(_one_line, head)) + "\r\n\r\n" + body.decode("utf-8", "backslashreplace")


WAYS = (
    Way("curl", "cURL", curl),
    Way("httpie", "HTTPie", httpie),
    Way("httpx", "Python httpx", httpx_script),
    Way("raw", "Raw HTTP", raw_http),
)


def _request(event: Event, *, reveal: bool) -> _Request:
    written = event.written
    shown = written if reveal else Mask().event(event).written
    body = shown.body
    text = _as_text(body)
    fetch = ""
    if body and text is None:
        revealed = " --reveal" if reveal else ""
        fetch = f"push-inspector history show {event.id} --raw{revealed} > {BODY_FILE}\n"
    connection = written.connection
    # Of a push that we sent, the certificate is the server's.
    came_with_none = (
        written.direction is Direction.IN and connection is not None and connection.certificate is None
    )
    return _Request(
        method=written.method if is_name(written.method) else "POST",
        url=_url(shown),
        fields=_fields(written.headers, shown.headers),
        body=body,
        text=text,
        fetch=fetch,
        with_certificate=not came_with_none,
    )


def _url(written: NewEvent) -> str:
    """Where it was sent."""
    if written.url:
        return quote(written.url, safe=_IN_URL, errors="replace")
    connection = written.connection
    host = next((value for name, value in written.headers if name.lower() == "host"), "")
    scheme = "http" if connection is not None and connection.tls is None and not connection.via else "https"
    path = written.path if written.path.startswith("/") else f"/{written.path}"
    place = host or (connection.local if connection is not None else "") or "localhost"
    return quote(f"{scheme}://{place}{path}", safe=_IN_URL, errors="replace")


def _fields(headers: Headers, shown: Headers) -> tuple[_Field, ...]:
    """What is to be sent of the headers. What may not be shown of them is secret."""
    between = {
        name.strip().lower()
        for header, value in headers
        if header.lower() == "connection"
        for name in value.split(",")
    }
    found = []
    for (name, value), (_, of_it) in zip(headers, shown, strict=True):
        if is_name(name) and name.lower() not in _LEFT_OUT | between:
            found.append(_Field(name, _one_line(value), "" if of_it == value else _variable(name)))
    return tuple(found)


def _variable(name: str) -> str:
    plain = re.sub(r"[^A-Z0-9]", "_", name.upper())
    return plain if plain[0].isalpha() else f"H_{plain}"


def _with_variable(begin: str, one: _Field, *, escape: str = "") -> str:
    """A header for the shell: as it is, or with the variable that holds its value."""
    if one.variable:
        return f'{shlex.quote(begin)}"${{{one.variable}:?}}"'
    value = f"\\{one.value}" if one.value[:1] and one.value[:1] in escape else one.value
    return shlex.quote(f"{begin}{value}")


def _as_text(body: bytes) -> str | None:
    """The body as it can stand in a command; None where it is no plain text, or too long."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if len(body) > _LONGEST_ARGUMENT or _NOT_PLAIN.search(text) else text


def _one_line(text: str) -> str:
    return re.sub("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]", " ", text)


def _literal(value: str) -> str:
    """A header's value for Python; httpx takes ASCII texts only."""
    return repr(value) if value.isascii() else repr(value.encode("latin-1", "replace"))
