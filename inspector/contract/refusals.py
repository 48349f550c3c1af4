"""What a provider would refuse further on, if the push were passed on as it is. Pure; imports its own room.

That is no problem of the push, which may well be as documented: a push proxy changes it on its way. Sizes are those of
the compact JSON that the provider would get, without the token and what is only for the proxy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from inspector.contract.anatomy import JsonObject, dissect
from inspector.contract.findings import Findings
from inspector.contract.push import Problem, Push, Service, Severity
from inspector.contract.token_places import is_token_name

MOST_BYTES = 4096
"""What each of the providers takes at most."""

_FOR_THE_PROXY = ("push-service", "notificationType")
_LEVELS = ("passive", "active", "time-sensitive", "critical")
_RESERVED = ("from", "message_type")
_RESERVED_STARTS = ("google.", "gcm.notification.")


def refusals(push: Push) -> tuple[Problem, ...]:
    """What the push's provider would say to it; empty where the provider is not known."""
    if not isinstance(push.document, dict):
        return ()
    findings = Findings()
    if push.service is Service.APNS:
        _apns(push.document, findings)
    elif push.service is Service.FCM:
        _fcm(push.document, findings)
    elif push.service is Service.HUAWEI:
        _huawei(push.document, findings)
    return findings.result()


def _apns(document: JsonObject, findings: Findings) -> None:
    aps = dissect(document, Findings()).aps
    if not aps:
        findings.add(
            "PayloadEmpty",
            Severity.WARNING,
            ("aps",) if "aps" in document else (),
            "APNs answers 400 PayloadEmpty where ‘aps’ has nothing to tell the phone.",
        )
        return
    sent = {key: value for key, value in document.items() if not _stays_behind(key)}
    _size(_bytes(sent), "APNs answers 413 PayloadTooLarge", findings)
    level = aps.get("interruption-level")
    if level is not None and level not in _LEVELS:
        findings.add(
            "interruption-level",
            Severity.WARNING,
            ("aps", "interruption-level"),
            "APNs knows no such {path}; it takes passive, active, time-sensitive and critical.",
        )
    _share(aps.get("relevance-score"), ("aps", "relevance-score"), findings)
    sound = aps.get("sound")
    if isinstance(sound, dict):
        _share(sound.get("volume"), ("aps", "sound", "volume"), findings)
    if aps.get("content-available") == 1 and {"alert", "badge", "sound"} & aps.keys():
        findings.add(
            "content-available",
            Severity.INFO,
            ("aps", "content-available"),
            "With an alert, badge or sound beside {path} this is no silent push: apns-push-type must be alert, or APNs "
            "answers 400 InvalidPushType.",
        )


def _share(value: object, path: tuple[str, ...], findings: Findings) -> None:
    if isinstance(value, int | float) and not 0 <= value <= 1:
        findings.add(path[-1], Severity.WARNING, path, "{path} is not between 0 and 1, as APNs wants it.")


def _fcm(document: JsonObject, findings: Findings) -> None:
    data = _object(document.get("data"))
    if data is None:
        return
    for key, value in data.items():
        if not isinstance(value, str):
            findings.add(
                "INVALID_ARGUMENT",
                Severity.INFO if key == "payload" and isinstance(value, dict) else Severity.WARNING,
                ("data", key),
                "{path} must become a JSON string on its way: FCM takes strings only, and answers 400 "
                "INVALID_ARGUMENT, Invalid value at 'message.data' (TYPE_STRING).",
            )
        if key in _RESERVED or key.startswith(_RESERVED_STARTS):
            findings.add(
                "INVALID_ARGUMENT",
                Severity.WARNING,
                ("data", key),
                "FCM keeps {path} for itself, and answers 400 INVALID_ARGUMENT.",
            )
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in _as_strings(data))
    _size(size, "FCM answers 400 INVALID_ARGUMENT", findings)


def _as_strings(data: JsonObject) -> Iterator[str]:
    for key, value in data.items():
        yield key
        yield value if isinstance(value, str) else _text(value)


def _huawei(document: JsonObject, findings: Findings) -> None:
    if "data" not in document:
        return
    data = document["data"]
    if not isinstance(data, str):
        findings.add(
            "80100003",
            Severity.INFO,
            ("data",),
            "{path} must become one JSON string on its way: Huawei takes nothing else, and answers 80100003.",
        )
    message = {"message": {"data": data if isinstance(data, str) else _text(data)}}
    _size(_bytes(message), "Huawei answers 80300008", findings)


def _size(size: int, answer: str, findings: Findings) -> None:
    if size > MOST_BYTES:
        findings.add(
            "too_large",
            Severity.WARNING,
            (),
            "{answer}: passed on whole this is {size:,} bytes, and {most:,} is the most.",
            answer=answer,
            size=size,
            most=MOST_BYTES,
        )


def _stays_behind(key: str) -> bool:
    return key in _FOR_THE_PROXY or is_token_name(key)


def _object(value: object) -> JsonObject | None:
    return value if isinstance(value, dict) else None


def _bytes(value: object) -> int:
    return len(_text(value).encode("utf-8", "surrogatepass"))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
