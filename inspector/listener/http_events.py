"""What an HTTP exchange hands out. Frozen; imports history's records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from inspector.frozen import quickly_made
from inspector.history.model import Headers


class Phase(Enum):
    """Where an exchange is. WAITING: a request was handed out and not answered yet. OVER: nothing more is
    read."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    WAITING = auto()
    OVER = auto()


@quickly_made
@dataclass(frozen=True, slots=True)
class Request:
    """One request, whole. `target` is as it stood in the request line, `body` as it was after de-chunking;
    its `content_coding`, if any, is still there."""

    method: str
    target: str
    version: str
    headers: Headers
    body: bytes
    keep_alive: bool
    content_coding: str = ""
    trailers: Headers = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A request that can't be taken: `status` is what to answer (None where nobody is left to read it),
    `code` a stable name, `message` a sentence. `request` holds what was received of it."""

    status: int | None
    code: str
    message: str
    request: Request


@dataclass(frozen=True, slots=True)
class ContinueWanted:
    """The client waits for `100 Continue` before it sends the body."""


HttpEvent = Request | Broken | ContinueWanted
