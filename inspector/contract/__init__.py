"""The wire contract: bytes to a push and its problems. Pure: no I/O, no clock, no Qt; imports pydantic only."""
