"""Finds the request that a push becomes, and writes it as text. Pure; imports the contract."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from inspector.contract.anatomy import JsonObject
from inspector.contract.push import Push, Service
from inspector.contract.sent_on import apns, fcm, huawei
from inspector.contract.sent_on.model import SentOn

_WAYS: dict[Service, Callable[..., SentOn]] = {
    Service.APNS: apns.send_on,
    Service.FCM: fcm.send_on,
    Service.HUAWEI: huawei.send_on,
}


def sent_on(push: Push, *, reveal: bool = False) -> SentOn | None:
    """What a correct proxy would send on. None where the body is no JSON object, or does not say which provider it is
    for. The device token is masked unless `reveal`; sizes do not depend on that."""
    if push.service not in _WAYS or not isinstance(push.document, dict):
        return None
    return send_on(push.document, push.service, reveal=reveal)


def send_on(document: JsonObject, service: Service, *, reveal: bool = False) -> SentOn:
    """The request to a provider (not `unknown`) for a decoded push in that provider's layout."""
    return _WAYS[service](document, reveal=reveal)


def request_text(request: SentOn) -> str:
    """The whole request as people write one: request line, headers, an empty line, the body."""
    headers = "\n".join(f"{header.name}: {header.value}" for header in request.headers)
    return f"{request.method} {request.url}\n{headers}\n\n{request.body}\n"


def curl_command(request: SentOn) -> str:
    """A cURL command for a POSIX shell that sends the request. Placeholders stay in it, in angle brackets."""
    lines = ["curl --http2" if request.service is Service.APNS else "curl"]
    lines += [f"  --header {shlex.quote(f'{header.name}: {header.value}')}" for header in request.headers]
    lines.append(f"  --data-raw {shlex.quote(request.compact_body)}")
    lines.append(f"  {shlex.quote(request.url)}")
    return " \\\n".join(lines) + "\n"
