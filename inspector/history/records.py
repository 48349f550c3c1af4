"""Events as rows of the store, and back, without loss. Imports history's and contract's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from inspector.contract.push import Service
from inspector.history import packing
from inspector.history.folding import fold_all, is_plain
from inspector.history.model import Connection, Direction, Event, Kind, Mark, NewEvent, Restored, Row
from inspector.history.outcomes import Outcome
from inspector.history.packing import SqlValue
from inspector.history.searched import SEARCHED_COLUMNS

EVENT_COLUMNS = (
    *("id", "kind", "direction", "at", "last_at", "count", "service", "status", "method", "path", "url"),
    *(
        "size",
        "brand_id",
        "conversation_id",
        "dialog_id",
        "originator_id",
        "device_token",
        "sequence",
        "badge",
    ),
    *("retry_key", "retry_slot", "attempt", "gap", "problem_count", "worst_problem", "connection_id"),
    *("reason", "message", "problems", "detail", "advice", "timings", "headers", "answer_headers"),
    *("answer_body", "body", "search_text"),
)
ROW_COLUMNS = (
    *("id", "kind", "direction", "at", "service", "status", "method", "path", "url", "size", "brand_id"),
    *("conversation_id", "dialog_id", "sequence", "badge", "message", "attempt", "gap", "problem_count"),
    *("worst_problem", "reason", "peer", "subject", "trusted", "count", "last_at"),
    *("mark_color", "pinned", "has_note"),
)
_SEARCHED = tuple(map(EVENT_COLUMNS.index, SEARCHED_COLUMNS))
_KIND, _DIRECTION, _SERVICE, _TRUSTED = map(ROW_COLUMNS.index, ("kind", "direction", "service", "trusted"))
_PINNED, _HAS_NOTE = map(ROW_COLUMNS.index, ("pinned", "has_note"))
_LAST_AT, _COUNT = map(EVENT_COLUMNS.index, ("last_at", "count"))
_HALF = 2**31

_KINDS: dict[object, Kind] = {kind.value: kind for kind in Kind}
_DIRECTIONS: dict[object, Direction] = {direction.value: direction for direction in Direction}
_SERVICES: dict[object, Service] = {service.value: service for service in Service}


def retry_slot(event: NewEvent) -> int | None:
    """32 bits of a push's retry key and direction to look it up by, None where it has no key or is no push."""
    if event.retry_key is None or event.kind is not Kind.PUSH:
        return None
    return (
        crc32(event.retry_key, event.direction is Direction.OUT) - _HALF
    )  # SQLite keeps small numbers in 4 bytes


def encode_event(
    identifier: int,
    event: NewEvent,
    slot: int | None,
    attempt: int,
    gap: int | None,
    connection_id: int | None,
) -> tuple[SqlValue, ...]:
    """The values of EVENT_COLUMNS. Every push passes here, so it does no more than it must."""
    problems = packing.pack_problems(event.problems) if event.problems else None
    happened = None if event.advice is None else event.advice.happened
    headers, answer_headers = packing.pack_headers(event.headers), packing.pack_headers(event.answer_headers)
    values: tuple[SqlValue, ...] = (
        identifier,
        str(event.kind),
        str(event.direction),
        event.at,
        event.at,
        1,
        str(event.service),
        event.status,
        event.method,
        event.path,
        event.url,
        len(event.body),
        event.brand_id,
        event.conversation_id,
        event.dialog_id,
        event.originator_id,
        event.device_token,
        event.sequence,
        event.badge,
        event.retry_key,
        slot,
        attempt,
        gap,
        len(event.problems),
        packing.worst_severity(event.problems) if event.problems else None,
        connection_id,
        event.reason,
        event.message,
        problems,
        event.detail,
        happened,
        packing.pack_timings(event.timings),
        headers,
        answer_headers,
        event.answer_body or None,
        event.body,
    )
    said = (
        *(event.method, event.path, event.url, event.brand_id, event.conversation_id, event.dialog_id),
        *(event.originator_id, event.device_token, event.reason, event.message, problems, event.detail),
        *(happened, headers, answer_headers),
    )
    texts = "".join(filter(None, said))
    if texts.isascii() and "\0" not in texts and is_plain(event.body) and is_plain(event.answer_body):
        return (*values, None)
    searched = [packing.text_or_none(values[place]) for place in _SEARCHED]
    search_text = fold_all(searched, (event.body, event.answer_body))
    return (*map(packing.storable, values), search_text)


