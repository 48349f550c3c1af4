"""The request that a correct proxy makes of a push for FCM's HTTP v1 interface. Pure; imports the contract.

Source: the wire contract ("data maps string to string") and Firebase's reference of `projects.messages`.
"""

from __future__ import annotations

from inspector.contract.anatomy import JsonObject, dissect
from inspector.contract.compact import byte_length, compact
from inspector.contract.findings import Findings
from inspector.contract.push import Service
from inspector.contract.sent_on.model import Change, Header, Kind, SentOn
from inspector.contract.sent_on.source import (
    MOST_NOTED,
    android_of,
    device_token,
    left_out,
    shown_token,
    stays_behind,
)

MOST_BYTES = 4096
MOST_TOPIC_BYTES = 2048
TOPICS = "/topics/"


def send_on(document: JsonObject, *, reveal: bool = False) -> SentOn:
    """The request for a decoded FCM push, whatever is wrong with it."""
    changes: list[Change] = []
    message: JsonObject = {}
    token = device_token(document)
    to_topic = isinstance(token, str) and token.startswith(TOPICS)
    if to_topic and isinstance(token, str):
        message["topic"] = token.removeprefix(TOPICS)
    else:
        message["token"] = shown_token(document, reveal=reveal)
    goes = "topic" if to_topic else "token"
    data = dissect(document, Findings()).data
    if data is not None:
        message["data"] = {key: _text(key, value, changes) for key, value in data.items()}
    message["android"] = android_of(document, "priority", "high", changes)
    changes += [*left_out(document, f"message.{goes}"), *_not_carried(document)]
    texts = message.get("data")
    size = sum(map(byte_length, (*texts, *texts.values()))) if isinstance(texts, dict) else 0
    return SentOn(
        Service.FCM,
        "https://fcm.googleapis.com/v1/projects/<project id>/messages:send",
        (
            Header(
                "Authorization", "Bearer <access token>", "the proxy’s own, from OAuth 2.0", placeholder=True
            ),
            Header("Content-Type", "application/json; charset=UTF-8", "what FCM takes"),
        ),
        {"message": message},
        tuple(changes),
        size,
        MOST_TOPIC_BYTES if to_topic else MOST_BYTES,
        "keys and values of data",
        reveal,
    )


def _text(key: str, value: object, changes: list[Change]) -> str:
    origin, path = ("data", key), ("message", "data", key)
    if isinstance(value, str):
        if len(changes) < MOST_NOTED:
            changes.append(Change(Kind.KEPT, f"{_named(origin)} kept: it is text already", origin, path))
        return value
    if len(changes) < 2 * MOST_NOTED:
        words = f"{_named(origin)} turned into a JSON string: FCM takes text only"
        changes.append(Change(Kind.TEXT, words, origin, path))
    return compact(value)


def _named(path: tuple[str, ...]) -> str:
    return ".".join(part if len(part) <= 40 else part[:39] + "…" for part in path)


def _not_carried(document: JsonObject) -> list[Change]:
    others = [key for key in document if key not in ("data", "android") and not stays_behind(key)]
    noted = [
        Change(Kind.LEFT_OUT, f"{_named((key,))} left out: FCM carries what is in data", (key,))
        for key in others[:MOST_NOTED]
    ]
    if len(others) > MOST_NOTED:
        noted.append(Change(Kind.LEFT_OUT, f"{len(others) - MOST_NOTED:,} more keys left out"))
    return noted
