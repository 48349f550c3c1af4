"""What the player plays: every script comes to clean pushes, and to the oddities that were asked for, nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.parse import parse
from inspector.contract.push import Service
from inspector.contract.retry_key import conflict_key, retry_key
from inspector.history.conversation_findings import FindingCode, find
from inspector.history.conversation_model import ConversationPush
from inspector.history.model import Direction
from inspector.sender.player.bodies import make_token
from inspector.sender.player.play import Exchange, Why, play
from inspector.sender.player.script import Devices, Pause, Repeats, Script
from inspector.sender.player.scripts import built_in

SERVICES = (Service.APNS, Service.FCM, Service.HUAWEI)
TEXTS = ("Hello", "مرحبًا", "👍🏽 “quoted”", "line\nbreak", "{{now}}")


@st.composite
def scripts(draw: st.DrawFn, *, odd: bool = True) -> Script:
    devices = tuple(
        Devices(service=service, count=draw(st.integers(1, 3)))  # type: ignore[arg-type]
        for service in draw(st.lists(st.sampled_from(SERVICES), min_size=1, max_size=3, unique=True))
    )
    share = st.sampled_from([0.0, 0.2, 1.0]) if odd else st.just(0.0)
    pause = draw(st.sampled_from([(0.0, 0.0), (0.0, 3.0), (1.0, 1.0)]))
    return Script(
        seed=draw(st.integers(-(2**40), 2**40)),
        devices=devices,
        devices_each=draw(st.integers(1, sum(group.count for group in devices))),
        conversations=draw(st.integers(1, 4)),
        pushes=draw(st.integers(1, 8)),
        texts=draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3)),  # type: ignore[arg-type]
        pause=Pause(least=pause[0], most=pause[1]),
        spread=draw(st.sampled_from([0.0, 5.0])),
        repeats=Repeats(
            share=draw(share), attempts=draw(st.integers(2, 4)), interval=draw(st.sampled_from([0.0, 10.0]))
        ),
        out_of_order=draw(share),
        duplicates=draw(share),
    )


def findings(exchange: Exchange) -> dict[int, Counter[FindingCode]]:
    """What the history finds odd, conversation by conversation, where all is accepted."""
    pushes: dict[int, list[ConversationPush]] = defaultdict(list)
    seen: Counter[bytes] = Counter()
    for number, move in enumerate(exchange.moves):
        push = parse(exchange.body(number))
        key = retry_key(push)
        assert key is not None
        seen[key] += 1
        pushes[move.conversation].append(
            ConversationPush(
                id=number + 1,
                at=int(move.due * 1e6),
                direction=Direction.OUT,
                service=push.service,
                device=push.device_token or "",
                dialog_id=push.dialog_id,
                sequence=push.sequence,
                badge=push.badge,
                text_key=key,
                attempt=seen[key],
                status=200,
                reason=None,
                gap=None,
                message=None,
            )
        )
    return {place: Counter(one.code for one in find(those)) for place, those in pushes.items()}


@settings(max_examples=60, deadline=None)
@given(scripts())
def test_every_push_is_as_the_contract_says(script: Script) -> None:
    exchange = play(script)
    for number, move in enumerate(exchange.moves):
        push = parse(exchange.body(number))
        device = exchange.conversations[move.conversation].devices[move.device]
        assert push.problems == ()
        assert (push.service, push.device_token) == (device.service, device.token)
        assert (push.sequence, push.badge) == (move.sequence, move.sequence)
        assert push.brand_id == script.brand_id
        assert push.message in script.texts


@settings(max_examples=60, deadline=None)
@given(scripts())
def test_counts_hold_and_times_rise(script: Script) -> None:
    exchange = play(script)
    dues = [move.due for move in exchange.moves]
    assert dues == sorted(dues)
    assert dues[0] == 0
    of_turn = [move for move in exchange.moves if move.why in (Why.TURN, Why.LATE)]
    assert len(of_turn) == script.conversations * script.pushes * script.devices_each
    each = Counter((move.conversation, move.device, move.sequence) for move in of_turn)
    assert set(each.values()) == {1}
    assert {move.sequence for move in of_turn} == set(range(1, script.pushes + 1))
    retried = Counter((m.conversation, m.device, m.sequence) for m in exchange.moves if m.why is Why.RETRY)
    assert set(retried.values()) <= {script.repeats.attempts - 1}
    if script.repeats.share == 1:
        assert len(retried) == len(of_turn)
    plan = exchange.plan(speed=2)
    assert plan.count == len(exchange.moves)
    assert [plan.due(number) for number in range(plan.count)] == [due / 2 for due in dues]


@settings(max_examples=40, deadline=None)
@given(scripts())
def test_the_same_seed_is_the_same_exchange(script: Script) -> None:
    first, second = play(script), play(script)
    assert first == second
    assert [first.body(n) for n in range(len(first.moves))] == [
        second.body(n) for n in range(len(second.moves))
    ]
    other = play(script.model_copy(update={"seed": script.seed + 1}))
    assert other.conversations != first.conversations


@settings(max_examples=60, deadline=None)
@given(scripts(odd=False))
def test_nothing_is_odd_where_nothing_was_asked_for(script: Script) -> None:
    exchange = play(script)
    assert {move.why for move in exchange.moves} == {Why.TURN}
    before: Counter[tuple[int, int]] = Counter()
    for move in exchange.moves:
        before[move.conversation, move.device] += 1
        assert move.sequence == before[move.conversation, move.device]
    assert all(not found for found in findings(exchange).values())


@settings(max_examples=60, deadline=None)
@given(scripts())
def test_what_was_asked_for_is_found_and_nothing_else(script: Script) -> None:
    exchange = play(script)
    for conversation, found in findings(exchange).items():
        moves = [move for move in exchange.moves if move.conversation == conversation]
        why = Counter(move.why for move in moves)
        assert found[FindingCode.REPEAT] == why[Why.RETRY] + why[Why.DUPLICATE]
        assert found[FindingCode.STEP_BACK] == why[Why.LATE]
        assert set(found) <= {FindingCode.REPEAT, FindingCode.STEP_BACK}


def test_messages_of_a_sequence_never_contradict_each_other() -> None:
    texts: dict[bytes, bytes] = {}
    for script in built_in():
        exchange = play(script)
        for number in range(len(exchange.moves)):
            push = parse(exchange.body(number))
            key, text = conflict_key(push), retry_key(push)
            assert key is not None
            assert text is not None
            assert texts.setdefault(key, text) == text


def test_the_built_in_scripts_are_what_they_say() -> None:
    chat, busy, bad = (play(script) for script in built_in())
    assert len(chat.moves) == 8
    assert 7 <= chat.moves[-1].due <= 21
    assert len(busy.moves) == 60 * 10 * 2
    assert busy.moves[-1].due <= 132
    assert {device.service for one in busy.conversations for device in one.devices} == set(SERVICES)
    assert {move.why for move in busy.moves} == {Why.TURN}
    assert {move.why for move in bad.moves} == set(Why)


def test_tokens_are_taken_as_far_as_they_reach() -> None:
    script = Script(devices=(Devices(service=Service.FCM, count=2, tokens=("mine",)),), conversations=2)
    tokens = [one.devices[0].token for one in play(script).conversations]
    assert tokens[0] == "mine"
    assert len(tokens[1]) > 100
    assert "mine" not in repr(play(script))


def test_made_up_tokens_differ() -> None:
    from random import Random

    chance = Random(1)
    for service in SERVICES:
        assert len({make_token(service, chance) for _ in range(50)}) == 50
