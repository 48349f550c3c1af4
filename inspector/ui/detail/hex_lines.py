"""Bytes as the lines of a hex dump, and which byte stands where in them. Pure; imports nothing.

A line is an offset of eight digits, sixteen bytes in two groups, and the same as ASCII.
"""

from __future__ import annotations

BYTES = 16
_HALF = BYTES // 2
OFFSET_COLUMNS = 8
HEX_START = OFFSET_COLUMNS + 2
TEXT_START = HEX_START + 3 * BYTES + 2
COLUMNS = TEXT_START + BYTES

_ASCII = bytes(byte if 0x20 <= byte < 0x7F else ord(".") for byte in range(256))


def line_count(size: int) -> int:
    """How many lines so many bytes take."""
    return -(-size // BYTES)


def hex_text(part: bytes) -> str:
    """The bytes of a line as two groups of hexadecimal numbers."""
    first, second = part[:_HALF].hex(" "), part[_HALF:].hex(" ")
    return f"{first}  {second}" if second else first


def ascii_text(part: bytes) -> str:
    """The bytes of a line as ASCII, a dot for what has no sign there."""
    return part.translate(_ASCII).decode("ascii")


def hex_column(place: int) -> int:
    """The column where a line's byte begins among the hexadecimal numbers."""
    return HEX_START + 3 * place + (place >= _HALF)


def byte_at(column: float) -> int:
    """Which byte of a line is meant by a column, also one beside it."""
    if column >= TEXT_START - 1:
        return min(BYTES - 1, max(0, int(column - TEXT_START)))
    inside = column - HEX_START
    if inside >= 3 * _HALF:
        inside -= 1
    return min(BYTES - 1, max(0, int((inside + 0.5) // 3)))


def dump(data: bytes, start: int, end: int) -> str:
    """The bytes of a span as a hex dump would name them, sixteen a line."""
    lines = (data[place : min(end, place + BYTES)].hex(" ") for place in range(start, end, BYTES))
    return "\n".join(lines)
