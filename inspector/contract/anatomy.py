"""Takes a decoded body apart: its `aps`, `data` and payload, and the fields that can be had from wherever they stand.
Pure; imports its own room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from inspector.contract.build import INT64, build
from inspector.contract.characters import clean
from inspector.contract.decode import ODD, decode_clean
from inspector.contract.faults import JsonSyntaxError
from inspector.contract.findings import Findings
from inspector.contract.models import OLD_BRAND_ID
from inspector.contract.paths import Path
from inspector.contract.push import Severity
from inspector.contract.service import Layout

JsonObject = dict[str, object]


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The parts of a body, each None where it is not there or not an object. `data` and `payload` are decoded where
    they were JSON text in a string."""

    top: JsonObject
    aps: JsonObject | None
    data: JsonObject | None
    payload: JsonObject | None


class Fields(TypedDict):
    """The fields of a Push that are read from a body, under their names there."""

    push_service: int | None
    notification_type: str | None
    device_token: str | None
    message: str | None
    backend_service: str | None
    conversation_id: str | None
    dialog_id: str | None
    originator_id: str | None
    brand_id: str | None
    badge: int | None
    sequence: int | None


def dissect(document: JsonObject, findings: Findings) -> Anatomy:
    """The parts of a body. A `data` or payload that is JSON text in a string is a finding, and decoded."""
    data = _object_even_in_text(document.get("data"), ("data",), findings)
    payload = _object_even_in_text(data.get("payload"), ("data", "payload"), findings) if data else None
    return Anatomy(document, _object(document.get("aps")), data, payload)


def _object_even_in_text(value: object, path: Path, findings: Findings) -> JsonObject | None:
    if not isinstance(value, str):
        return _object(value)
    inner = decode_clean(value.encode("utf-8", "surrogatepass"))
    if inner is ODD:
        try:
            # Only what turns out to be an object is worth its findings.
            if isinstance(build(value, Findings()), dict):
                inner = build(value, findings, path)
        except JsonSyntaxError:
            return None
    if not isinstance(inner, dict):
        return None
    findings.add(
        "wrong_type",
        Severity.ERROR,
        path,
        "{path} is JSON text inside a string, as it is seen on phones; an object was expected.",
    )
    return inner


def read_fields(anatomy: Anatomy, layout: Layout) -> Fields:
    """Every field, from where the layout keeps it; where it is not there, from wherever else it stands."""
    top, payload, data, aps = anatomy.top, anatomy.payload, anatomy.data, anatomy.aps
    order = (payload, data, top, aps) if layout is Layout.DATA else (top, payload, data, aps)
    places = [place for place in order if place is not None]
    texts = [_alert_text(anatomy), _message_text(anatomy)]
    if layout is Layout.DATA:
        texts.reverse()
    return {
        "push_service": _whole(top.get("push-service")),
        "notification_type": _text(top.get("notificationType")),
        "device_token": _text(_first([top, *places], "device-token")),
        "message": next((text for text in texts if text is not None), None),
        "backend_service": _text(_first(places, "backendService")),
        "conversation_id": _text(_first(places, "conversationId")),
        "dialog_id": _text(_first(places, "dialogId")),
        "originator_id": _text(_first(places, "originatorId")),
        "brand_id": _text(_first(places, "brandId", OLD_BRAND_ID)),
        "badge": _whole(_first(places, "badge")),
        "sequence": _whole(_first(places, "sequence")),
    }


def alert_text(alert: object) -> str | None:
    """What an `aps.alert` says: the string, or title, subtitle and body of the object; for a part that the phone
    looks up, the name under which it does, with its arguments. None where it says nothing."""
    if isinstance(alert, str):
        return clean(alert)
    if not isinstance(alert, dict):
        return None
    parts = (_alert_part(alert, "title"), _alert_part(alert, "subtitle"), _alert_part(alert, "body"))
    return clean(" — ".join(part for part in parts if part)) or None


def _alert_part(alert: JsonObject, name: str) -> str:
    if (text := alert.get(name)) and isinstance(text, str):
        return text
    prefix = "" if name == "body" else f"{name}-"
    key, arguments = alert.get(f"{prefix}loc-key"), alert.get(f"{prefix}loc-args")
    if not isinstance(key, str) or not key:
        return ""
    if isinstance(arguments, list) and arguments:
        return f"{key} ({', '.join(item for item in arguments if isinstance(item, str))})"
    return key


def _alert_text(anatomy: Anatomy) -> str | None:
    return alert_text(anatomy.aps.get("alert")) if anatomy.aps else None


def _message_text(anatomy: Anatomy) -> str | None:
    places = [place for place in (anatomy.data, anatomy.payload) if place]
    return _text(_first(places, "message"))


def _first(places: Iterable[JsonObject], *keys: str) -> object:
    return next((place[key] for place in places for key in keys if key in place), None)


def _object(value: object) -> JsonObject | None:
    return value if isinstance(value, dict) else None


def _text(value: object) -> str | None:
    return clean(value) if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    return value if type(value) is int and value in INT64 else None
