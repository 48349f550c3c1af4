"""Events for tests of the detail pane: pushes full of secrets, and ones that are odd."""

from __future__ import annotations

import json

from inspector.contract.parse import parse
from inspector.history.model import Direction, Forwarded, Kind, NewEvent, Timings

TOKEN = "425450383030444630304d7c30337c3034"
TOKEN_TEXT = "BTP800DF00M|03|04"
PASSWORD = "dTpwYXNzd29yZA"
CUSTOM = "s3cr3t-of-the-brand"
ANSWERED = "c00kie-of-the-answer"
UPSTREAM = "hush-of-the-upstream"
SECRETS = (TOKEN, TOKEN_TEXT, PASSWORD, CUSTOM, ANSWERED, UPSTREAM)
TIMES = Timings(connect=1.2, tls=13.4, send=0.3, wait=22.5, read=0.4, total=37.8)

BODY = json.dumps(
    {
        "aps": {"alert": "My Test", "note": json.dumps({"device_token": TOKEN})},
        "push-service": 1,
        "device-token": TOKEN,
        "deviceToken": {"nested": TOKEN},
        "brandId": 5,
        "notificationType": "apn",
    }
).encode()


def push(body: bytes = BODY, **changes: object) -> NewEvent:
    """A push that was taken, with credentials in its headers."""
    parsed = parse(body)
    values: dict[str, object] = {
        "kind": Kind.PUSH,
        "direction": Direction.IN,
        "at": 1_700_000_000_000_000,
        "service": parsed.service,
        "status": 200,
        "method": "POST",
        "path": "/push",
        "headers": (("Authorization", f"Basic {PASSWORD}"), ("X-Brand", CUSTOM), ("Host", "localhost")),
        "body": body,
        "device_token": parsed.device_token,
        "message": parsed.message,
        "problems": parsed.problems,
    }
    return NewEvent(**{**values, **changes})  # type: ignore[arg-type]


def forwarded() -> NewEvent:
    """A push that was passed on, with secrets in both answers."""
    upstream = Forwarded("https://up.example/push", 502, (("X-Up", UPSTREAM), ("Server", "x")), BODY, TIMES)
    return push(
        status=502,
        answer_headers=(("Set-Cookie", ANSWERED), ("X-Mine", CUSTOM)),
        answer_body=BODY,
        forwarded=upstream,
    )


def sent() -> NewEvent:
    """A push that was sent from here."""
    return push(
        direction=Direction.OUT, url="https://localhost/", timings=TIMES, answer_headers=(("X-Up", UPSTREAM),)
    )
