"""Bytes to text: which encoding a body is in, and the text that can be had from it. Pure; imports its own room."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from inspector.contract.findings import Findings
from inspector.contract.push import Severity

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABELS = {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32"}


@dataclass(frozen=True, slots=True)
class Encoding:
    """A guess: the codec (`utf-8`, `utf-16-le`, …), and how many bytes of byte order mark come first."""

    codec: str
    mark: int


def guess_encoding(raw: bytes) -> Encoding:
    """The encoding that the first bytes speak of: by a byte order mark, else by where their NUL bytes are (JSON
    begins with an ASCII character, RFC 4627 section 3), else UTF-8."""
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return Encoding(codec, len(mark))
    pattern = tuple(byte != 0 for byte in raw[:4])
    codec = {
        (False, False, False, True): "utf-32-be",
        (True, False, False, False): "utf-32-le",
        (False, True, False, True): "utf-16-be",
        (False, True, True, True): "utf-16-be",
        (True, False, True, False): "utf-16-le",
        (True, False, True, True): "utf-16-le",
        (True, False): "utf-16-le",
        (False, True): "utf-16-be",
    }.get(pattern, "utf-8")
    return Encoding(codec, 0)


def read_text(raw: bytes, findings: Findings | None = None) -> str | None:
    """The text of a body without its byte order mark, with every departure from clean UTF-8 added to `findings`.

    None where no text can be had. The text may hold lone surrogates, where UTF-8 bytes spelled them.
    """
    findings = findings or Findings()
    encoding = guess_encoding(raw)
    if encoding.codec == "utf-8":
        if encoding.mark:
            findings.add(
                "byte_order_mark",
                Severity.WARNING,
                (),
                "The body begins with a UTF-8 byte order mark; JSON is sent without one.",
            )
        return _read_utf8(raw[encoding.mark :], findings)
    label = _LABELS[encoding.codec]
    try:
        text = raw[encoding.mark :].decode(encoding.codec)
    except UnicodeDecodeError:
        if not encoding.mark:  # only a guess, and a wrong one
            return _read_utf8(raw, findings)
        findings.add(
            "wrong_encoding",
            Severity.ERROR,
            (),
            "The body begins like {label} text and is damaged; UTF-8 was expected.",
            label=label,
        )
        return None
    findings.add(
        "wrong_encoding", Severity.ERROR, (), "The body is {label} text; UTF-8 was expected.", label=label
    )
    return text


def _read_utf8(raw: bytes, findings: Findings) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        offset, byte = error.start, raw[error.start]
    text, how = _read_damaged(raw)
    findings.add(
        "wrong_encoding",
        Severity.ERROR,
        (),
        "The body is not UTF-8: byte 0x{byte:02X} at offset {offset} does not belong there; it was read {how}.",
        byte=byte,
        offset=offset,
        how=how,
    )
    return text


def _read_damaged(raw: bytes) -> tuple[str, str]:
    """The most sensible text of bytes that are not UTF-8, and in words how it was had."""
    try:
        halves = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        pass
    else:  # CESU-8: programs that write each half of a UTF-16 pair by itself
        joined = halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return joined, "as UTF-8 with surrogates"
    replaced = raw.decode("utf-8", "replace")
    if any(character > "\x7f" and character != "\ufffd" for character in set(replaced)):
        return replaced, "as UTF-8 with U+FFFD in the damaged places"
    return raw.decode("latin-1"), "as Latin-1"
