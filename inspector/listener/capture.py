"""Requests as events for the history. Imports the contract, history's records and this room's words.

The body is stored as it came, its content coding included; what the contract says of it is read from the
decoded one.
"""

from __future__ import annotations

import time
from dataclasses import replace

from inspector.contract.parse import parse
from inspector.contract.push import Problem, Severity
from inspector.contract.retry_key import retry_key
from inspector.history.model import Advice, Connection, Direction, Kind, NewEvent, Timings
from inspector.listener import content_coding
from inspector.listener.http_events import Broken, Request
from inspector.listener.http_head import method_not_allowed
from inspector.listener.reply import Reply
from inspector.listener.rule import Fault


def now() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def push_event(
    request: Request,
    reply: Reply,
    connection: Connection,
    *,
    complaint: tuple[str, Advice] | None,
    timings: Timings | None,
    body_cap: int,
) -> NewEvent:
    """The event of a whole request. `complaint` is what strict checks would have said of the client, as
    detail and advice. Anything but a POST is no push: it is kept with that one problem and not read any
    further."""
    if request.method != "POST":
        fault = method_not_allowed(request.method)
        return _refused(request, reply, connection, fault.code, fault.message)
    body = request.body
    problems: tuple[Problem, ...] = ()
    if coding := request.content_coding:
        decoded = content_coding.decode(body, coding, body_cap)
        if isinstance(decoded, content_coding.Undecodable):
            message = f"The body can't be decoded: {decoded.message}. It is kept as it came."
            problems = (Problem("undecodable_content", Severity.ERROR, "", message),)
        else:
            body = decoded
    push = parse(body)
    if complaint is None:
        detail, advice = reply.note or None, None
    else:
        detail, advice = note_of(reply, complaint[0]), complaint[1]
    return NewEvent(
        kind=Kind.PUSH,
        direction=Direction.IN,
        at=now(),
        connection=connection,
        service=push.service,
        status=reply.status,
        method=request.method,
        path=request.target,
        headers=request.headers + request.trailers if request.trailers else request.headers,
        body=request.body,
        brand_id=push.brand_id,
        conversation_id=push.conversation_id,
        dialog_id=push.dialog_id,
        originator_id=push.originator_id,
        device_token=push.device_token,
        message=push.message,
        sequence=push.sequence,
        badge=push.badge,
        retry_key=retry_key(push),
        problems=problems + push.problems,
        detail=detail,
        advice=advice,
        answer_headers=reply.headers,
        answer_body=reply.body,
        timings=timings,
    )


def with_reply(
    event: NewEvent, reply: Reply, complaint: str | None, problems: tuple[Problem, ...], *, later: bool
) -> NewEvent:
    """The event of a push whose reply was chosen after it was read. `later`: it will be known only then how the push
    is answered, so nothing is said of that, but that there will be no answer where there is to be none."""
    untold = later and reply.fault is not Fault.SILENCE
    note = complaint if untold else note_of(reply, complaint)
    answered = (reply.status, reply.headers, reply.body, reply.rule, note)
    if not (later or problems) and answered == (
        event.status,
        event.answer_headers,
        event.answer_body,
        event.rule,
        event.detail,
    ):
        return event  # as was expected; a copy is dear
    return replace(
        event,
        status=None if later else reply.status,
        answer_headers=() if later else reply.headers,
        answer_body=b"" if later else reply.body,
        detail=note,
        problems=event.problems + problems,
        rule=reply.rule,
    )


def note_of(reply: Reply, complaint: str | None) -> str | None:
    """What the history is to say of a push besides its answer."""
    return joined(complaint, reply.note)


def joined(*parts: str | None) -> str | None:
    """What the history says of an event, out of several parts; None where there are none."""
    said = ""
    for part in parts:
        if part:
            said = f"{said}{' ' if said.endswith('.') else '; '}{part}" if said else part
    return said or None


def dropped_event(broken: Broken, reply: Reply, connection: Connection, complaint: str | None) -> NewEvent:
    """The event of a push whose connection was closed before its body was read, as far as that had come."""
    request = broken.request
    note = f"{reply.note} {len(request.body)} bytes of the body had come."
    return NewEvent(
        kind=Kind.PUSH,
        direction=Direction.IN,
        at=now(),
        connection=connection,
        method=request.method,
        path=request.target,
        headers=request.headers,
        body=request.body,
        detail=joined(complaint, note),
        rule=reply.rule,
    )


def broken_event(broken: Broken, reply: Reply, connection: Connection) -> NewEvent:
    """The event of a request that broke the rules of HTTP, was too large or never ended, with what came of
    it."""
    return _refused(broken.request, reply, connection, broken.code, broken.message)


def _refused(request: Request, reply: Reply, connection: Connection, code: str, message: str) -> NewEvent:
    return NewEvent(
        kind=Kind.PUSH,
        direction=Direction.IN,
        at=now(),
        connection=connection,
        status=reply.status,
        method=request.method,
        path=request.target,
        headers=request.headers + request.trailers,
        body=request.body,
        problems=(Problem(code, Severity.ERROR, "", message),),
        answer_headers=reply.headers,
        answer_body=reply.body,
    )
