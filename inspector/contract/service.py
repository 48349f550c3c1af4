"""Decides which provider a body is for, out of the two fields that say it and the body's shape. Pure; imports
its own room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from inspector.contract.characters import clean
from inspector.contract.findings import Findings
from inspector.contract.models import Envelope
from inspector.contract.push import Service, Severity
from inspector.contract.verbatim import Verbatim

PUSH_SERVICES = {1: Service.APNS, 2: Service.FCM, 3: Service.HUAWEI}
NOTIFICATION_TYPES = {"apn": Service.APNS, "gcm": Service.FCM, "huawei": Service.HUAWEI}


class Layout(Enum):
    """Where a body keeps its fields: iOS at the top beside `aps`, the others in `data.payload`."""

    APS = auto()
    DATA = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Decision:
    """The service, and where its fields are to be looked for (the latter may be known where the former is not)."""

    service: Service
    layout: Layout


def decide(document: dict[str, object], findings: Findings) -> Decision:
    """The service of a body. Whatever is missing, odd or contradictory about it goes to `findings`.

    Where `push-service` and `notificationType` contradict each other the service is unknown; where one of them is
    missing or makes no sense, the other one decides; where both, the shape: `aps` alone is APNs, but `data` does not
    tell FCM from Huawei.
    """
    by_number = _by_push_service(document, findings)
    by_name = _by_notification_type(document, findings)
    shape = _shape(document)
    if by_number and by_name and by_number is not by_name:
        findings.add(
            "conflicting_service",
            Severity.ERROR,
            ("notificationType",),
            "push-service says {number} and {path} says {name}; both should name the same service.",
            number=by_number.label,
            name=by_name.label,
        )
        return Decision(Service.UNKNOWN, shape)
    service = by_number or by_name
    if service is None:
        return Decision(Service.APNS if shape is Layout.APS else Service.UNKNOWN, shape)
    layout = Layout.APS if service is Service.APNS else Layout.DATA
    foreign = "data" if layout is Layout.APS else "aps"
    if foreign in document:
        findings.add(
            "conflicting_service",
            Severity.ERROR,
            (foreign,),
            "The push says it is for {service}, but {path} belongs to {other}.",
            service=service.label,
            other="FCM and Huawei" if layout is Layout.APS else "iOS",
        )
    return Decision(service, layout)


def _shape(document: dict[str, object]) -> Layout:
    if "aps" in document:
        return Layout.UNKNOWN if "data" in document else Layout.APS
    return Layout.DATA if "data" in document else Layout.UNKNOWN


def _by_push_service(document: dict[str, object], findings: Findings) -> Service | None:
    key = "push-service"
    if key not in document:
        _missing(key, findings)
        return None
    value = document[key]
    if type(value) is not int:
        if not isinstance(value, Verbatim):
            findings.add(
                "wrong_type",
                Severity.ERROR,
                (key,),
                "{path} is {found}; a whole number was expected: {meaning}.",
                found=describe(value),
                meaning=Envelope.documented()[key],
            )
        return None
    if value not in PUSH_SERVICES:
        findings.add(
            "unknown_value",
            Severity.ERROR,
            (key,),
            "{path} is {value}; {meaning} was expected.",
            value=value if abs(value) < 10**9 else "a very large number",
            meaning=Envelope.documented()[key],
        )
    return PUSH_SERVICES.get(value)


def _by_notification_type(document: dict[str, object], findings: Findings) -> Service | None:
    key = "notificationType"
    if key not in document:
        _missing(key, findings)
        return None
    value = document[key]
    meaning = Envelope.documented()[key]
    if not isinstance(value, str):
        if not isinstance(value, Verbatim):
            findings.add(
                "wrong_type",
                Severity.ERROR,
                (key,),
                "{path} is {found}; a string was expected: {meaning}.",
                found=describe(value),
                meaning=meaning,
            )
        return None
    if service := NOTIFICATION_TYPES.get(value):
        return service
    service = NOTIFICATION_TYPES.get(value.lower())
    if service is None:
        findings.add(
            "unknown_value",
            Severity.ERROR,
            (key,),
            "{path} is ‘{value}’; {meaning} was expected.",
            value=clean(value if len(value) <= 40 else value[:39] + "…"),
            meaning=meaning,
        )
    else:
        findings.add(
            "old_spelling",
            Severity.WARNING,
            (key,),
            "{path} is spelled ‘{value}’ as in older documents; ‘{now}’ was expected.",
            value=value,
            now=value.lower(),
        )
    return service


def _missing(key: str, findings: Findings) -> None:
    findings.add(
        "missing_field",
        Severity.ERROR,
        (key,),
        "{path} is missing; {meaning} was expected.",
        meaning=Envelope.documented()[key],
    )


def describe(value: object) -> str:
    """What a JSON value is, in plain words, without showing it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "a number with a decimal point or an exponent"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, str):
        return "an empty string" if not value else "a string"
    if isinstance(value, Verbatim):
        return "a very large number" if value.is_number else "a deeply nested value"
    return "a list" if isinstance(value, list) else "an object"
