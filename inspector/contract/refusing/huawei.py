"""What Huawei Push Kit would answer to a request that is sent on. Pure; imports the contract.

Success is the `code` in the answer's body and not its HTTP status, so that is what is named. Source: the wire
contract's rules for Huawei.
"""

from __future__ import annotations

from inspector.contract.anatomy import JsonObject
from inspector.contract.findings import Findings
from inspector.contract.push import Severity
from inspector.contract.refusing.common import check_size, inner, is_whole, seconds, warn
from inspector.contract.sent_on.huawei import MOST_TOKENS
from inspector.contract.sent_on.model import SentOn
from inspector.contract.sent_on.source import device_token
from inspector.contract.token_places import is_token_name

_COLLAPSE_KEYS = range(-1, 101)
_URGENCIES = ("HIGH", "NORMAL")


def check(document: JsonObject, request: SentOn, findings: Findings) -> None:
    """Everything that Huawei would say to a decoded push."""
    _token(document, findings)
    if "data" not in document:
        warn("80100003", (), "Without ‘data’ there is nothing to deliver: Huawei answers 80100003.", findings)
    elif not isinstance(document["data"], str):
        findings.add(
            "80100003",
            Severity.INFO if isinstance(document["data"], dict) else Severity.WARNING,
            ("data",),
            "{path} must become one JSON string on its way: Huawei takes nothing else, and answers 80100003.",
        )
    check_size(request, "80300008", "Huawei answers 80300008", findings)
    _android(inner(document, "android"), findings)


def _token(document: JsonObject, findings: Findings) -> None:
    token = device_token(document)
    name = next((key for key in document if is_token_name(key)), None)
    path = () if name is None else (name,)
    if isinstance(token, list) and len(token) > MOST_TOKENS:
        warn(
            "80300010",
            path,
            "{path} has {count:,} tokens, and {most:,} is the most: Huawei answers 80300010.",
            findings,
            count=len(token),
            most=MOST_TOKENS,
        )
    elif not token or not isinstance(token, str | list):
        warn("80300007", path, "Without a device token Huawei answers 80300007, invalid token.", findings)


def _android(android: JsonObject, findings: Findings) -> None:
    if "collapse_key" in android:
        key = android["collapse_key"]
        if not is_whole(key) or key not in _COLLAPSE_KEYS:
            warn(
                "80100013",
                ("android", "collapse_key"),
                "{path} must be a whole number from -1 to 100, or Huawei answers 80100013.",
                findings,
            )
    if "ttl" in android and seconds(android["ttl"]) is None:
        warn(
            "80100004",
            ("android", "ttl"),
            '{path} must be written like "10000s", or Huawei answers 80100004.',
            findings,
        )
    if "urgency" in android and android["urgency"] not in _URGENCIES:
        warn(
            "80100001",
            ("android", "urgency"),
            "{path} must be HIGH or NORMAL, or Huawei answers 80100001.",
            findings,
        )
