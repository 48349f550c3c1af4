"""What was pasted to start from: a cURL command, a request as HTTP writes it, or just a body. Pure.

Imports the contract's header rules, errors and its own room. Nothing is run, and no file or variable is read.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import StrEnum

from inspector.contract.header_fields import is_name
from inspector.errors import UsageError

MOST_CHARACTERS = 20_000_000
_LOOKED_AT = 4096

_REQUEST_LINE = re.compile(r"([A-Za-z]{1,16}) (\S+)(?: HTTP/[0-9.]+)?[ \t]*(?:\r\n|\n|\Z)")
_URL_START = re.compile(r"https?://", re.IGNORECASE)
_BETWEEN_NEIGHBOURS = frozenset(
    {
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
    }
)


class Form(StrEnum):
    """What was recognised."""

    CURL = "cURL command"
    HTTP = "HTTP request"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted text says. `url` is empty where it does not say; `headers` are without those that belong to the
    connection. `basic_user` and `basic_password` are taken out of where they stood. `cert`, `key` and `cacert` are the
    names of files, which were not looked at; `proxy` is an address without its password. `remarks` tell, a line each,
    what was left out and why; `variables` are shell variables whose values only the shell knows."""

    form: Form
    url: str = ""
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    remarks: tuple[str, ...] = ()
    basic_user: str = ""
    basic_password: str = field(default="", repr=False)
    insecure: bool = False
    cert: str = ""
    key: str = ""
    cacert: str = ""
    proxy: str = ""
    variables: tuple[str, ...] = ()


def read_pasted(text: str) -> Pasted:
    """What a pasted text says. A text that begins like JSON is a body as it is, also where it is none after all. Raises
    UsageError where it is nothing of what can be begun with."""
    from inspector.sender import curl_read

    if len(text) > MOST_CHARACTERS:
        raise UsageError("What was pasted is too long.", "Save it as a file and open that.")
    begin = text.lstrip("\ufeff \t\r\n")
    if not begin:
        raise UsageError(
            "There is nothing to paste.", "Copy a cURL command, a JSON body or an HTTP request first."
        )
    if begin[0] in "{[":
        return Pasted(Form.BODY, body=_bytes(text))
    if _REQUEST_LINE.match(begin) and "HTTP/" in begin.partition("\n")[0]:
        return _read_http(begin)
    if curl_read.is_curl(begin):
        return curl_read.read_curl(begin)
    raise UsageError(
        "This is neither a cURL command, nor a JSON body, nor an HTTP request.",
        "Begin with “curl …”, “{” or “POST /path HTTP/1.1”.",
    )


def is_request(text: str) -> bool:
    """Whether a text that is pasted where a body is written begins as a cURL command or an HTTP request, so that it was
    meant to be begun with. Looks at its beginning alone, so it is quick."""
    from inspector.sender import curl_read

    begin = text[:_LOOKED_AT].lstrip("\ufeff \t\r\n")
    if _REQUEST_LINE.match(begin) and "HTTP/" in begin.partition("\n")[0]:
        return True
    return curl_read.begins_with_curl(begin)


def sort_out(headers: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], str, str]:
    """Headers without those of the connection, and the user and password of Basic, which was one of them."""
    kept, user, password = [], "", ""
    for name, value in headers:
        scheme, _, rest = value.partition(" ")
        if name.lower() == "authorization" and scheme.lower() == "basic" and ":" in (pair := _decoded(rest)):
            user, _, password = pair.partition(":")
        elif name.lower() not in _BETWEEN_NEIGHBOURS:
            kept.append((name, value))
    return kept, user, password


def without_user(url: str) -> tuple[str, str, str]:
    """An address without the user and password in it, and these."""
    found = re.match(r"(?i)(https?://)([^/?#@]*)@(.*)", url, re.DOTALL)
    if found is None:
        return url, "", ""
    from urllib.parse import unquote

    user, _, password = found[2].partition(":")
    return f"{found[1]}{found[3]}", unquote(user), unquote(password)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _read_http(text: str) -> Pasted:
    line = _REQUEST_LINE.match(text)
    assert line is not None
    head, body = text[line.end() :], ""
    if gap := re.search(r"(?:\A|\r?\n)\r?\n", head):
        head, body = head[: gap.start()], head[gap.end() :]
    headers, remarks, host = [], [], ""
    for row in head.splitlines():
        name, colon, value = row.partition(":")
        if not colon or not is_name(name.strip()):
            remarks.append("A line among the headers is no header, and was left out.")
            continue
        headers.append((name.strip(), value.strip()))
        if name.strip().lower() == "host":
            host = value.strip()
    kept, user, password = sort_out(headers)
    method, target = line[1].upper(), line[2]
    url = (
        target if _URL_START.match(target) else f"https://{host}{target}" if host and target[0] == "/" else ""
    )
    url, url_user, url_password = without_user(url)
    if not host and not url:
        remarks.append("The request names no host, so the target stays as it is.")
    elif not _URL_START.match(target):
        remarks.append("An HTTP request does not say whether it went by TLS; https was taken.")
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        remarks.append("Transfer-Encoding was left out; the body was taken as it stands.")
    if method != "POST":
        remarks.append(f"It is a {method}; the pusher sends by POST.")
    return Pasted(
        Form.HTTP,
        url=url,
        method=method,
        headers=tuple(kept),
        body=_bytes(body),
        remarks=tuple(dict.fromkeys(remarks)),
        basic_user=user or url_user,
        basic_password=password or url_password,
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
