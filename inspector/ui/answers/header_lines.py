"""Header fields as lines of text, and back. What is no `Name: value` comes back as it was typed. Pure."""

from __future__ import annotations

from inspector.history.model import Headers


def to_lines(headers: Headers) -> str:
    """One line a header."""
    return "\n".join(
        f"{name}: {value}" if value or _is_name(name) else name.rstrip() for name, value in headers
    )


def from_lines(text: str) -> Headers:
    """The headers of lines; empty ones don't count. A line without a colon is taken with a space at its end for a
    name, which no header can have: the check says so, and it is not sent."""
    headers = []
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers.append((name.strip(), value.strip()))
        elif line.strip():
            headers.append((f"{line.rstrip()} ", ""))
    return tuple(headers)


def unfinished(headers: Headers) -> str | None:
    """The first line that is no header, None where all are."""
    return next((name.strip() for name, _ in headers if not _is_name(name)), None)


def _is_name(name: str) -> bool:
    return not name.endswith(" ")
