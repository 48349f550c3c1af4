"""A body as text that a view can take. Pure; imports the contract's reading."""

from __future__ import annotations

from inspector.contract.reading import read_text

LONGEST_TEXT = 256 * 1024
LONGEST_LINE = 4096


def read_body(body: bytes) -> str:
    """All of a body as text, whatever it is."""
    text = read_text(body)
    return body.decode("utf-8", errors="backslashreplace") if text is None else text


def body_text(body: bytes) -> str:
    """Bytes as text for a view. Qt lays a line out whole, so very long ones are broken and a very long text is cut;
    the history keeps every byte."""
    end = LONGEST_TEXT
    while end < len(body) and body[end] & 0xC0 == 0x80:
        end -= 1  # not inside a character of UTF-8
    text = read_text(body[:end]) or body[:end].decode("utf-8", errors="backslashreplace")
    text = text.encode("utf-8", errors="backslashreplace").decode("utf-8")  # Qt takes no lone surrogates
    lines = []
    for line in text.split("\n"):
        lines += [line[start : start + LONGEST_LINE] for start in range(0, len(line), LONGEST_LINE)] or [""]
    if len(body) > end:
        rest = f"{len(body) - end:,} more bytes"
        lines.append(f"… {rest}: push-inspector history show ID --raw has them all")
    return "\n".join(lines)


def place_in_view(text: str, offset: int) -> int:
    """Where a place of a body's text is in its view, whose long lines are broken."""
    place = offset
    lines = text[:offset].split("\n")
    for line in lines[:-1]:
        place += max(0, (len(line) - 1) // LONGEST_LINE)
    end = text.find("\n", offset)
    whole = (len(text) if end < 0 else end) - (offset - len(lines[-1]))
    return place + min(len(lines[-1]) // LONGEST_LINE, max(0, (whole - 1) // LONGEST_LINE))
