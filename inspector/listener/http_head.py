"""What the head of a request says about the rest of it: how long the body is, and whether we take it at all.

Pure. llhttp has checked the syntax by then, and that Content-Length and Transfer-Encoding do not contradict
each other; the rules here are RFC 9110 and RFC 9112's that it leaves to the server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.history.model import Headers

RawFields = Sequence[tuple[bytes, bytes]]

TARGET_BYTES = 8 * 1024
_REQUEST_LINE = re.compile(rb"[\r\n]*([!-~]{1,64})(?: +([!-~\x80-\xff]*))?(?: +HTTP/(\d\.\d))?")
_OTHER_METHOD = re.compile(rb"[\r\n]*[!#$%&'*+.^_`|~0-9A-Za-z-]+ +[!-~\x80-\xff]+ +HTTP/1\.[01]\r?\n")
_NO_VERSION = re.compile(rb"[\r\n]*[!-~]+ +[!-~\x80-\xff]+\r\n")
_LINE = re.compile(rb"[\r\n]*([^\r\n]*)\r\n")
_HOST = re.compile(r"[A-Za-z0-9\-._~%!$&'()*+,;=\[\]:]*")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request is not taken: the status to answer, a stable name, a sentence."""

    status: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Framing:
    """The fields as text, and what follows them. `length` is the body's, None for a chunked one; `unframed`: it is 0
    only because HTTP/1.0's client says nothing of it, and can't say it otherwise."""

    headers: Headers
    length: int | None
    keep_alive: bool
    expects_continue: bool
    content_coding: str = ""
    unframed: bool = False
    fault: Fault | None = None


def frame(version: str, fields: RawFields, *, body_cap: int) -> Framing:
    """How a request with these fields goes on, and what is wrong with it, if anything."""
    headers = tuple((text(name), text(value)) for name, value in fields)
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.lower(), []).append(value)
    length = None if "transfer-encoding" in given else int(given.get("content-length", ["0"])[0])
    expectation = "" if version == "1.0" else ", ".join(given.get("expect", ())).strip().lower()
    return Framing(
        headers=headers,
        length=length,
        keep_alive=_stays_open(version, given.get("connection", ())),
        expects_continue=expectation == "100-continue",
        content_coding=", ".join(given.get("content-encoding", ())),
        unframed=version == "1.0" and "content-length" not in given,
        fault=_fault(version, given, expectation)
        or (too_large(body_cap, f"it announces {length} bytes") if length and length > body_cap else None),
    )


def _fault(version: str, given: Mapping[str, Sequence[str]], expectation: str) -> Fault | None:
    if version not in ("1.0", "1.1"):
        return Fault(505, "version_not_supported", f"HTTP/{version} is not spoken here, only HTTP/1.1.")
    codings = given.get("transfer-encoding")
    if codings and version == "1.0":
        return Fault(400, "bad_request", "HTTP/1.0 has no Transfer-Encoding.")
    if codings and [coding.strip().lower() for coding in codings] != ["chunked"]:
        return Fault(501, "transfer_coding_not_supported", "The only transfer coding taken here is chunked.")
    hosts = given.get("host", ())
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        return Fault(400, "bad_request", f"A request has one Host field; this one has {len(hosts)}.")
    if hosts and not _HOST.fullmatch(hosts[0]):
        return Fault(400, "bad_request", "The Host field is not a host name.")
    if expectation not in ("", "100-continue"):
        return Fault(417, "expectation_failed", "The only expectation met here is 100-continue.")
    return None


def _stays_open(version: str, values: Sequence[str]) -> bool:
    options = {option.strip().lower() for value in values for option in value.split(",")}
    return "close" not in options and (version == "1.1" or "keep-alive" in options)


def text(raw: bytes) -> str:
    """A field's name or value as text: UTF-8 if it is that, else Latin-1, which can't fail."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def as_text(fields: list[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Fields as text, in their order."""
    return tuple((text(name), text(value)) for name, value in fields)


def too_large(cap: int, what: str) -> Fault:
    """The fault of a body over the cap."""
    return Fault(413, "body_too_large", f"A body may have {cap} bytes here; {what}.")


def head_too_large(head: bytes | bytearray, cap: int) -> Fault | None:
    """The fault of a head that is over its cap, or whose request line is; None if it is not (yet)."""
    line_end = head.find(b"\n", 2)
    if (len(head) if line_end < 0 else line_end) > TARGET_BYTES:
        return target_too_long()
    if len(head) > cap:
        return Fault(431, "header_too_large", f"The header fields may have {cap} bytes here in all.")
    return None


def line_fault(head: bytes | bytearray, method: bytes) -> Fault | None:
    """What llhttp lets pass in a request line: the protocols of cameras and radios, and a target for OPTIONS only."""
    found = _LINE.match(head)
    words = found.group(1).split() if found is not None else []
    if len(words) > 2 and not words[2].startswith(b"HTTP/"):
        return Fault(400, "bad_request", f"The request is {text(words[2][:20])}, not HTTP/1.1.")
    if len(words) > 1 and words[1] == b"*" and method != b"OPTIONS":
        return Fault(400, "bad_request", "The target * is for OPTIONS only.")
    return None


def lacks_version(head: bytes | bytearray) -> bool:
    """Whether a head begins with a request line of HTTP/0.9, after which nothing more may come."""
    return _NO_VERSION.match(head) is not None


def version_0_9() -> Fault:
    """The fault of a request line without a version."""
    return Fault(505, "version_not_supported", "HTTP/0.9 is not spoken here, only HTTP/1.1.")


def length_required() -> Fault:
    """The fault of a body of unknown length."""
    return Fault(411, "length_required", "An HTTP/1.0 request with a body must have a Content-Length.")


def too_many_empty_lines() -> Fault:
    """The fault of a client that sends line ends only."""
    return Fault(400, "bad_request", "Too many empty lines came instead of a request.")


def target_too_long() -> Fault:
    """The fault of a request line over its cap."""
    return Fault(414, "target_too_long", f"The request line may have {TARGET_BYTES} bytes here.")


def syntax_fault(head: bytes | bytearray, reason: str) -> Fault:
    """The fault of a head that llhttp refused: for a well-formed request line with a method that it does not
    know 405, else 400."""
    if head.startswith(b"PRI * HTTP/2"):
        return Fault(505, "version_not_supported", "The client speaks HTTP/2 without having negotiated it.")
    if "method" in reason and _OTHER_METHOD.match(head):
        return method_not_allowed(request_line(head)[0])
    return Fault(400, "bad_request", f"The request is not valid HTTP/1.1: {reason}.")


def method_not_allowed(method: str) -> Fault:
    """The fault of anything but a POST."""
    return Fault(405, "method_not_allowed", f"A push is a POST; this was {method}.")


def request_line(head: bytes | bytearray) -> tuple[str, str, str]:
    """Method, target and version as far as they can be made out in a head that llhttp did not take."""
    found = _REQUEST_LINE.match(head)
    if found is None:
        return "", "", ""
    method, target, version = found.groups(b"")
    return text(method), text(target), text(version)
