"""What was sent, as the history keeps it. Imports `inspector.contract`, history's records and the
sender's."""

from __future__ import annotations

from urllib.parse import urlsplit

from inspector.contract.parse import parse
from inspector.contract.push import Push
from inspector.contract.retry_key import retry_key
from inspector.history.model import Advice, Direction, Kind, NewEvent
from inspector.sender.model import SendFailure, SendResult


def to_event(result: SendResult, body: bytes, known: tuple[Push, bytes | None] | None = None) -> NewEvent:
    """The event of one attempt to send `body`. The headers are whole, Authorization too: who shows them
    masks it. `known` is the body parsed and its retry key, where somebody has them already."""
    push, key = known or (push := parse(body), retry_key(push))
    parts = urlsplit(result.url)
    failure = result.failure
    return NewEvent(
        kind=Kind.PUSH,
        direction=Direction.OUT,
        at=result.at,
        connection=result.connection,
        service=push.service,
        status=result.status,
        method="POST",
        path=f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/",
        url=result.url,
        headers=result.request_headers,
        body=body,
        brand_id=push.brand_id,
        conversation_id=push.conversation_id,
        dialog_id=push.dialog_id,
        originator_id=push.originator_id,
        device_token=push.device_token,
        message=push.message,
        sequence=push.sequence,
        badge=push.badge,
        retry_key=key,
        problems=push.problems,
        reason=failure.reason if failure else None,
        detail=_detail(result, failure),
        advice=Advice(failure.message, remedy=failure.next_step) if failure else None,
        answer_headers=result.answer_headers,
        answer_body=result.answer_body,
        timings=result.timings,
    )


def _detail(result: SendResult, failure: SendFailure | None) -> str | None:
    if failure is None:
        return (
            f"Only the first {len(result.answer_body)} bytes of the answer were kept."
            if result.truncated
            else None
        )
    alert = f"TLS alert {failure.alert}" if failure.alert else ""
    return ": ".join(part for part in (alert, failure.detail) if part) or None
