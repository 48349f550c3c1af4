"""A history of a million pushes as a benchmark uses it: made once, catalogued, kept in a folder for the next time.

    python tests/benchmarks/big_history.py FILE [ROWS]

Realistic pushes: bodies of half a kilobyte, 20 a conversation, a few words each; RARE in ten of a million, COMMON in a
third of them. One of them in 50 was answered 503.
"""

from __future__ import annotations

import json
import random
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from inspector.contract.push import Service
from inspector.history.model import NewEvent
from inspector.history.store import HistoryWriter
from tests.benchmarks.store_speed import CONNECTIONS, HEADERS
from tests.history.examples import START, connection, push

RARE = "zanzibar"
COMMON = "invoice"
RARE_BRAND = "le4711"
_EVERY = 100_003  # a push with RARE, and one of RARE_BRAND
_WORDS = (
    *(
        "order",
        "agent",
        "please",
        "wait",
        "ticket",
        "thanks",
        "tomorrow",
        "delivery",
        "refund",
        "price",
        "hello",
    ),
    *(
        "account",
        "message",
        "support",
        "monday",
        "shipping",
        "address",
        "change",
        "confirm",
        "question",
        "reply",
    ),
)
_BRANDS = ("90588711", "90588712", "qa90588718")
_SERVICES = (Service.APNS, Service.FCM, Service.HUAWEI)
_BATCH = 64


def pushes(count: int) -> Iterator[NewEvent]:
    """So many of them."""
    chance = random.Random(1)
    shared = [connection(peer=f"127.0.0.1:{50_000 + number}") for number in range(CONNECTIONS)]
    conversations = [
        (
            str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            chance.choice(_BRANDS),
            chance.randbytes(32).hex(),
        )
        for _ in range(count // 20 + 1)
    ]
    for number in range(count):
        conversation, brand, token = chance.choice(conversations)
        words = [chance.choice(_WORDS) for _ in range(5)]
        if number % 3 == 0:
            words[2] = COMMON
        if number % _EVERY == 77:
            words[3], brand = RARE, RARE_BRAND
        text = f"{' '.join(words)} {number}"
        facts = {
            "backendService": "ams",
            "conversationId": conversation,
            "dialogId": conversation,
            "originatorId": f"{brand}.2333061110",
            "brandId": brand,
            "badge": number % 13,
            "sequence": number % 97,
        }
        body = {"aps": {"alert": text, "sound": "default"}, "push-service": 1, "device-token": token, **facts}
        yield push(
            at=START + number * 1000,
            connection=shared[number % CONNECTIONS],
            headers=HEADERS,
            retry_key=chance.randbytes(16),
            service=_SERVICES[number % 3],
            status=200 if number % 50 else 503,
            sequence=number % 97,
            badge=number % 13,
            body=json.dumps({**body, "notificationType": "apn"}).encode(),
            brand_id=brand,
            conversation_id=conversation,
            dialog_id=conversation,
            device_token=token,
            originator_id=f"{brand}.2333061110",
            message=text,
        )


def make(path: Path, count: int) -> None:
    """Write and catalogue a history, where there is none yet."""
    if path.exists():
        return
    began = time.monotonic()
    partial = path.with_name(f"partial-{path.name}")
    partial.unlink(missing_ok=True)
    with HistoryWriter.open(partial) as writer:
        batch: list[NewEvent] = []
        for event in pushes(count):
            batch.append(event)
            if len(batch) == _BATCH:
                writer.add(batch)
                batch.clear()
        writer.add(batch)
        written = time.monotonic()
        while writer.catalogue(2048):
            pass
    partial.rename(path)
    sys.stderr.write(
        f"{count:,} pushes written in {written - began:.0f} s (made in Python), catalogued in"
        f" {time.monotonic() - written:.0f} s, {path.stat().st_size / 1e6:,.0f} MB\n"
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
