"""When two pushes are the same message. Pure; imports its own room.

Rule (wire contract, "What makes two pushes the same message"): the same service, device token, conversation,
dialog and sequence, and the same bytes of text make a retry; all of it with another text is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from inspector.contract.push import Push
from inspector.contract.text import pretty


def retry_key(push: Push) -> bytes | None:
    """16 bytes that are equal for a message and its retries, and differ for anything else.

    The text is what the body says as text, not how the body spells it: the string of `aps.alert` or
    `data.message`, the whole alert where that is an object, and "none" where there is none. None where the push
    has too little to tell: no JSON, or no device token, conversation or sequence (two pushes that lack one of
    them may well be different messages). A dialog may be absent, as it is in older traffic; absent and empty
    differ.
    """
    identity = _identity(push)
    return None if identity is None else _digest((*identity, *_text(push)))


def conflict_key(push: Push) -> bytes | None:
    """Like `retry_key` but for the text: two pushes that share this key and not the other contradict each other."""
    identity = _identity(push)
    return None if identity is None else _digest(identity)


def _identity(push: Push) -> tuple[bytes | None, ...] | None:
    if not push.device_token or not push.conversation_id or push.sequence is None:
        return None
    return (
        push.service.encode(),
        push.device_token.encode(),
        push.conversation_id.encode(),
        None if push.dialog_id is None else push.dialog_id.encode(),
        str(push.sequence).encode(),
    )


def _text(push: Push) -> Iterator[bytes | None]:
    """The text's kind and the text. `Push.message` won't do: it is made for reading, and two alerts may read alike."""
    for value in _texts(push.document):
        if isinstance(value, str):
            yield b"text"
            yield value.encode("utf-8", "surrogatepass")
            return
        if isinstance(value, dict):
            yield b"alert"
            yield pretty(value).encode()
            return
    yield b"none" if push.message is None else b"read"
    yield None if push.message is None else push.message.encode()


def _texts(document: object) -> Iterator[object]:
    if isinstance(document, dict):
        for part, key in (("aps", "alert"), ("data", "message")):
            if isinstance(inside := document.get(part), dict):
                yield inside.get(key)


def _digest(parts: tuple[bytes | None, ...]) -> bytes:
    """Each part goes in with its length before it, so that no two lists of parts can run together alike."""
    whole = b"".join([b"-" if part is None else b"%d:%b" % (len(part), part) for part in parts])
    return blake2b(whole, digest_size=16).digest()