def encode_restored(
    identifier: int,
    restored: Restored,
    slot: int | None,
    attempt: int,
    gap: int | None,
    connection_id: int | None,
) -> tuple[SqlValue, ...]:
    """The same for an event with a past: when it was seen last, and how often."""
    values = list(encode_event(identifier, restored.written, slot, attempt, gap, connection_id))
    values[_LAST_AT], values[_COUNT] = restored.last_at, restored.count
    return tuple(values)


def decode_event(
    values: Sequence[SqlValue], connection: Connection | None, outcome: Outcome, mark: Mark | None = None
) -> Event:
    """An event from the values of EVENT_COLUMNS, its outcome and its mark.

    Raises ValueError, KeyError or TypeError for a damaged row.
    """
    column = dict(zip(EVENT_COLUMNS, values, strict=True))
    text, text_or_none = packing.text, packing.text_or_none
    whole, whole_or_none = packing.whole, packing.whole_or_none
    written = NewEvent(
        kind=_KINDS[column["kind"]],
        direction=_DIRECTIONS[column["direction"]],
        at=whole(column["at"]),
        connection=connection,
        service=_SERVICES[column["service"]],
        status=whole_or_none(column["status"]),
        method=text(column["method"]),
        path=text(column["path"]),
        url=text(column["url"]),
        headers=packing.unpack_headers(text_or_none(column["headers"])),
        body=packing.raw(column["body"]),
        brand_id=text_or_none(column["brand_id"]),
        conversation_id=text_or_none(column["conversation_id"]),
        dialog_id=text_or_none(column["dialog_id"]),
        originator_id=text_or_none(column["originator_id"]),
        device_token=text_or_none(column["device_token"]),
        message=text_or_none(column["message"]),
        sequence=whole_or_none(column["sequence"]),
        badge=whole_or_none(column["badge"]),
        retry_key=None if column["retry_key"] is None else packing.raw(column["retry_key"]),
        problems=packing.unpack_problems(text_or_none(column["problems"])),
        reason=text_or_none(column["reason"]),
        detail=text_or_none(column["detail"]),
        advice=outcome.advice(text_or_none(column["advice"])),
        answer_headers=packing.unpack_headers(text_or_none(column["answer_headers"])),
        answer_body=b"" if column["answer_body"] is None else packing.raw(column["answer_body"]),
        timings=packing.unpack_timings(text_or_none(column["timings"])),
        rule=outcome.rule,
        forwarded=outcome.forwarded,
    )
    return Event(
        id=whole(column["id"]),
        attempt=whole(column["attempt"]),
        gap=whole_or_none(column["gap"]),
        count=whole(column["count"]),
        last_at=whole(column["last_at"]),
        settled_at=outcome.settled_at,
        mark=mark,
        written=written,
    )


def decode_row(values: Sequence[Any]) -> Row:
    """A table's row from the values of ROW_COLUMNS. Raises KeyError or TypeError for a damaged one."""
    fields: list[Any] = [packing.text(value) if type(value) is bytes else value for value in values]
    fields[_KIND] = _KINDS[fields[_KIND]]
    fields[_DIRECTION] = _DIRECTIONS[fields[_DIRECTION]]
    fields[_SERVICE] = _SERVICES[fields[_SERVICE]]
    fields[_TRUSTED] = None if fields[_TRUSTED] is None else bool(fields[_TRUSTED])
    fields[_PINNED] = bool(fields[_PINNED])
    fields[_HAS_NOTE] = bool(fields[_HAS_NOTE])
    return Row(*fields)
