"""Hides what may not be shown: device tokens in bodies, credentials in headers. Pure; imports its own room."""

from __future__ import annotations

import re

from inspector.contract.characters import clean
from inspector.contract.reading import guess_encoding
from inspector.contract.token_places import HIDDEN, NAME_IN_TEXT, secret_spans

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SECRET_NAME = re.compile(r"token|secret|passw|api-?key|credential", re.IGNORECASE)
_USER = re.compile(r"(?<=//)[^/?#\s]*@")
_PARAMETER = re.compile(r"(?<=[?&;#])([^=&;#\s?]+)=([^&;#\s]*)")
_SECRET_PARAMETER = re.compile(
    rf"{_SECRET_NAME.pattern}|auth|session|sig(nature)?$|(^|[-_.])(key|code|pwd|pass|jwt)$", re.IGNORECASE
)
# Only words that are known to be a scheme are shown: the first word of a value may be the secret itself.
_SCHEME = re.compile(
    r"(Basic|Bearer|Digest|Negotiate|NTLM|HOBA|Mutual|SCRAM-SHA-[0-9]+|AWS4-HMAC-SHA256)\s", re.IGNORECASE
)
# What requests and answers have anyway; any other field may be one of a brand's own, and its value a shared secret.
_USUAL = frozenset(
    {
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "age",
        "allow",
        "alt-svc",
        "cache-control",
        "connection",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "date",
        "etag",
        "expect",
        "expires",
        "forwarded",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "keep-alive",
        "last-modified",
        "location",
        "max-forwards",
        "origin",
        "pragma",
        "proxy-authenticate",
        "proxy-connection",
        "range",
        "referer",
        "request-id",
        "retry-after",
        "server",
        "strict-transport-security",
        "te",
        "traceparent",
        "tracestate",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "upgrade-insecure-requests",
        "user-agent",
        "vary",
        "via",
        "warning",
        "www-authenticate",
        "x-content-type-options",
        "x-correlation-id",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-frame-options",
        "x-powered-by",
        "x-real-ip",
        "x-request-id",
    }
)


def mask_token(text: str) -> str:
    """A device token with its middle left out: of a long one four characters at each end stay, of a middling one
    (12 to 31) two, of a short one none."""
    text = clean(text)
    keep = 4 if len(text) >= 32 else 2 if len(text) >= 12 else 0
    return f"{text[:keep]}{HIDDEN}{text[len(text) - keep :]}"


def mask_headers(
    headers: tuple[tuple[str, str], ...], *, custom: bool = False
) -> tuple[tuple[str, str], ...]:
    """The headers with credentials left out: of Authorization and Proxy-Authorization the scheme stays; of cookies,
    and of headers whose name speaks of a token, secret, password or key, nothing. With `custom`, nothing stays of any
    header that isn't a usual one of HTTP: a brand's custom headers often carry a shared secret (contract,
    "Transport")."""
    return tuple((name, _mask_header(name, value, custom=custom)) for name, value in headers)


def is_credential(name: str) -> bool:
    """Whether the header of this name holds a credential, by its name."""
    lowered = name.strip().lower()
    return lowered in _SECRET_HEADERS or _SECRET_NAME.search(lowered) is not None


def _mask_header(name: str, value: str, *, custom: bool) -> str:
    lowered = name.strip().lower()
    if not is_credential(name):
        return HIDDEN if custom and value and lowered not in _USUAL else value
    scheme = _SCHEME.match(value.lstrip()) if lowered.endswith("authorization") else None
    return f"{scheme[1]} {HIDDEN}" if scheme else HIDDEN


def mask_url(url: str) -> str:
    """A URL or a path with what is secret in it left out: user and password, and the values of parameters whose name
    speaks of a token, secret, password, signature or key. Takes any text, and finds URLs in it."""
    if "@" in url:
        url = _USER.sub(f"{HIDDEN}@", url)
    if "=" in url:
        url = _PARAMETER.sub(_mask_parameter, url)
    return url


def _mask_parameter(found: re.Match[str]) -> str:
    return f"{found[1]}={HIDDEN}" if _SECRET_PARAMETER.search(found[1]) else found[0]


def mask_body(raw: bytes) -> bytes:
    """A body with every device token in it masked, and every other byte as it was. Never raises.

    A device token is the value of each key that reads `device-token`, at any depth, in any case, however it is
    escaped, with a hyphen, an underscore or nothing between the words, also within JSON text in a string. In a body
    that is not JSON, whatever seems to be such a value is masked: rather too much than too little.
    """
    if raw.isascii() and b"\0" not in raw:
        return _mask_text(raw.decode("ascii")).encode()
    encoding = guess_encoding(raw)
    if encoding.codec != "utf-8":
        # It may only look like a wide encoding; then nothing is found in it.
        masked = _mask_wide(raw, encoding.mark, encoding.codec)
        if masked is not None:
            return masked
    text = raw.decode("utf-8", "surrogateescape")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    masked_text = mark + _mask_text(text[len(mark) :])
    if (
        masked_text == text
        and b"\x00" in raw
        and NAME_IN_TEXT.search(raw.replace(b"\x00", b"").decode("latin-1"))
    ):
        return f'"{HIDDEN}"'.encode()  # too broken to tell where the token ends
    return masked_text.encode("utf-8", "surrogateescape")


def _mask_wide(raw: bytes, mark: int, codec: str) -> bytes | None:
    """The masked body, taken for UTF-16 or UTF-32; None where there is nothing to mask in it as such."""
    unit = 4 if codec.startswith("utf-32") else 2
    end = len(raw) - (len(raw) - mark) % unit  # what is left over at the end of a broken body stays
    try:
        text = raw[mark:end].decode(codec, "surrogatepass")
    except UnicodeDecodeError:
        return None
    masked = _mask_text(text)
    if masked == text and not NAME_IN_TEXT.search(text):
        return None
    return raw[:mark] + masked.encode(codec, "surrogatepass") + raw[end:]


def _mask_text(text: str) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, replacement in secret_spans(text, mask_token):
        pieces += (text[position:start], replacement)
        position = end
    return "".join((*pieces, text[position:]))
