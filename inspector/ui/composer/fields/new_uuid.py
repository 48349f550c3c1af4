"""A new UUID, as LivePerson writes them. Imports the standard library."""

from __future__ import annotations


def new_uuid() -> str:
    """Version 4, in small letters."""
    from uuid import uuid4  # it asks the system who it is as it is imported

    return str(uuid4())
