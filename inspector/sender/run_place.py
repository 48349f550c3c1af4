"""A place in a run: the push under way, the connection it takes, and what came of it. Imports the sender's records and
its network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from inspector.history.model import Connection, Headers, Timings
from inspector.sender.diagnose import diagnose
from inspector.sender.lane import Lane
from inspector.sender.model import ClientAuth, SendFailure, SendResult
from inspector.sender.send import Prepared


@dataclass(frozen=True, slots=True)
class Turn:
    """One push under way: when it was due and began (time.monotonic(), and microseconds since 1970 UTC)."""

    number: int
    body: bytes = field(repr=False)
    headers: Headers = field(repr=False)
    request: bytes = field(repr=False)
    due: float
    began: float
    at: int


class Place:
    """A place for a connection, and for the push that goes over it. `facts` are of the connection, `making` the
    timings of its making where this push had it made, `posted` and `deadline` of time.monotonic()."""

    def __init__(self) -> None:
        self.turn: Turn | None = None
        self.lane: Lane | None = None
        self.facts: tuple[Connection | None, ClientAuth | None] = (None, None)
        self.making = Timings()
        self.deadline = 0.0
        self.posted = 0.0


def failure_of(lane: Lane, prepared: Prepared) -> SendFailure:
    """The failure of the push on this lane, in words."""
    assert lane.error is not None
    known = prepared.trouble(lane.error, prepared.attempt(None), lane.stream, lane.answer.status)
    return diagnose(
        replace(
            known,
            system=lane.system,
            phase=lane.phase,
            timeout=prepared.target.timeout,
            answered=lane.answered,
            reused=lane.pushes > 1,
        )
    )


def result_of(place: Place, url: str, failure: SendFailure | None, now: float) -> SendResult:
    """What came of the push of this place, which is over at `now`."""
    turn, lane = place.turn, place.lane
    assert turn is not None
    answer = lane.answer if lane is not None else None
    answered = answer if failure is None else None
    connection, auth = place.facts
    return SendResult(
        at=turn.at,
        url=url,
        request_headers=turn.headers,
        status=answered.status if answered else None,
        http_version=answered.version if answered else "",
        answer_headers=answered.headers if answered else (),
        answer_body=answer.body if answer else b"",
        timings=_timings(place, turn, now),
        connection=connection,
        failure=failure,
        truncated=answer is not None and answer.truncated,
        client_auth=auth,
        number=turn.number,
    )


def _timings(place: Place, turn: Turn, now: float) -> Timings:
    """As Attempt's: the phases that there were, a phase that failed until it did."""
    lane, making = place.lane, place.making
    total = (now - turn.began) * 1000
    if lane is None:
        return replace(making, total=total)
    wrote, heard = lane.wrote, lane.heard
    return Timings(
        resolve=making.resolve,
        connect=making.connect,
        tls=making.tls,
        send=((wrote or now) - place.posted) * 1000,
        wait=((heard or now) - wrote) * 1000 if wrote else None,
        read=(now - heard) * 1000 if heard else None,
        total=total,
    )
