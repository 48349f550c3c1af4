"""Events from their JSON, checked: what does not fit is a FaultError that says where and why. Pure; imports history's
words and the contract's.
"""

from __future__ import annotations

import json

from inspector.contract.push import Problem, Service, Severity
from inspector.history.exchange.checked import FaultError, Fields
from inspector.history.model import (
    MARK_COLORS,
    Advice,
    Certificate,
    ClientOffer,
    Connection,
    Direction,
    Forwarded,
    Headers,
    Kind,
    Mark,
    NewEvent,
    Restored,
    Timings,
    TlsFacts,
)

_MOST_CONNECTIONS = 1024


class Decoder:
    """Makes events of records. Those that tell of the same connection share it, as they did where they come from."""

    def __init__(self) -> None:
        self._connections: dict[str, Connection] = {}

    def event(self, value: object) -> Restored:
        """The event of a record."""
        record = Fields(value)
        return self.event_with(
            record,
            headers=record.pairs("headers"),
            body=record.data("body"),
            answer_headers=record.pairs("answer_headers"),
            answer_body=record.data("answer_body"),
        )

    def event_with(
        self, record: Fields, *, headers: Headers, body: bytes, answer_headers: Headers, answer_body: bytes
    ) -> Restored:
        """The event of a record whose headers and bodies come from elsewhere."""
        at = record.moment("at")
        written = NewEvent(
            kind=record.word("kind", Kind),
            direction=record.word("direction", Direction),
            at=at,
            connection=self._connection(record),
            service=record.word("service", Service, Service.UNKNOWN),
            status=record.number_or_none("status"),
            method=record.text("method"),
            path=record.text("path"),
            url=record.text("url"),
            headers=headers,
            body=body,
            brand_id=record.text_or_none("brand_id"),
            conversation_id=record.text_or_none("conversation_id"),
            dialog_id=record.text_or_none("dialog_id"),
            originator_id=record.text_or_none("originator_id"),
            device_token=record.text_or_none("device_token"),
            message=record.text_or_none("message"),
            sequence=record.number_or_none("sequence"),
            badge=record.number_or_none("badge"),
            retry_key=record.hex("retry_key"),
            problems=record.parts("problems", _problem),
            reason=record.text_or_none("reason"),
            detail=record.text_or_none("detail"),
            advice=record.part("advice", _advice),
            answer_headers=answer_headers,
            answer_body=answer_body,
            timings=record.part("timings", _timings),
            rule=record.text_or_none("rule"),
            forwarded=record.part("forwarded", _forwarded),
        )
        told = "attempt" in record
        return Restored(
            written,
            last_at=record.moment("last_at", at),
            attempt=record.number("attempt", least=1) if told else None,
            gap=record.number_or_none("gap") if told else None,
            count=record.number("count", 1, least=1),
            settled_at=record.moment_or_none("settled_at"),
            mark=record.part("mark", _mark),
            masked=record.flag_or_none("masked") or False,
        )

    def _connection(self, record: Fields) -> Connection | None:
        value = record.raw("connection")
        if value is None:
            return None
        key = json.dumps(value)
        connection = self._connections.get(key)
        if connection is None:
            connection = record.part("connection", _connection)
            assert connection is not None
            if len(self._connections) >= _MOST_CONNECTIONS:
                self._connections.clear()
            self._connections[key] = connection
        return connection


def _problem(fields: Fields) -> Problem:
    return Problem(
        fields.text("code", None),
        fields.word("severity", Severity),
        fields.text("path"),
        fields.text("message"),
    )


def _advice(fields: Fields) -> Advice:
    return Advice(fields.text("happened"), fields.text("cause"), fields.text("remedy"))


def _timings(fields: Fields) -> Timings:
    return Timings(*map(fields.measure, ("resolve", "connect", "tls", "send", "wait", "read", "total")))


def _forwarded(fields: Fields) -> Forwarded:
    return Forwarded(
        url=fields.text("url"),
        status=fields.number_or_none("status"),
        headers=fields.pairs("headers"),
        body=fields.data("body"),
        timings=fields.part("timings", _timings),
        reason=fields.text_or_none("reason"),
        detail=fields.text_or_none("detail"),
        advice=fields.part("advice", _advice),
    )


def _mark(fields: Fields) -> Mark:
    color = fields.text("color")
    if color not in ("", *MARK_COLORS):
        raise FaultError(f"mark.color is none of {', '.join(MARK_COLORS)}")
    return Mark(fields.text("note"), color, fields.flag_or_none("pinned") or False)


def _connection(fields: Fields) -> Connection:
    return Connection(
        peer=fields.text("peer"),
        local=fields.text("local"),
        certificate=fields.part("certificate", _certificate),
        trusted=fields.flag_or_none("trusted"),
        tls=fields.part("tls", _tls),
        via=fields.text_or_none("via"),
    )


def _certificate(fields: Fields) -> Certificate:
    return Certificate(
        subject=fields.text("subject"),
        issuer=fields.text("issuer"),
        fingerprint_sha256=fields.text("fingerprint_sha256"),
        not_before=fields.text("not_before"),
        not_after=fields.text("not_after"),
        chain=tuple(fields.base64(one, "chain") for one in fields.entries_of("chain") or ()),
    )


def _tls(fields: Fields) -> TlsFacts:
    return TlsFacts(
        version=fields.text_or_none("version"),
        cipher=fields.text_or_none("cipher"),
        sni=fields.text_or_none("sni"),
        alpn=fields.text_or_none("alpn"),
        offer=fields.part("offer", _offer),
        asked_for=fields.texts("asked_for") if fields.entries_of("asked_for") is not None else None,
        alert_sent=fields.text_or_none("alert_sent"),
        alert_received=fields.text_or_none("alert_received"),
    )


def _offer(fields: Fields) -> ClientOffer:
    return ClientOffer(*map(fields.texts, ("versions", "ciphers", "groups", "signatures", "alpn")))
