"""What a phone shows for a push: texts, badge, and what is worth knowing about it. Pure; imports the contract.

Source: Apple's "Generating a remote notification" for what iOS does with `aps`; on Android and Huawei phones the app
gets the data and draws the notification itself, so only what apps usually do can be told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.contract.characters import clean
from inspector.contract.push import Push, Service

if TYPE_CHECKING:
    from inspector.contract.anatomy import JsonObject
    from inspector.contract.sent_on.model import SentOn

APP_NAME = "Your app"
LONGEST = 1000
"""Characters of a text that are looked at: no phone shows more."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification as a phone shows it. `nothing` says why nothing is shown, and is empty where something is. `level`
    is a word above the title, as iOS has it for urgent ones. `badge` is the number at the app's icon: None where it
    stays as it is, 0 where it is taken away. `notes` are sentences."""

    service: Service
    title: str = field(default="", repr=False)
    subtitle: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    badge: int | None = None
    level: str = ""
    nothing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """All of it in words, for those who hear the screen."""
        if self.nothing:
            parts = [self.nothing]
        else:
            texts = (self.title or APP_NAME, self.subtitle, self.text)
            parts = [f"{APP_NAME}, now.", *(f"{text}." for text in (self.level, *texts) if text)]
        if self.badge is not None:
            parts.append(f"Badge: {self.badge}." if self.badge else "The badge is taken away.")
        return " ".join((*parts, *self.notes))


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a body: the notification, None where the body does not say which provider it is for, or is no JSON
    (then `is_json` is false)."""

    is_json: bool
    notification: Notification | None = None


def read_notification(raw: bytes) -> Reading:
    """What is shown for a body."""
    # Slow to import, and this runs in the worker.
    from inspector.contract.parse import parse
    from inspector.contract.sent_on.request import sent_on

    push = parse(raw)
    request = sent_on(push)
    if request is None:
        return Reading(push.is_json)
    return Reading(True, _ios(request) if push.service is Service.APNS else _android(push))


def _ios(request: SentOn) -> Notification:
    """What iOS makes of the `aps` that is sent on."""
    aps = request.document.get("aps")
    if not isinstance(aps, dict) or not aps:
        return Notification(
            Service.APNS, nothing="Nothing is shown: ‘aps’ is empty, and APNs refuses the push."
        )
    badge = aps.get("badge")
    badge = badge if type(badge) is int and badge >= 0 else None
    title, subtitle, text, looked_up = _alert(aps.get("alert"))
    notes = []
    if looked_up:
        notes.append("The app has the text; shown are the key and its arguments.")
    if aps.get("mutable-content") == 1:
        notes.append("The app’s service extension may change it first.")
    nothing = ""
    if not (title or subtitle or text):
        nothing = (
            "Nothing is shown: silent. The push wakes the app."
            if badge is None and "sound" not in aps
            else ""
        )
        nothing = nothing or "No banner: only the badge or the sound changes."
        title = subtitle = text = ""
    level = aps.get("interruption-level")
    sound = aps.get("sound")
    critical = level == "critical" or (isinstance(sound, dict) and sound.get("critical") == 1)
    words = "Critical" if critical else "Time Sensitive" if level == "time-sensitive" else ""
    if level == "passive" and not nothing:
        notes.append("Passive: it goes into the list and does not light the screen.")
    return Notification(Service.APNS, title, subtitle, text, badge, words, nothing, tuple(notes))


def _alert(alert: object) -> tuple[str, str, str, bool]:
    """Title, subtitle, body, and whether the app looks one of them up."""
    if isinstance(alert, str):
        return "", "", _shown(alert), False
    if not isinstance(alert, dict):
        return "", "", "", False
    parts = [_part(alert, name) for name in ("title", "subtitle", "body")]
    return parts[0][0], parts[1][0], parts[2][0], any(looked_up for _, looked_up in parts)


def _part(alert: JsonObject, name: str) -> tuple[str, bool]:
    """A part's text, and whether the app looks it up: then it is the key with its arguments."""
    prefix = "" if name == "body" else f"{name}-"
    key = alert.get(f"{prefix}loc-key")
    if isinstance(key, str) and key:
        arguments = alert.get(f"{prefix}loc-args")
        if isinstance(arguments, list) and arguments:
            key += f" ({', '.join(str(item) for item in arguments)})"
        return _shown(key), True
    text = alert.get(name)
    return (_shown(text), False) if isinstance(text, str) else ("", False)


def _android(push: Push) -> Notification:
    """What an app usually draws of the data it gets."""
    # Slow to import, and this runs in the worker.
    from inspector.contract.anatomy import dissect
    from inspector.contract.findings import Findings

    assert isinstance(push.document, dict)
    anatomy = dissect(push.document, Findings())
    data, payload = anatomy.data or {}, anatomy.payload or {}
    message = data.get("message")
    title = payload.get("title", data.get("title"))
    if not isinstance(message, str) or not message:
        return Notification(
            push.service,
            badge=push.badge,
            nothing="Nothing is shown: data has no message. The push wakes the app.",
        )
    return Notification(
        push.service,
        _shown(title) if isinstance(title, str) else "",
        "",
        _shown(message),
        push.badge if push.badge is not None and push.badge >= 0 else None,
        notes=("A data push: the app draws it itself, this is only typical.",),
    )


def _shown(text: str) -> str:
    return clean(text[:LONGEST])
