"""Conversations for the tests of their page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inspector.contract.push import Service
from inspector.history.conversation_model import ConversationKey, ConversationPush, ConversationSummary
from inspector.history.model import Direction

SECOND = 1_000_000
START = 1_767_261_600 * SECOND  # 2026-01-01T10:00:00Z


def push(identifier: int, seconds: float = 0, **changes: Any) -> ConversationPush:
    """A push to an iPhone, so many seconds after the start."""
    first = ConversationPush(
        id=identifier,
        at=START + round(seconds * SECOND),
        direction=Direction.IN,
        service=Service.APNS,
        status=200,
        reason=None,
        sequence=identifier,
        badge=identifier,
        attempt=1,
        gap=None,
        dialog_id="d",
        device="a",
        message=f"Text {identifier}",
        text_key=b"%d" % identifier,
    )
    return replace(first, **changes)


def retried() -> list[ConversationPush]:
    """One that failed twice and then came through, one that came at once, and both for Android."""
    gap = {"gap": 10 * SECOND, "sequence": 1, "badge": 1}
    return [
        push(1, 0, status=500),
        push(2, 10, attempt=2, status=500, **gap),
        push(3, 20, attempt=3, **gap),
        push(4, 25, sequence=2, badge=2),
        push(5, 25.1, sequence=2, badge=2, service=Service.FCM, device="f"),
    ]


def summary(name: str, last_id: int, **changes: Any) -> ConversationSummary:
    """A conversation in the list, known by its name."""
    first = ConversationSummary(
        key=ConversationKey("brand", name),
        brand_id="Brand",
        conversation_id=name,
        pushes=3,
        received=2,
        first_at=START,
        last_at=START + last_id * SECOND,
        last_id=last_id,
        services=(Service.APNS, Service.FCM),
        sequence=3,
        badge=1,
        message="Hello",
        refused=1,
        worst_status=500,
        retries=1,
    )
    return replace(first, **changes)
