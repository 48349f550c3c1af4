"""The format `.jsonl`: every event of a history, one JSON object a line, without loss. Imports its own room.

The first line tells what the file is: `push_inspector_export`, the version of this format; `program`, what wrote it;
`exported_at`; `masked`, whether secrets were left out. It may be left out, and blank lines are skipped. All keys of an
event are told of in the README, "The export format". Those whose value is none, empty or as usual are left out when
writing, unknown ones are not read.

A text that UTF-8 can't hold, as it has half of a surrogate pair, is `{"wtf8": …}`, its bytes in base64. A duration that
is no number is `"inf"`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import inspector
from inspector.errors import UsageError
from inspector.history.exchange.checked import FaultError, Fields
from inspector.history.exchange.record import Encoder, timestamp, to_json
from inspector.history.exchange.unrecord import Decoder
from inspector.history.model import Event, Restored

VERSION = 1
_HEADER = "push_inspector_export"
_LONGEST_LINE = 64 * 1024 * 1024  # bytes
_MARK = b"\xef\xbb\xbf"


class JsonlWriter:
    """Writes events to an open file."""

    def __init__(self, file: BinaryIO, *, masked: bool, now: int) -> None:
        self._file = file
        self._masked = masked
        self._encoder = Encoder()
        program = f"push-inspector {inspector.__version__}"
        header = {_HEADER: VERSION, "program": program, "exported_at": timestamp(now), "masked": masked}
        file.write(f"{to_json(header)}\n".encode())

    def write(self, events: list[Event]) -> None:
        """Write some more."""
        line, masked = self._encoder.line, self._masked
        self._file.writelines([line(event, masked=masked) for event in events])

    def end(self) -> None:
        """Nothing more is to be written."""


def read(path: Path) -> Iterator[Restored]:
    """The events of a file, one after the other. Raises UsageError for the first line that can't be read, OSError."""
    decoder = Decoder()
    number = 0
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE + 1):
            number += 1
            ended = line.endswith(b"\n")
            if not ended and len(line) > _LONGEST_LINE:
                raise fault(path, f"line {number}", f"it is longer than {_LONGEST_LINE:,} bytes")
            if number == 1:
                line = line.removeprefix(_MARK)
            line = line.strip()
            if not line:
                continue
            try:
                value = parsed(line)
                if number == 1 and isinstance(value, dict) and _HEADER in value:
                    _check_header(path, value)
                    continue
                event = decoder.event(value)
            except FaultError as error:
                where = f"line {number}" if ended else f"line {number}, the last one and perhaps cut off"
                raise fault(path, where, str(error)) from error
            yield event
    if not number:
        raise UsageError(f"{path} is empty.", "Name a file that was exported.")


def parsed(line: bytes) -> object:
    """The JSON value of a line. Raises FaultError."""
    try:
        return json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise FaultError(f"it is not UTF-8 (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise FaultError(f"it is not JSON: {error.msg}, column {error.colno}") from error
    except RecursionError as error:
        raise FaultError("it is nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits
        raise FaultError(f"it holds a number of more than {sys.get_int_max_str_digits()} digits") from error


def fault(path: Path, where: str, what: str) -> UsageError:
    """The error for a file that can't be imported."""
    return UsageError(
        f"{path} can't be imported: {where}: {what}.",
        "Nothing was imported. Export it again, or mend that place.",
    )


def _check_header(path: Path, value: object) -> None:
    version = Fields(value).number(_HEADER, least=1)
    if version > VERSION:
        raise UsageError(
            f"{path} is from a newer version of Push Inspector (format {version}, this one knows {VERSION}).",
            "Nothing was imported. Update Push Inspector.",
        )
