"""What the rules of all providers share: sizes, numbers, durations. Pure; imports the contract."""

from __future__ import annotations

import re

from inspector.contract.anatomy import JsonObject
from inspector.contract.findings import Findings
from inspector.contract.paths import Path
from inspector.contract.push import Severity
from inspector.contract.sent_on.model import SentOn

IGNORED = "ignored"
"""The code of what a provider takes and the phone does not do."""

_DURATION = re.compile(r"([0-9]{1,9})(?:\.[0-9]{1,9})?s")


def check_size(request: SentOn, code: str, answer: str, findings: Findings) -> None:
    """Whether the request is larger than its provider takes. `answer` says who answers what."""
    if request.size > request.limit:
        findings.add(
            code,
            Severity.WARNING,
            (),
            "{answer}: sent on this is {size:,} bytes ({measured}), and {most:,} is the most.",
            answer=answer,
            size=request.size,
            measured=request.measured,
            most=request.limit,
        )


def is_share(value: object) -> bool:
    """Whether a JSON value is a number from 0 to 1."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def is_whole(value: object) -> bool:
    """Whether a JSON value is a whole number; true and false are none."""
    return type(value) is int


def seconds(value: object) -> float | None:
    """The seconds of a duration such as "3600s"; None for anything else."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else float(value[:-1])  # type: ignore[index] # it is a string then


def warn(code: str, path: Path, message: str, findings: Findings, **words: object) -> None:
    """One more warning."""
    findings.add(code, Severity.WARNING, path, message, **words)


def inner(document: JsonObject, key: str) -> JsonObject:
    """The object under a key, an empty one where there is none."""
    value = document.get(key)
    return value if isinstance(value, dict) else {}
