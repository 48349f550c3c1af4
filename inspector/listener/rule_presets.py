"""Rules to begin with: the documented answers and the usual ways to fail. Pure; imports the words for rules."""

from __future__ import annotations

from inspector.listener.rule import Answer, Fault, Rule

CHALLENGE = ("WWW-Authenticate", 'Basic realm="push-inspector", charset="UTF-8"')
"""What a 401 must have (RFC 9110 15.5.2)."""

PRESETS: tuple[Rule, ...] = (
    Rule("Accept (200)", answer=Answer(200)),
    Rule("Deny the auth key (401)", answer=Answer(401, headers=(CHALLENGE,))),
    Rule("Token can't receive pushes (403)", answer=Answer(403)),
    Rule("Error while processing (500)", answer=Answer(500)),
    Rule("Too many requests (429)", answer=Answer(429, headers=(("Retry-After", "30"),))),
    Rule("Down for maintenance (503)", answer=Answer(503, headers=(("Retry-After", "60"),))),
    Rule("Time-out: never answer", answer=Answer(fault=Fault.SILENCE)),
    Rule("Slow: answer after 12 s", answer=Answer(200, delay_seconds=12.0)),
    Rule("Reset the connection", answer=Answer(fault=Fault.RESET)),
    Rule("Drop before reading", answer=Answer(fault=Fault.DROP_EARLY)),
    Rule("Drop after reading", answer=Answer(fault=Fault.DROP)),
    Rule(
        "Truncate the answer",
        answer=Answer(
            200,
            headers=(("Content-Type", "application/json"),),
            body='{"status":"accepted"}',
            fault=Fault.TRUNCATE,
        ),
    ),
    Rule("Fail twice, then take it", answer=Answer(500), first=2, per_message=True),
    Rule("Fail 30 % at random", answer=Answer(500), share=30.0),
)
"""To be put into a table of rules and changed there; each fits every push."""
