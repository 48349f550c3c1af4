"""A script: what the player plays. Pure; imports pydantic, `inspector.contract` and `inspector.errors`.

The file is a JSON object. Only `format`, `version` and `devices` must be there:

- `format` is "push-inspector-script", `version` 1;
- `name` is what `send --play` takes, `title` one line for people;
- `seed`, a whole number: the same seed makes the same exchange, byte for byte;
- `brandId`, the account;
- `devices`, a list of `{"service": "apns" | "fcm" | "huawei", "count": 1, "tokens": []}`: so many devices, with these
  tokens as far as they reach and made-up ones beyond;
- `devices_each`, how many of the devices each consumer has: every message goes to each of them;
- `conversations`, how many there are, and `pushes`, the messages of each, whose sequences and badges rise from 1;
- `texts`, what agents write, one after the other;
- `pause`, `{"least", "most"}`: seconds between the messages of a conversation, at random between the two;
- `spread`: conversations begin at random within so many seconds;
- `repeats`, `{"share", "attempts", "interval"}`: this share of pushes (0 to 1) comes again as the pusher's retries do,
  up to that many attempts in all, `interval` seconds apart;
- `out_of_order`: this share of pushes comes behind the one after it;
- `duplicates`: this share comes twice at once.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from inspector.contract.answers import RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS
from inspector.contract.push import Service
from inspector.errors import UsageError

FORMAT: Literal["push-inspector-script"] = "push-inspector-script"
VERSION: Literal[1] = 1
MOST_PUSHES = 500_000
"""What one script may come to: all its pushes are laid out in memory before the first is sent."""

_BEGIN = "Begin with one of those that this lists: push-inspector send --list-scripts --json"

# Where pydantic speaks of Python to whoever writes JSON.
_WORDS = {
    "extra_forbidden": "a script has no such field",
    "literal_error": "it can't have that value",
    "missing": "it must be there",
    "too_short": "the list is empty",
    "tuple_type": "it must be a list",
    "model_type": "it must be an object",
    "model_attributes_type": "it must be an object",
}

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Count = Annotated[int, Field(ge=1, le=MOST_PUSHES)]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Devices(_Part):
    """Devices of one service."""

    service: Literal[Service.APNS, Service.FCM, Service.HUAWEI]
    count: Count = 1
    tokens: tuple[Text, ...] = Field(default=(), repr=False)


class Pause(_Part):
    """Seconds, at random between the two."""

    least: Seconds = 1.0
    most: Seconds = 1.0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.most < self.least:
            raise ValueError("most is less than least")
        return self


class Repeats(_Part):
    """Which pushes come again, as retries do."""

    share: Share = 0.0
    attempts: Annotated[int, Field(ge=2, le=100)] = RETRY_ATTEMPTS
    interval: Seconds = RETRY_INTERVAL_SECONDS


class Script(_Part):
    """What is played; the module's docstring tells of the fields."""

    format: Literal["push-inspector-script"] = FORMAT
    version: Literal[1] = VERSION
    name: str = ""
    title: str = ""
    seed: int = 1
    brand_id: Text = Field(default="90588711", alias="brandId")
    devices: Annotated[tuple[Devices, ...], Field(min_length=1)]
    devices_each: Count = 1
    conversations: Count = 1
    pushes: Count = 6
    texts: Annotated[tuple[Text, ...], Field(min_length=1)] = ("Hello, how can I help?",)
    pause: Pause = Pause()
    spread: Seconds = 0.0
    repeats: Repeats = Repeats()
    out_of_order: Share = 0.0
    duplicates: Share = 0.0

    @property
    def device_count(self) -> int:
        """All devices."""
        return sum(group.count for group in self.devices)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.devices_each > self.device_count:
            raise ValueError(
                f"devices_each is {self.devices_each}, but there are {self.device_count} devices"
            )
        most = self.conversations * self.pushes * self.devices_each
        if self.repeats.share:
            most *= self.repeats.attempts
        if self.duplicates:
            most *= 2
        if most > MOST_PUSHES:
            raise ValueError(f"it may come to {most:,} pushes; at most {MOST_PUSHES:,} can be played")
        return self


def read_script(text: bytes, name: str) -> Script:
    """The script in a file of that name. Raises UsageError, which names the first field that is wrong."""
    try:
        document = json.loads(text)
    except ValueError as error:  # not JSON, or not UTF-8
        raise UsageError(f"{name} is not JSON: {error}.", _BEGIN) from error
    except RecursionError as error:
        raise UsageError(f"{name} is nested too deeply for a script.", _BEGIN) from error
    missing = [key for key in ("format", "version") if not isinstance(document, dict) or key not in document]
    if missing:
        raise UsageError(
            f"{name} is not a script: it has no {missing[0]}.",
            f'A script begins with "format": "{FORMAT}", "version": {VERSION}.',
        )
    try:
        return Script.model_validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        why = _WORDS.get(first["type"]) or str(first["msg"]).removeprefix("Value error, ")
        if first["loc"][-1:] == ("service",) and first["type"] == "literal_error":
            why += ", but apns, fcm or huawei"
        raise UsageError(
            f"{name} can't be played: {f'{place}: ' if place else ''}{why[:1].lower()}{why[1:]}.",
            "Correct it there.",
        ) from error


def write_script(script: Script) -> str:
    """The file of a script; what is read from it is the same script."""
    return json.dumps(script.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False) + "\n"
