"""Decides what a request is answered: by its method, by HTTP Basic, by the rules, then as configured.

Imports this room's words only. One per listener; used in its loop's thread alone.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from collections.abc import Sequence
from random import Random

from inspector.contract.push import Problem, Severity
from inspector.errors import UsageError
from inspector.history.model import Headers, NewEvent
from inspector.listener.config import Answer, AuthMode, ExpectedHeader, ListenerConfig
from inspector.listener.forwards import Forwards
from inspector.listener.http_events import Broken, Request
from inspector.listener.http_head import method_not_allowed
from inspector.listener.reply import Reply
from inspector.listener.rule import Fault, Rule
from inspector.listener.rule_book import Rest, RuleBook
from inspector.listener.rule_check import answer_faults
from inspector.listener.rule_match import subject_of
from inspector.listener.rule_presets import CHALLENGE

NOT_STORED = Reply(500, text="The push could not be stored; send it again.")
UNDECIDED = Reply(None)
"""It is for the rules, which want to see what is in the push."""

_ALLOW = (("Allow", "POST"),)
_PLAIN_TEXT = ("Content-Type", "text/plain; charset=utf-8")
_CUT_OFF = "This answer is cut off in the middle."
_HEADS_KEPT = 128
_NOTES = {
    Fault.DROP_EARLY: "The connection was closed instead of an answer{why}.",
    Fault.DROP: "The connection was closed instead of an answer{why}.",
    Fault.RESET: "The connection was reset instead of an answer{why}.",
    Fault.TRUNCATE: "Half of the answer was sent, then the connection was closed{why}.",
    Fault.SILENCE: "No answer is given{why}.",
}


class AnswerRule:
    """What a listener answers: the first rule that fires, else its usual answer.

    `fail_first` counts the pushes since the answer was set last; a push that a rule answers is none of them. Where
    there is an upstream (`forwards`) whose answers are returned, its answer takes the place of the usual one, but not
    of a rule's, of the usual fault, nor of a failure by `fail_first`: those the pusher gets, and the push is passed on
    all the same, unless the connection was dropped early.
    """

    def __init__(
        self,
        auth: AuthMode,
        answer: Answer,
        *,
        basic_user: str = "",
        basic_password: str = "",
        rules: Sequence[Rule] = (),
        expected_headers: Sequence[ExpectedHeader] = (),
        forwards: Forwards | None = None,
        random: Random | None = None,
    ) -> None:
        self._expected = f"{basic_user}:{basic_password}".encode() if auth.wants_basic else None
        self._headers = tuple((one.name.lower(), one) for one in expected_headers)
        self._header_problems: dict[Headers, tuple[Problem, ...]] = {}
        self.forwards = forwards
        self._book = RuleBook(rules, random)
        self._replies: dict[tuple[str, Answer], Reply] = {}
        self._to_fail = 0
        self.set_answer(answer)

    @classmethod
    def of(
        cls, config: ListenerConfig, loop: asyncio.AbstractEventLoop, before: AnswerRule | None = None
    ) -> AnswerRule:
        """What a listener with this config answers, in this loop; what goes to the same upstream as `before` goes on,
        and so does the counting in what stays as it is. Raises UsageError for what can't be answered."""
        forwards = before.forwards if before is not None else None
        if forwards is None or forwards.upstream is not config.upstream:
            forwards = None if config.upstream is None else Forwards(loop, config.upstream)
        made = cls(
            config.auth,
            config.answer,
            basic_user=config.basic_user,
            basic_password=config.basic_password,
            rules=config.rules,
            expected_headers=config.expected_headers,
            forwards=forwards,
        )
        if before is not None:
            made._count_on(before)
        return made

    def _count_on(self, before: AnswerRule) -> None:
        before._book.set_rules(self._book.rules)
        self._book = before._book
        if before._answer == self._answer:
            self._to_fail = before._to_fail

    async def end(self, seconds: float) -> None:
        """Bring what is being passed on to an end, within about so many seconds."""
        if self.forwards is not None:
            await self.forwards.end(seconds)

    def set_answer(self, answer: Answer) -> None:
        """From now on answer so. Raises UsageError for an answer that can't be given."""
        require_possible(answer)
        self._answer = answer
        self._to_fail = answer.fail_first
        self._usual = reply_of(answer)
        self._failing = Reply(500, delay_seconds=answer.delay_seconds, insists=True)
        self._drops_early = self._usual.fault is Fault.DROP_EARLY
        self._note_what_is_special()

    def set_rules(self, rules: Sequence[Rule]) -> None:
        """From now on follow these; those that stay as they are go on counting. Raises UsageError for one that can't
        be followed."""
        self._book.set_rules(rules)
        self._replies.clear()
        self._note_what_is_special()

    def _note_what_is_special(self) -> None:
        """What an ordinary push is asked: whether it is one at all."""
        self._has_rules = bool(self._book)
        self.drops_early = self._drops_early or self._book.drops_early
        later = self._usual.comes_later
        self.special = (
            self._has_rules or self.drops_early or self.forwards is not None or bool(self._headers) or later
        )

    @property
    def usual(self) -> Reply:
        """What most pushes are answered."""
        return self._usual

    def decide(self, request: Request) -> Reply:
        """The reply to a whole request; UNDECIDED where that is for `choose`."""
        refusal = self._refuse(request)
        if refusal is not None:
            return refusal
        if self._has_rules:
            return UNDECIDED
        return self._default()

    def choose(self, event: NewEvent, rest: Rest | None = None) -> Reply:
        """The reply to a push that rules may be for. `rest` is what `choose_early` has left of them."""
        chosen = self._book.choose(subject_of(event), rest)
        return self._default() if chosen is None else self._reply(*chosen)

    def choose_early(self, request: Request) -> tuple[Reply | None, Rest]:
        """As much of it as the head of a request tells: the reply, if that is settled, and the rules to be asked when
        the body is there."""
        if self._refuse(request) is not None:
            return None, ()
        chosen, rest = self._book.choose_early(request.target)
        if chosen is not None:
            return self._reply(*chosen), rest
        if not rest and self._drops_early and not self._to_fail:
            return self._usual, rest
        return None, rest

    def header_problems(self, headers: Headers) -> tuple[Problem, ...]:
        """What is missing or different of the header fields that every push should have. Values are not repeated:
        they may be secret."""
        if not self._headers:
            return ()
        # A client sends the same ones with every push.
        known = self._header_problems.get(headers)
        if known is None:
            if len(self._header_problems) >= _HEADS_KEPT:
                self._header_problems.clear()
            known = self._header_problems[headers] = self._compare_headers(headers)
        return known

    def _compare_headers(self, headers: Headers) -> tuple[Problem, ...]:
        given: dict[str, list[str]] = {}
        for name, value in headers:
            given.setdefault(name.lower(), []).append(value)
        problems = []
        for name, one in self._headers:
            if name not in given:
                message = f"The push has no header {one.name}, which is expected."
                problems.append(Problem("missing_header", Severity.WARNING, "", message))
            elif one.value is not None and one.value not in given[name]:
                message = f"The header {one.name} has another value than expected."
                problems.append(Problem("unexpected_header_value", Severity.WARNING, "", message))
        return tuple(problems)

    def _default(self) -> Reply:
        if self._to_fail > 0:
            self._to_fail -= 1
            return self._failing
        return self._usual

    def _reply(self, rule: Rule, answer: Answer) -> Reply:
        """The reply of a rule that has fired, the same one every time."""
        reply = self._replies.get((rule.name, answer))
        if reply is None:
            reply = self._replies[rule.name, answer] = reply_of(answer, rule.name)
        return reply

    def _refuse(self, request: Request) -> Reply | None:
        """The reply to a request that is no push, or not let in."""
        if request.method != "POST":
            text = method_not_allowed(request.method).message
            return Reply(405, headers=_ALLOW, text=text, refused=True)
        if self._expected is not None and (fault := self._credentials_fault(request)):
            return Reply(401, headers=(CHALLENGE,), note=fault, refused=True)
        return None

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


