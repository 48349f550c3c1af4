"""The request that a correct proxy makes of a push for Huawei Push Kit. Pure; imports the contract.

Source: the wire contract (`data` is one string, `token` a list, sizes without the tokens) and Huawei's reference of
its downlink messages.
"""

from __future__ import annotations

from inspector.contract.anatomy import JsonObject
from inspector.contract.compact import byte_length, compact
from inspector.contract.masking import mask_token
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
MOST_TOKENS = 1000


def send_on(document: JsonObject, *, reveal: bool = False) -> SentOn:
    """The request for a decoded Huawei push, whatever is wrong with it."""
    changes: list[Change] = []
    message: JsonObject = {"token": _tokens(document, reveal=reveal)}
    if "data" in document:
        data, at = document["data"], ("message", "data")
        if isinstance(data, str):
            message["data"] = data
            changes.append(Change(Kind.KEPT, "data kept: it is one string already", ("data",), at))
        else:
            message["data"] = compact(data)
            words = "data turned into one JSON string: Huawei takes nothing else"
            changes.append(Change(Kind.TEXT, words, ("data",), at))
    message["android"] = android_of(document, "urgency", "HIGH", changes)
    changes.append(Change(Kind.ADDED, "validate_only added: false delivers it", path=("validate_only",)))
    changes += left_out(document, "message.token, a list")
    others = [key for key in document if key not in ("data", "android") and not stays_behind(key)]
    changes += [
        Change(Kind.LEFT_OUT, f"{key[:40]} left out: Huawei carries what is in data", (key,))
        for key in others[:MOST_NOTED]
    ]
    if len(others) > MOST_NOTED:
        changes.append(Change(Kind.LEFT_OUT, f"{len(others) - MOST_NOTED:,} more keys left out"))
    body: JsonObject = {"validate_only": False, "message": message}
    bare = {**body, "message": {**message, "token": []}}
    return SentOn(
        Service.HUAWEI,
        "https://push-api.cloud.huawei.com/v1/<app id>/messages:send",
        (
            Header(
                "Authorization", "Bearer <access token>", "the proxy’s own, from OAuth 2.0", placeholder=True
            ),
            Header("Content-Type", "application/json; charset=UTF-8", "what Huawei takes"),
        ),
        body,
        tuple(changes),
        byte_length(compact(bare)),
        MOST_BYTES,
        "the JSON body without the tokens",
        reveal,
    )


def _tokens(document: JsonObject, *, reveal: bool) -> list[object]:
    written = device_token(document)
    if not isinstance(written, list):
        return [shown_token(document, reveal=reveal)]
    return [token if reveal else mask_token(token) if isinstance(token, str) else "…" for token in written]
