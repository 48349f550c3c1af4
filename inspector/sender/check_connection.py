"""Whether a push would get through. Imports httpx (by the sender's network)."""

from __future__ import annotations

from inspector.sender.cancel import Cancel
from inspector.sender.connection_check import ConnectionCheck
from inspector.sender.model import Target


def check_connection(target: Target, *, cancel: Cancel | None = None) -> ConnectionCheck:
    """Do the handshake only."""
    raise NotImplementedError
