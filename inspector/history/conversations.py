"""Reads the sums of conversations and the pushes of one.

Both come by the index of the catalogue's facets (see `catalogue`); the last few events, which are not in it yet, are
read as they are. Imports sqlite3 and history's own parts; the reader hands its database in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from inspector.contract.push import Service
from inspector.history.conversation_model import (
    NO_CONVERSATION,
    Conversation,
    ConversationKey,
    ConversationPush,
    ConversationSummary,
)
from inspector.history.conversation_walk import CATALOGUED, key_of
from inspector.history.model import Direction
from inspector.history.packing import text_or_none, whole, whole_or_none

MOST_SUMMED = 50_000  # pushes of one conversation
LONGEST_MESSAGE = 400

_RAW = "brand_id, conversation_id"
_SUMS = (
    "count(*), sum(direction = 'in'), min(at), max(at), max(id), group_concat(DISTINCT service), max(sequence),"
    " sum(status >= 400), max(CASE WHEN status >= 400 THEN status END), sum(attempt > 1)"
)
_SUMS_OF_THE_LAST = f"SELECT {_RAW}, {_SUMS} FROM events WHERE id > :above AND kind = 'push' GROUP BY {_RAW}"  # noqa: S608 - own names
_OF_ONE = (
    "FROM facets WHERE conversation = :conversation AND brand IS :brand AND id <= :above AND kind = 'push'"
)
_OF_NONE = "FROM facets WHERE conversation IS NULL AND id <= :above AND kind = 'push'"
_SUMS_OF_ONE = f"SELECT {_SUMS} FROM (SELECT * {{}} ORDER BY id DESC LIMIT :limit)"  # noqa: S608 - own names
_COUNT_OF_ONE = "SELECT count(*) {}"
_NEWEST_OF_ONE = "SELECT id {} ORDER BY id DESC LIMIT :limit"
_THE_LAST = f"SELECT {_RAW}, {_SUMS} FROM events WHERE id > :above AND kind = 'push' GROUP BY {_RAW}"  # noqa: S608 - own names
_IDS_OF_ONE = (
    "FROM facets WHERE conversation IS :conversation AND (:conversation IS NULL OR brand IS :brand)"
    " AND id <= :above AND kind = 'push'"
)
_SUMS_OF_ONE = f"SELECT {_SUMS} FROM (SELECT * {_IDS_OF_ONE} ORDER BY id DESC LIMIT :limit)"  # noqa: S608 - own names
_COUNT_OF_ONE = f"SELECT count(*) {_IDS_OF_ONE}"
_NEWEST_OF_ONE = f"SELECT id {_IDS_OF_ONE} ORDER BY id DESC LIMIT :limit"
_THE_LAST = f"SELECT id, {_RAW} FROM events WHERE id > ? AND kind = 'push' ORDER BY id DESC"  # noqa: S608 - own names
_LAST = "SELECT brand_id, conversation_id, badge, message FROM events WHERE id = ?"
_PUSHES = (
    "SELECT e.id, e.at, e.direction, e.service, e.status, e.reason, e.sequence, e.badge, e.attempt, e.gap,"
    " e.dialog_id, e.device_token, e.message, e.retry_key FROM json_each(?) AS wanted"
    " CROSS JOIN events AS e ON e.id = wanted.value ORDER BY e.id"
)


@dataclass(slots=True)
class _Sums:
    pushes: int = 0
    received: int = 0
    first_at: int = 2**63
    last_at: int = 0
    last_id: int = 0
    services: set[str] = field(default_factory=set)
    sequence: int | None = None
    refused: int = 0
    worst: int | None = None
    retries: int = 0
    more: bool = False

    def add(self, values: Sequence[Any]) -> None:
        """Add the values of `_SUMS`."""
        count, received, first_at, last_at, last_id, services, sequence, refused, worst, retries = values
        self.pushes += count
        if not count:
            return
        self.received += received
        self.first_at = min(self.first_at, first_at)
        self.last_at = max(self.last_at, last_at)
        self.last_id = max(self.last_id, last_id)
        self.services.update(services.split(","))
        self.sequence = _larger(self.sequence, sequence)
        self.refused += refused or 0
        self.worst = _larger(self.worst, worst)
        self.retries += retries


def summarize(database: sqlite3.Connection, keys: Iterable[ConversationKey]) -> list[ConversationSummary]:
    """The sums of these conversations, newest activity first; those that are gone are left out."""
    sums = {key: _Sums() for key in keys}
    if not sums:
        return []
    (above,) = database.execute(CATALOGUED).fetchone()
    for key, found in sums.items():
        found.add(_of_one(database, _SUMS_OF_ONE, key, above, MOST_SUMMED).fetchone())
        found.more = found.pushes >= MOST_SUMMED
    for brand_id, conversation_id, *values in database.execute(_SUMS_OF_THE_LAST, {"above": above}):
        touched = sums.get(key_of(brand_id, conversation_id))
        if touched is not None:
            touched.add(values)
    result = [_summary(database, key, found) for key, found in sums.items() if found.pushes]
    return sorted(result, key=lambda summary: -summary.last_id)


def _of_one(
    database: sqlite3.Connection, statement: str, key: ConversationKey, above: int, limit: int
) -> sqlite3.Cursor:
    """Ask the facets about one conversation."""
    wanted = {"brand": key.brand, "conversation": key.conversation, "above": above, "limit": limit}
    of = _OF_NONE if key == NO_CONVERSATION else _OF_ONE
    return database.execute(statement.format(of), wanted)


def _summary(database: sqlite3.Connection, key: ConversationKey, sums: _Sums) -> ConversationSummary:
    brand_id, conversation_id, badge, message = database.execute(_LAST, (sums.last_id,)).fetchone()
    services = tuple(service for service in Service if service.value in sums.services)
    return ConversationSummary(
        key=key,
        brand_id=text_or_none(brand_id),
        conversation_id=text_or_none(conversation_id),
        pushes=sums.pushes,
        received=sums.received,
        first_at=sums.first_at,
        last_at=sums.last_at,
        last_id=sums.last_id,
        services=services,
        sequence=sums.sequence,
        badge=whole_or_none(badge),
        message=_shortened(text_or_none(message)),
        refused=sums.refused,
        worst_status=sums.worst,
        retries=sums.retries,
        more=sums.more,
    )


def read_conversation(database: sqlite3.Connection, key: ConversationKey, limit: int) -> Conversation:
    """The newest pushes of a conversation, in the order they were stored."""
    (above,) = database.execute(CATALOGUED).fetchone()
    ids = [
        identifier
        for identifier, brand_id, conversation_id in database.execute(_THE_LAST, (above,))
        if key_of(brand_id, conversation_id) == key
    ]
    (total,) = _of_one(database, _COUNT_OF_ONE, key, above, limit).fetchone()
    total += len(ids)
    ids += [identifier for (identifier,) in _of_one(database, _NEWEST_OF_ONE, key, above, limit)]
    ids = ids[:limit]
    if not ids:
        return Conversation(key, key.brand, key.conversation, (), total)
    brand_id, conversation_id, *_ = database.execute(_LAST, (max(ids),)).fetchone()
    rows = database.execute(_PUSHES, (json.dumps(ids),))
    names = text_or_none(brand_id), text_or_none(conversation_id)
    return Conversation(key, *names, tuple(map(_push, rows)), total)


def _push(values: Sequence[Any]) -> ConversationPush:
    identifier, at, direction, service, status, reason, sequence, badge, attempt, gap, *texts = values
    dialog, token, message, retry_key = texts
    message = text_or_none(message)
    return ConversationPush(
        whole(identifier),
        whole(at),
        Direction(direction),
        Service(service),
        whole_or_none(status),
        text_or_none(reason),
        whole_or_none(sequence),
        whole_or_none(badge),
        whole(attempt),
        whole_or_none(gap),
        text_or_none(dialog),
        _device(text_or_none(token)),
        _shortened(message),
        retry_key if retry_key is not None else _digest(message),
    )


def _device(token: str | None) -> str:
    """A digest that tells devices apart and does not give the token away."""
    return "" if not token else blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _digest(message: str | None) -> bytes | None:
    if message is None:
        return None
    return blake2b(message.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _shortened(message: str | None) -> str | None:
    if message is None or len(message) <= LONGEST_MESSAGE:
        return message
    return message[:LONGEST_MESSAGE] + "…"


def _larger(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else max(first, second)
