"""What an iPhone would not do of what stands in `aps`. Pure; imports the contract.

APNs itself looks at few of these and delivers the push; the phone then leaves out what it can't read. Source: the wire
contract and Apple's "Generating a remote notification".
"""

from __future__ import annotations

from collections.abc import Callable

from inspector.contract.anatomy import JsonObject
from inspector.contract.findings import Findings
from inspector.contract.models import Aps
from inspector.contract.push import Severity
from inspector.contract.refusing.common import IGNORED, inner, is_share, is_whole, warn

_LEVELS = ("passive", "active", "time-sensitive", "critical")
_ALERT_TEXTS = (
    "title",
    "subtitle",
    "body",
    "title-loc-key",
    "subtitle-loc-key",
    "loc-key",
    "action-loc-key",
    "launch-image",
)
_ALERT_LISTS = ("title-loc-args", "subtitle-loc-args", "loc-args")
_SHOWS = ("title", "subtitle", "body", "title-loc-key", "subtitle-loc-key", "loc-key")


_Rule = tuple[tuple[str, ...], Callable[[object], bool], str]
"""Keys of `aps`, what their values must pass, and that in words."""


def _is_flag(value: object) -> bool:
    return is_whole(value) and value in (0, 1)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_level(value: object) -> bool:
    return isinstance(value, str) and value in _LEVELS


_RULES: tuple[_Rule, ...] = (
    (("badge",), is_whole, "a whole number"),
    (("content-available", "mutable-content"), _is_flag, "1, or be absent"),
    (
        ("thread-id", "category", "target-content-id", "filter-criteria", "event", "attributes-type"),
        _is_text,
        "a string",
    ),
    (("stale-date", "timestamp", "dismissal-date"), is_whole, "whole epoch seconds"),
    (("content-state", "attributes"), _is_object, "an object"),
    (("interruption-level",), _is_level, "passive, active, time-sensitive or critical"),
    (("relevance-score",), is_share, "between 0 and 1"),
)


def check_aps(aps: JsonObject, findings: Findings) -> None:
    """Everything that the phone would not do."""
    _alert(aps, findings)
    _sound(aps, findings)
    for keys, fits, wanted in _RULES:
        for key in keys:
            if key in aps and not fits(aps[key]):
                _ignored(("aps", key), wanted, findings)
    if aps.get("mutable-content") == 1 and "alert" not in aps:
        warn(
            IGNORED,
            ("aps", "mutable-content"),
            "Without an alert {path} does nothing: APNs takes it, and iOS wakes no service extension.",
            findings,
        )
    for key in aps:
        if key not in Aps.documented():
            findings.add(
                IGNORED,
                Severity.INFO,
                ("aps", key),
                "APNs takes {path}, which Apple does not document in ‘aps’, and iOS ignores it.",
            )


def _alert(aps: JsonObject, findings: Findings) -> None:
    if "alert" not in aps or isinstance(aps["alert"], str):
        return
    path = ("aps", "alert")
    alert = aps["alert"]
    if not isinstance(alert, dict):
        _ignored(path, "a string or an object", findings)
        return
    for key in _ALERT_TEXTS:
        if key in alert and not isinstance(alert[key], str):
            _ignored((*path, key), "a string", findings)
    for key in _ALERT_LISTS:
        if key in alert and not _is_list_of_texts(alert[key]):
            _ignored((*path, key), "a list of strings", findings)
    if not any(alert.get(key) for key in _SHOWS):
        warn(
            IGNORED,
            path,
            "{path} has no title, subtitle or body: APNs takes it, and iOS shows nothing.",
            findings,
        )


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _sound(aps: JsonObject, findings: Findings) -> None:
    if "sound" not in aps or isinstance(aps["sound"], str):
        return
    path = ("aps", "sound")
    if not isinstance(aps["sound"], dict):
        _ignored(path, "a string or an object", findings)
        return
    sound = inner(aps, "sound")
    if not isinstance(sound.get("name"), str) or not sound["name"]:
        _ignored((*path, "name"), "a string that names the sound", findings)
    if "critical" in sound and not _is_flag(sound["critical"]):
        _ignored((*path, "critical"), "1, or be absent", findings)
    if "volume" in sound and not is_share(sound["volume"]):
        _ignored((*path, "volume"), "between 0 and 1", findings)


def _ignored(path: tuple[str, ...], wanted: str, findings: Findings) -> None:
    warn(
        IGNORED,
        path,
        "{path} must be {wanted}: APNs takes it as it is, and iOS ignores it.",
        findings,
        wanted=wanted,
    )
