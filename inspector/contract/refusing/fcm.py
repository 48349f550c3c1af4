"""What FCM's HTTP v1 interface would answer to a request that is sent on. Pure; imports the contract.

Source: the wire contract's rules for FCM.
"""

from __future__ import annotations

import re

from inspector.contract.anatomy import JsonObject, dissect
from inspector.contract.findings import Findings
from inspector.contract.push import Severity
from inspector.contract.refusing.common import check_size, inner, seconds, warn
from inspector.contract.sent_on.fcm import TOPICS
from inspector.contract.sent_on.model import SentOn
from inspector.contract.sent_on.source import device_token
from inspector.contract.token_places import is_token_name

_CODE = "400 INVALID_ARGUMENT"
_RESERVED = ("from", "message_type")
_RESERVED_STARTS = ("google.", "gcm.notification.")
_MOST_SECONDS = 2_419_200
_TOPIC = re.compile(r"[a-zA-Z0-9\-_.~%]+")
_PRIORITIES = ("high", "normal", "HIGH", "NORMAL")


def check(document: JsonObject, request: SentOn, findings: Findings) -> None:
    """Everything that FCM would say to a decoded push."""
    _token(document, findings)
    _data(document, findings)
    check_size(request, _CODE, f"FCM answers {_CODE}", findings)
    android = inner(document, "android")
    if "priority" in android and android["priority"] not in _PRIORITIES:
        warn(
            _CODE,
            ("android", "priority"),
            "{path} must be high or normal, or FCM answers " + _CODE + ".",
            findings,
        )
    if "ttl" in android:
        lasts = seconds(android["ttl"])
        if lasts is None or lasts > _MOST_SECONDS:
            warn(
                _CODE,
                ("android", "ttl"),
                '{path} must be written like "3600s", from 0 to 2,419,200 seconds, or FCM answers '
                + _CODE
                + ".",
                findings,
            )


def _token(document: JsonObject, findings: Findings) -> None:
    token = device_token(document)
    name = next((key for key in document if is_token_name(key)), None)
    path = () if name is None else (name,)
    if not isinstance(token, str) or not token:
        warn(_CODE, path, "FCM wants a token, a topic or a condition, and answers " + _CODE + ".", findings)
    elif token.startswith(TOPICS) and not _TOPIC.fullmatch(token.removeprefix(TOPICS)):
        warn(_CODE, path, "{path} names a topic that FCM does not take: it answers " + _CODE + ".", findings)


def _data(document: JsonObject, findings: Findings) -> None:
    if "data" not in document:
        return
    data = dissect(document, Findings()).data
    if data is None:
        warn(
            _CODE,
            ("data",),
            "{path} must be an object of strings: FCM answers "
            + _CODE
            + ", Invalid value at 'message.data'.",
            findings,
        )
        return
    for place, (key, value) in enumerate(data.items()):
        if not isinstance(value, str):
            findings.add(
                _CODE,
                Severity.INFO if key == "payload" and isinstance(value, dict) else Severity.WARNING,
                ("data", key),
                "{path} must become a JSON string on its way: FCM takes strings only, and answers 400 "
                "INVALID_ARGUMENT, Invalid value at 'message.data[{place}].value' (TYPE_STRING).",
                place=place,
            )
        if key in _RESERVED or key.startswith(_RESERVED_STARTS):
            warn(_CODE, ("data", key), "FCM keeps {path} for itself, and answers " + _CODE + ".", findings)
