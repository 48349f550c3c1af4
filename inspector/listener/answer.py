"""Decides what a request is answered: by its method, by HTTP Basic, then as configured.

Imports this room's words only. One per listener; used in its loop's thread alone.
"""

from __future__ import annotations

import base64
import binascii
import hmac

from inspector.listener.config import Answer, AuthMode
from inspector.listener.http_events import Broken, Request
from inspector.listener.http_head import method_not_allowed
from inspector.listener.reply import Reply

NOT_STORED = Reply(500, text="The push could not be stored; send it again.")
_ALLOW = (("Allow", "POST"),)
_CHALLENGE = (("WWW-Authenticate", 'Basic realm="push-inspector", charset="UTF-8"'),)


class AnswerRule:
    """What a listener answers. `fail_first` counts the pushes since the answer was set last."""

    def __init__(
        self, auth: AuthMode, answer: Answer, *, basic_user: str = "", basic_password: str = ""
    ) -> None:
        self._expected = f"{basic_user}:{basic_password}".encode() if auth.wants_basic else None
        self.set_answer(answer)

    def set_answer(self, answer: Answer) -> None:
        """From now on answer so."""
        self._answer = answer
        self._to_fail = answer.fail_first
        self._usual = Reply(
            None if answer.drop else answer.status,
            headers=_CHALLENGE if answer.status == 401 and not answer.drop else (),
            delay_seconds=answer.delay_seconds,
        )
        self._failing = Reply(500, delay_seconds=answer.delay_seconds)

    def decide(self, request: Request) -> Reply:
        """The reply to a whole request."""
        if request.method != "POST":
            return Reply(405, headers=_ALLOW, text=method_not_allowed(request.method).message)
        if self._expected is not None and (fault := self._credentials_fault(request)):
            return Reply(401, headers=_CHALLENGE, note=fault)
        if self._to_fail > 0:
            self._to_fail -= 1
            return self._failing
        return self._usual

    def _credentials_fault(self, request: Request) -> str:
        """What is wrong with the request's user and password; empty if nothing is."""
        given = [value for name, value in request.headers if name.lower() == "authorization"]
        if not given:
            return "The push has no Authorization field; this listener demands HTTP Basic."
        scheme, _, encoded = given[0].partition(" ")
        if scheme.lower() != "basic" or len(given) > 1:
            return "The push's Authorization is not HTTP Basic."
        try:
            decoded = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            return "The push's Authorization is not valid Base64."
        assert self._expected is not None
        # In constant time, so that the answer's delay tells nothing of the password.
        if hmac.compare_digest(decoded, self._expected):
            return ""
        return "The push's user or password is wrong."


def reply_to_broken(broken: Broken) -> Reply:
    """The reply to a request that can't be taken. It ends the connection: where the next one begins is
    unknown."""
    return Reply(
        broken.status,
        headers=_ALLOW if broken.status == 405 else (),
        text=broken.message if broken.status is not None else "",
        close=True,
    )
