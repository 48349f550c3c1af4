"""The request that a correct proxy makes of an iOS push for APNs. Pure; imports the contract.

Source: Apple's "Sending notification requests to APNs" (path, headers, push types, sizes) and the wire contract
(`badge` stands outside `aps`, and is shown only where the proxy copies it).
"""

from __future__ import annotations

from urllib.parse import quote

from inspector.contract.anatomy import JsonObject
from inspector.contract.characters import clean
from inspector.contract.compact import byte_length, compact
from inspector.contract.push import Service
from inspector.contract.sent_on.model import Change, Header, Kind, SentOn
from inspector.contract.sent_on.source import MOST_NOTED, NO_TOKEN, left_out, shown_token, stays_behind
from inspector.contract.token_places import HIDDEN

MOST_BYTES = 4096
MOST_VOIP_BYTES = 5120
MOST_COLLAPSE_ID_BYTES = 64
HEADERS = (
    "apns-push-type",
    "apns-priority",
    "apns-topic",
    "apns-expiration",
    "apns-collapse-id",
    "apns-id",
)
PUSH_TYPES = (
    "alert",
    "background",
    "voip",
    "complication",
    "fileprovider",
    "mdm",
    "location",
    "liveactivity",
    "pushtotalk",
)
_SHOWN = ("alert", "badge", "sound")
_NAMED = "the push names it itself"
_TOPIC_ENDS = {
    "voip": ".voip",
    "complication": ".complication",
    "location": ".location-query",
    "pushtotalk": ".voip-ptt",
    "liveactivity": ".push-type.liveactivity",
    "fileprovider": ".pushkit.fileprovider",
}


def is_silent(aps: JsonObject) -> bool:
    """Whether it wakes the app and shows nothing: content-available, and no alert, badge or sound."""
    return aps.get("content-available") == 1 and not any(key in aps for key in _SHOWN)


def push_type(aps: JsonObject) -> str:
    """What apns-push-type must say of such an `aps`."""
    if is_silent(aps):
        return "background"
    if "content-state" in aps and "event" in aps:
        return "liveactivity"
    return "alert"


def send_on(document: JsonObject, *, reveal: bool = False) -> SentOn:
    """The request for a decoded iOS push, whatever is wrong with it."""
    changes: list[Change] = []
    body: JsonObject = {}
    kept: list[str] = []
    for key, value in document.items():
        if key == "aps" and isinstance(value, dict):
            body[key] = _aps(document, value, changes)
        elif not stays_behind(key) and key not in HEADERS:
            body[key] = value
            if key != "aps":
                kept.append(key)
    if kept:
        words = (
            f"kept beside aps, where the app reads them: {', '.join(name[:40] for name in kept[:MOST_NOTED])}"
        )
        more = f" and {len(kept) - MOST_NOTED:,} more" if len(kept) > MOST_NOTED else ""
        changes.append(Change(Kind.KEPT, words + more))
    headers = _headers(document)
    changes += [
        Change(Kind.COPIED, f"{key} taken as the header: {_NAMED}", (key,), header=key)
        for key in document
        if key in HEADERS
    ]
    changes += [
        Change(Kind.ADDED, f"{header.name} added: {header.words}", header=header.name)
        for header in headers
        if header.name not in document
    ]
    changes += left_out(document, "the path of the request")
    voip = _written(document, "apns-push-type") == "voip"
    return SentOn(
        Service.APNS,
        f"https://api.push.apple.com/3/device/{_in_path(shown_token(document, reveal=reveal))}",
        headers,
        body,
        tuple(changes),
        byte_length(compact(body)),
        MOST_VOIP_BYTES if voip else MOST_BYTES,
        "the JSON body",
        reveal,
    )


def _in_path(token: str) -> str:
    """A token as a part of a path; what stands for one, or for its middle, stays readable."""
    if token == NO_TOKEN:
        return token
    return HIDDEN.join(quote(part, safe="") for part in clean(token).split(HIDDEN))


def _aps(document: JsonObject, aps: JsonObject, changes: list[Change]) -> JsonObject:
    if "badge" not in document or not aps:
        return aps
    at = ("aps", "badge")
    if "badge" in aps:
        words = "aps.badge stands there already and stays"
        changes.append(Change(Kind.KEPT, words, at, at))
        return aps
    if is_silent(aps):
        words = "badge not copied into aps: this push is silent, and a badge would make an alert of it"
        changes.append(Change(Kind.KEPT, words, ("badge",), ("badge",)))
        return aps
    changes.append(Change(Kind.COPIED, "badge copied into aps: iOS shows it only there", ("badge",), at))
    return {**aps, "badge": document["badge"]}


def _headers(document: JsonObject) -> tuple[Header, ...]:
    aps = document.get("aps")
    kind = push_type(aps) if isinstance(aps, dict) else "alert"
    kind = _written(document, "apns-push-type") or kind
    why = {
        "alert": "there is something to show",
        "background": "content-available, and nothing to show",
        "liveactivity": "aps has event and content-state",
    }.get(kind, _NAMED)
    if kind == "background":
        priority = Header("apns-priority", "5", "a background push must not ask for more")
    else:
        priority = Header("apns-priority", "10", "deliver it now")
    topic = f"<bundle id{_TOPIC_ENDS.get(kind, '')}>"
    offered = [
        Header(
            "authorization",
            "bearer <provider token>",
            "the proxy’s own; or its certificate",
            placeholder=True,
        ),
        Header("apns-push-type", kind, why),
        priority,
        Header("apns-topic", topic, "the proxy knows it; the push does not say", placeholder=True),
        Header(
            "apns-expiration",
            "<epoch seconds>",
            "the proxy’s choice; 0 means try once and do not store",
            placeholder=True,
        ),
        *_collapse(document),
        Header("apns-id", "<new UUID>", "the proxy’s own, to find the push again", placeholder=True),
    ]
    return tuple(
        Header(header.name, written, _NAMED) if (written := _written(document, header.name)) else header
        for header in offered
    )


def _collapse(document: JsonObject) -> tuple[Header, ...]:
    name = "apns-collapse-id"
    if name in document:
        return (Header(name, "", _NAMED),)
    suggested = document.get("conversationId")
    if not isinstance(suggested, str) or not suggested.isprintable():
        return ()
    if 0 < byte_length(suggested) <= MOST_COLLAPSE_ID_BYTES:
        return (Header(name, suggested, "a suggestion: one notification for each conversation"),)
    return ()


def _written(document: JsonObject, name: str) -> str:
    """A header's value where the push names it, as one line of text."""
    value = document.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) and value.isprintable() else compact(value)
