"""What the three ways of sending on take from a push: its token, and what is only for the proxy. Pure; imports the
contract."""

from __future__ import annotations

from inspector.contract.anatomy import JsonObject
from inspector.contract.masking import mask_token
from inspector.contract.sent_on.model import Change, Kind
from inspector.contract.token_places import is_token_name

FOR_THE_PROXY = ("push-service", "notificationType")
MOST_NOTED = 20
"""The most keys that are noted one by one: a body of thousands of unknown keys has a line for the rest."""

NO_TOKEN = "<device token>"  # noqa: S105 - the words that stand where there is none


def device_token(document: JsonObject) -> object:
    """The value of the first key at the top that names a device token, None where there is none."""
    return next((value for key, value in document.items() if is_token_name(key)), None)


def shown_token(document: JsonObject, *, reveal: bool) -> str:
    """The token as it is shown: masked unless revealed, words where the push has none."""
    token = device_token(document)
    if not isinstance(token, str) or not token:
        return NO_TOKEN
    return token if reveal else mask_token(token)


def stays_behind(key: str) -> bool:
    """Whether a key at the top is for the proxy only."""
    return key in FOR_THE_PROXY or is_token_name(key)


def left_out(document: JsonObject, token_goes: str) -> list[Change]:
    """The notes on what is for the proxy only. `token_goes` says where the token went."""
    notes = [
        Change(Kind.COPIED, f"{key[:40]} moved to {token_goes}", (key,))
        for key in document
        if is_token_name(key)
    ]
    named = [key for key in document if key in FOR_THE_PROXY]
    if named:
        tell = "it tells" if len(named) == 1 else "they tell"
        words = f"{' and '.join(named)} left out: {tell} the proxy where to send"
        notes.append(Change(Kind.LEFT_OUT, words, (named[0],)))
    return notes


def android_of(document: JsonObject, key: str, value: str, changes: list[Change]) -> JsonObject:
    """The push's own `android`, noted in `changes`; where it says nothing of `key`, with the `value` that wakes a
    dozing phone."""
    written = document.get("android")
    android: JsonObject = dict(written) if isinstance(written, dict) else {}
    if android:
        words = "android taken along: the push names it"
        changes.append(Change(Kind.COPIED, words, ("android",), ("message", "android")))
    if key not in android:
        android[key] = value
        words = f"android.{key} added: {value}, so that a dozing phone is woken"
        changes.append(Change(Kind.ADDED, words, path=("message", "android", key)))
    return android
