"""What APNs would answer to a request that is sent on: its headers, its size, its token. Pure; imports the contract.

Source: the wire contract's rules for APNs. What a push says itself is judged; what the proxy adds is taken for right.
"""

from __future__ import annotations

from inspector.contract.anatomy import JsonObject
from inspector.contract.compact import byte_length, compact
from inspector.contract.findings import Findings
from inspector.contract.push import Severity
from inspector.contract.refusing.aps import check_aps
from inspector.contract.refusing.common import check_size, inner, is_whole, warn
from inspector.contract.sent_on.apns import MOST_COLLAPSE_ID_BYTES, PUSH_TYPES, is_silent, push_type
from inspector.contract.sent_on.model import SentOn
from inspector.contract.sent_on.source import device_token
from inspector.contract.token_places import is_token_name

_PRIORITIES = ("10", "5", "1")


def check(document: JsonObject, request: SentOn, findings: Findings) -> None:
    """Everything that APNs would say to a decoded iOS push."""
    _token(document, findings)
    aps = inner(document, "aps")
    if not aps:
        warn(
            "400 PayloadEmpty",
            ("aps",) if "aps" in document else (),
            "APNs answers 400 PayloadEmpty where ‘aps’ has nothing to tell the phone.",
            findings,
        )
        return
    check_size(request, "413 PayloadTooLarge", "APNs answers 413 PayloadTooLarge", findings)
    check_aps(aps, findings)
    _push_type(document, aps, findings)
    _priority(document, aps, findings)
    _collapse_id(document, findings)
    _other_headers(document, findings)


def _token(document: JsonObject, findings: Findings) -> None:
    token = device_token(document)
    name = next((key for key in document if is_token_name(key)), None)
    path = () if name is None else (name,)
    if not isinstance(token, str) or not token:
        warn("400 BadDeviceToken", path, "Without a device token APNs answers 400 BadDeviceToken.", findings)
    elif not (token.isascii() and all(digit in "0123456789abcdefABCDEF" for digit in token)):
        warn(
            "400 BadDeviceToken",
            path,
            "{path} is not written in hexadecimal digits, as APNs gives them out: it answers 400 BadDeviceToken.",
            findings,
        )


def _push_type(document: JsonObject, aps: JsonObject, findings: Findings) -> None:
    name = "apns-push-type"
    derived = push_type(aps)
    if name not in document:
        if aps.get("content-available") == 1 and not is_silent(aps):
            findings.add(
                "400 InvalidPushType",
                Severity.INFO,
                ("aps", "content-available"),
                "With an alert, badge or sound beside {path} this is no silent push: apns-push-type must be alert, or "
                "APNs answers 400 InvalidPushType.",
            )
        return
    written = document[name]
    if written not in PUSH_TYPES:
        warn(
            "400 InvalidPushType",
            (name,),
            "APNs knows no such {path}, and answers 400 InvalidPushType; it takes {types}.",
            findings,
            types=", ".join(PUSH_TYPES),
        )
    elif {written, derived} == {"alert", "background"}:
        warn(
            "400 InvalidPushType",
            (name,),
            "{path} says {written}, and what is in ‘aps’ makes it {derived}: APNs answers 400 InvalidPushType.",
            findings,
            written=written,
            derived=derived,
        )


def _priority(document: JsonObject, aps: JsonObject, findings: Findings) -> None:
    name = "apns-priority"
    if name not in document:
        return
    written = document[name]
    text = written if isinstance(written, str) else compact(written)
    if text not in _PRIORITIES:
        warn(
            "400 BadPriority",
            (name,),
            "{path} must be 10, 5 or 1, or APNs answers 400 BadPriority.",
            findings,
        )
    elif text == "10" and document.get("apns-push-type", push_type(aps)) == "background":
        warn(
            "400 BadPriority",
            (name,),
            "{path} must be 5 for a background push, or APNs answers 400 BadPriority.",
            findings,
        )


def _collapse_id(document: JsonObject, findings: Findings) -> None:
    name = "apns-collapse-id"
    written = document.get(name)
    if written is not None:
        size = byte_length(written if isinstance(written, str) else compact(written))
        if size > MOST_COLLAPSE_ID_BYTES:
            warn(
                "400 BadCollapseId",
                (name,),
                "{path} is {size:,} bytes, and {most} is the most: APNs answers 400 BadCollapseId.",
                findings,
                size=size,
                most=MOST_COLLAPSE_ID_BYTES,
            )
        return
    suggested = document.get("conversationId")
    if isinstance(suggested, str) and byte_length(suggested) > MOST_COLLAPSE_ID_BYTES:
        findings.add(
            "400 BadCollapseId",
            Severity.INFO,
            ("conversationId",),
            "{path} is too long for an apns-collapse-id ({most} bytes): APNs would answer 400 BadCollapseId.",
            most=MOST_COLLAPSE_ID_BYTES,
        )


def _other_headers(document: JsonObject, findings: Findings) -> None:
    name = "apns-expiration"
    if name in document:
        written = document[name]
        is_time = is_whole(written) and compact(written).isdigit()
        if not is_time and not (isinstance(written, str) and written.isascii() and written.isdigit()):
            warn(
                "400 BadExpirationDate",
                (name,),
                "{path} must be whole epoch seconds, or 0: APNs answers 400 BadExpirationDate.",
                findings,
            )
    name = "apns-topic"
    if name in document and (not isinstance(document[name], str) or not document[name]):
        warn(
            "400 BadTopic", (name,), "{path} must name the app’s bundle: APNs answers 400 BadTopic.", findings
        )
