"""Events with their secrets left out, for files that are passed on. Pure; imports the contract and history's words.

Left out are device tokens wherever they are found, what authorises (Authorization, cookies, the values of headers that
are none of the usual ones), and users, passwords and secret parameters in URLs. Texts of messages, ids and
certificates stay. The key by which attempts at one message find each other is made from the token: it is hashed
once more with a secret of the export, so that it still tells what belongs together there and nothing else.
"""

from __future__ import annotations

import secrets
from dataclasses import fields, replace
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from inspector.contract.characters import clean
from inspector.contract.masking import mask_body, mask_headers, mask_token, mask_url
from inspector.history.model import Advice, Event, Forwarded, Headers, Mark, NewEvent

_NAMES = tuple(field.name for field in fields(NewEvent))
_all_of = attrgetter(*_NAMES)
_MASKED = tuple(
    map(
        _NAMES.index,
        (
            *("path", "url", "headers", "body", "device_token", "message", "retry_key", "detail", "advice"),
            *("answer_headers", "answer_body", "forwarded"),
        ),
    )
)
_KEY_BYTES = 16
# A shorter token may stand in a text by chance.
_TELLING = 12


class Mask:
    """Masks the events of one export."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(_KEY_BYTES)

    def event(self, event: Event) -> Event:
        """The event without its secrets."""
        written = event.written
        token = written.device_token
        telling = token if token is not None and len(token) >= _TELLING else None
        key = written.retry_key
        masked = (
            _text(written.path, telling),
            _text(written.url, telling),
            _headers(written.headers, telling),
            _body(written.body, telling),
            None if token is None else mask_token(token),
            _without(written.message, telling),
            None if key is None else self._hashed(key),
            None if written.detail is None else _text(written.detail, telling),
            _advice(written.advice, telling),
            _headers(written.answer_headers, telling),
            _body(written.answer_body, telling),
            _forwarded(written.forwarded, telling),
        )
        # dataclasses.replace takes three times as long, for each of a million events.
        values: list[Any] = list(_all_of(written))
        for place, value in zip(_MASKED, masked, strict=True):
            values[place] = value
        return replace(event, written=NewEvent(*values), mark=_mark(event.mark, telling))

    def _hashed(self, key: bytes) -> bytes:
        return blake2b(key, digest_size=_KEY_BYTES, key=self._secret).digest()


def _mark(mark: Mark | None, token: str | None) -> Mark | None:
    if mark is None or not mark.note:
        return mark
    return replace(mark, note=_text(mark.note, token))


def _forwarded(forwarded: Forwarded | None, token: str | None) -> Forwarded | None:
    if forwarded is None:
        return None
    return replace(
        forwarded,
        url=_text(forwarded.url, token),
        headers=_headers(forwarded.headers, token),
        body=_body(forwarded.body, token),
        detail=None if forwarded.detail is None else _text(forwarded.detail, token),
        advice=_advice(forwarded.advice, token),
    )


def _advice(advice: Advice | None, token: str | None) -> Advice | None:
    if advice is None:
        return None
    return Advice(*(_text(part, token) for part in (advice.happened, advice.cause, advice.remedy)))


def _headers(headers: Headers, token: str | None) -> Headers:
    shown = _usual_headers(headers)
    if token is not None and any(token in value for _, value in shown):
        return tuple((name, _text(value, token)) for name, value in shown)
    return shown


@lru_cache(maxsize=256)  # a client sends the same ones with every push
def _usual_headers(headers: Headers) -> Headers:
    return tuple((name, mask_url(value)) for name, value in mask_headers(headers, custom=True))


def _body(body: bytes, token: str | None) -> bytes:
    if not body:
        return body
    shown = mask_body(body)
    if token is not None and token.isascii() and (plain := token.encode()) in shown:
        return shown.replace(plain, mask_token(token).encode())
    return shown


def _text(text: str, token: str | None) -> str:
    shown = mask_url(text)
    return shown if token is None or token not in shown else shown.replace(token, mask_token(token))


def _without(text: str | None, token: str | None) -> str | None:
    if text is None or token is None or token not in text:
        return text
    return text.replace(token, mask_token(clean(token)))
