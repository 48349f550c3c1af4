"""What answers are made of: an answer, a fault in its place, and a rule that says which push gets it. Frozen; no I/O.

Imports history's records only, so that the window can show rules before the listener is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from inspector.history.model import Headers


class Fault(StrEnum):
    """What goes wrong in the place of a proper answer.

    `drop_early`: the connection is closed when the head has come, the body is not read. `drop`: it is closed when all
    has come. `reset`: so too, with a TCP reset. `truncate`: half of the answer is sent, then it is closed. `silence`:
    no answer ever comes; the client's patience ends it.
    """

    NONE = "none"
    DROP_EARLY = "drop_early"
    DROP = "drop"
    RESET = "reset"
    TRUNCATE = "truncate"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a push is answered, after `delay_seconds`. `fail_first` pushes get 500 before; `drop` closes the connection
    instead. An empty `body` with a status is an empty body; its type is one of the `headers`."""

    status: int = 200
    delay_seconds: float = 0.0
    fail_first: int = 0
    drop: bool = False
    headers: Headers = ()
    body: str = ""
    fault: Fault = Fault.NONE


@dataclass(frozen=True, slots=True)
class Match:
    """Which pushes a rule is for: all that is given must fit, nothing given fits every push.

    `service` is `apns`, `fcm`, `huawei` or `unknown`. The others are compared whole and in any case, `*` and `?`
    standing for any characters and any one; `text` (the alert or message) fits where it is contained.
    """

    service: str = ""
    brand: str = ""
    conversation: str = ""
    device_token: str = field(default="", repr=False)
    path: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule that fires chooses the answer. One that matches fires always, or `share` percent of the times at
    random, and only the `first` N times where that is not 0: counted for every message of its own (by its retry key)
    where `per_message` is set. A rule that is not `enabled` never fires."""

    name: str
    match: Match = Match()
    answer: Answer = Answer()
    share: float = 100.0
    first: int = 0
    per_message: bool = False
    enabled: bool = True