def require_possible(answer: Answer) -> None:
    """Raises UsageError for an answer that can't be given."""
    for where, why in answer_faults(answer):
        raise UsageError(f"The answer's {where.replace('_', ' ')}: {why}", "Correct the answer.")


def reply_of(answer: Answer, rule: str | None = None) -> Reply:
    """What an answer becomes, the usual one or that of a rule."""
    fault = Fault.DROP if answer.drop and answer.fault is Fault.NONE else answer.fault
    why = "" if rule is None else f", by the rule {rule}"
    note = _NOTES[fault].format(why=why) if fault is not Fault.NONE else ""
    insists = rule is not None or fault is not Fault.NONE
    if fault not in (Fault.NONE, Fault.TRUNCATE):
        delay = 0.0 if fault is Fault.DROP_EARLY else answer.delay_seconds
        return Reply(None, delay_seconds=delay, note=note, fault=fault, rule=rule, insists=insists)
    body = answer.body or (_CUT_OFF if fault is Fault.TRUNCATE else "")
    headers = answer.headers
    names = {name.lower() for name, _value in headers}
    if answer.status == 401 and "www-authenticate" not in names:
        headers = (*headers, CHALLENGE)
    if body and "content-type" not in names:
        headers = (*headers, _PLAIN_TEXT)
    return Reply(
        answer.status,
        headers,
        delay_seconds=answer.delay_seconds,
        note=note,
        content=body.encode(),
        fault=fault,
        rule=rule,
        insists=insists,
    )


def reply_to_broken(broken: Broken) -> Reply:
    """The reply to a request that can't be taken. It ends the connection: where the next one begins is
    unknown."""
    return Reply(
        broken.status,
        headers=_ALLOW if broken.status == 405 else (),
        text=broken.message if broken.status is not None else "",
        close=True,
    )
