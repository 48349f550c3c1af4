"""Bytes as a text that can be edited, and why some bytes can't be. Imports the contract.

What is typed is sent as its UTF-8. A captured body is shown as a text too, and where the text can't stand for every
byte of it, the bytes themselves are kept and sent for as long as the text is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspector.contract.text import reformat

# A line of this many characters makes each key wait for Qt, which shapes lines as a whole.
LONGEST_LINE = 16_384

_NOT_HELD = {
    "\r": "it has carriage returns, which a text field makes plain line ends of",
    "\u2029": "it has a paragraph separator (U+2029), which a text field makes a line end of",
    "\ufdd0": "it has the character U+FDD0, which a text field makes a line end of",
    "\ufdd1": "it has the character U+FDD1, which a text field makes a line end of",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A body and the text that is shown for it. `reason` tells why the text is not the whole truth, in words that go
    on after a colon; it is empty where the text's UTF-8 is the body."""

    raw: bytes
    text: str
    reason: str = ""


def open_body(raw: bytes) -> Opened:
    """Any bytes as something to edit. Never raises."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 (byte {raw[error.start]:02X} at {error.start})"
        return Opened(raw, _with_line_feeds(raw.decode(errors="replace")), reason)
    if text.startswith("\ufeff"):
        return Opened(
            raw, _with_line_feeds(text[1:]), "it begins with a byte order mark, which no text field shows"
        )
    for character, reason in _NOT_HELD.items():
        if character in text:
            return Opened(raw, _with_line_feeds(text), reason)
    longest = max(map(len, text.split("\n")))
    if longest > LONGEST_LINE and (laid_out := reformat(text)) != text:
        return Opened(raw, laid_out, f"it has a line of {longest:,} characters, so it is shown laid out")
    return Opened(raw, text)


def _with_line_feeds(text: str) -> str:
    """The text as the editor will give it back."""
    text = text.replace("\r\n", "\n")
    for character in _NOT_HELD:
        text = text.replace(character, "\n")
    return text.removeprefix("\ufeff")
