"""What is found odd about a conversation: each kind by its sentence, nothing about one that is as it should be, and any
fault that is put into such a one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.push import Service, Severity
from inspector.history.conversation_findings import ConversationFinding, FindingCode, find
from inspector.history.conversation_model import ConversationPush
from inspector.history.model import Direction
from tests.history.examples import SECOND, START

FCM = {"service": Service.FCM, "device": "f"}


def pushes(*changes: dict[str, Any]) -> list[ConversationPush]:
    """Pushes that come one second after another, each with its changes."""
    first = ConversationPush(
        id=1,
        at=START,
        direction=Direction.IN,
        service=Service.APNS,
        status=200,
        reason=None,
        sequence=None,
        badge=None,
        attempt=1,
        gap=None,
        dialog_id="d",
        device="a",
        message="Hello",
        text_key=b"hello",
    )
    return [
        replace(first, id=place, at=START + place * SECOND, **change)
        for place, change in enumerate(changes, 1)
    ]


def numbered(*sequences: int, **changes: Any) -> list[ConversationPush]:
    return pushes(*({"sequence": sequence, **changes} for sequence in sequences))


def sentences(given_pushes: list[ConversationPush]) -> list[str]:
    return [finding.sentence for finding in find(given_pushes)]


@pytest.mark.parametrize(
    ("sequences", "sentence"),
    [
        ((8, 10), "Sequence jumps from 8 to 10: 9 never came"),
        ((8, 11), "Sequence jumps from 8 to 11: 9 and 10 never came"),
        ((8, 13), "Sequence jumps from 8 to 13: 9 to 12 never came"),
        ((8, 2**63 - 1), f"Sequence jumps from 8 to {2**63 - 1}: 9 to {2**63 - 2} never came"),
    ],
)
def test_a_gap_names_what_is_missing(sequences: tuple[int, ...], sentence: str) -> None:
    (finding,) = find(numbered(*sequences))
    expected = ConversationFinding(FindingCode.GAP, Severity.WARNING, (1, 2), sentence, Service.APNS)
    assert finding == expected


def test_what_comes_late_is_a_step_back_and_no_gap() -> None:
    assert sentences(numbered(8, 10, 9, 11)) == ["Sequence steps back from 10 to 9"]


def test_a_gap_that_is_filled_in_part_names_the_rest() -> None:
    assert sentences(numbered(8, 20, 10)) == [
        "Sequence jumps from 8 to 20: 9, 11, 12 and 7 more never came",
        "Sequence steps back from 20 to 10",
    ]
    assert sentences(numbered(8, 13, 10))[0] == "Sequence jumps from 8 to 13: 9, 11 and 12 never came"


def test_a_retry_is_no_finding() -> None:
    failed = {"sequence": 8, "status": 500}
    dropped = {"sequence": 8, "status": None, "attempt": 2, "gap": 10 * SECOND}
    at_last = {"sequence": 8, "attempt": 3, "gap": 10 * SECOND}
    assert not find(pushes(failed, dropped, at_last, {"sequence": 9}))


def test_the_same_again_after_a_final_answer_is_a_repeat() -> None:
    (accepted,) = find(pushes({"sequence": 8}, {"sequence": 8, "attempt": 2}))
    assert accepted.code is FindingCode.REPEAT
    assert accepted.sentence == "Sequence 8 came again although it was accepted (#1, #2)"
    (denied,) = sentences(pushes({"sequence": 8, "status": 403}, {"sequence": 8, "attempt": 2}))
    assert denied == "Sequence 8 came again although 403 is final (#1, #2)"
    uncounted = pushes({"sequence": 8, "status": 500}, {"sequence": 8})
    assert sentences(uncounted) == ["Sequence 8 came twice (#1, #2)"]
    out = [replace(push, direction=Direction.OUT) for push in uncounted]
    assert sentences(out) == ["Sequence 8 was sent twice (#1, #2)"]


def test_other_texts_of_one_sequence_are_a_conflict() -> None:
    one, other, third = ({"sequence": 8, "text_key": key} for key in (b"a", b"b", b"c"))
    (finding,) = find(pushes(one, other))
    assert (finding.code, finding.severity, finding.ids) == (FindingCode.CONFLICT, Severity.ERROR, (1, 2))
    assert finding.sentence == "Sequence 8 came with two texts (#1, #2)"
    assert sentences(pushes(one, other, third)) == ["Sequence 8 came with 3 texts (#1, #2, #3)"]
    assert not find(pushes(one, {**other, "device": "b"})), "devices may be told different things"


@pytest.mark.parametrize(
    ("badges", "expected"),
    [
        ((1, 4, 1), ["Badge falls from 4 to 1 although nothing says the consumer has read"]),
        ((1, 4, 0, 1), []),
        ((1, None, 2, 2), []),
        ((3, 2, 1), 2),
    ],
)
def test_a_badge_falls_only_to_nothing(badges: tuple[int | None, ...], expected: list[str] | int) -> None:
    found = sentences(
        pushes(*({"sequence": 8 + place, "badge": badge} for place, badge in enumerate(badges)))
    )
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_late_push_and_a_retry_have_the_badge_of_their_time() -> None:
    late = pushes(
        {"sequence": 8, "badge": 1},
        {"sequence": 10, "badge": 3},
        {"sequence": 9, "badge": 2},
        {"sequence": 11, "badge": 4},
    )
    assert sentences(late) == ["Sequence steps back from 10 to 9"]


def test_services_that_do_not_get_as_far_are_out_of_step() -> None:
    ios = [{"sequence": sequence} for sequence in (7, 8, 9)]
    (finding,) = find(pushes(*ios, {"sequence": 7, **FCM}))
    assert (finding.code, finding.service) == (FindingCode.OUT_OF_STEP, None)
    assert finding.sentence == "iOS is at 9, FCM at 7"
    assert finding.ids == (3, 4)
    assert not find(pushes(*ios, {"sequence": 9, **FCM})), "a device may have come later"
    assert not find(pushes(*ios, {"sequence": 7, **FCM, "direction": Direction.OUT}))
    assert not find(pushes(*ios, {"sequence": 7, **FCM, "dialog_id": "survey"}))
    assert not find(pushes(*ios, {"sequence": 7, "device": "second phone"}))


def test_devices_directions_and_dialogs_count_for_themselves() -> None:
    assert not find(
        pushes(
            {"sequence": 8},
            {"sequence": 8, "device": "tablet"},
            {"sequence": 8, "direction": Direction.OUT},
            {"sequence": 1, "dialog_id": "survey"},
            {"sequence": 2, "dialog_id": None},
        )
    )


# any conversation that is as it should be, and one that is not


@st.composite
def rising(draw: st.DrawFn) -> list[ConversationPush]:
    """Each message to every device, with retries as the pusher makes them, and the badge rising or read."""
    devices = draw(
        st.lists(
            st.tuples(st.sampled_from(list(Service)), st.sampled_from("ab")),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    first = draw(st.integers(-5, 2**40))
    badge = 0
    changes: list[dict[str, Any]] = []
    for sequence in range(first, first + draw(st.integers(4, 12))):
        badge = 0 if draw(st.integers(0, 4)) == 0 else badge + 1
        for service, device in devices:
            tries = draw(st.integers(1, 3))
            for attempt in range(1, tries + 1):
                status = 200 if attempt == tries else draw(st.sampled_from([500, 503, None]))
                changes.append(
                    {
                        "service": service,
                        "device": device,
                        "sequence": sequence,
                        "badge": badge,
                        "attempt": attempt,
                        "status": status,
                        "text_key": b"%d" % sequence,
                    }
                )
    return pushes(*changes)


def last_of_all(conversation: list[ConversationPush]) -> int:
    return conversation[-1].id + 1


@given(rising())
def test_nothing_is_found_where_all_is_well(conversation: list[ConversationPush]) -> None:
    assert not find(conversation)


@given(rising(), st.data())
def test_any_fault_is_found(conversation: list[ConversationPush], data: st.DataObject) -> None:
    victim = data.draw(st.sampled_from([push for push in conversation if push.accepted]))
    first = min(push.sequence or 0 for push in conversation)
    last = max(push.sequence or 0 for push in conversation)
    code = data.draw(st.sampled_from(FindingCode))
    new = replace(victim, id=last_of_all(conversation), attempt=1, status=200, badge=None)
    stream = {(push.service, push.device): push for push in conversation}
    match code:
        case FindingCode.GAP:
            faulty = [*conversation, replace(new, sequence=last + 2, text_key=b"new")]
        case FindingCode.STEP_BACK:
            faulty = [*conversation, replace(new, sequence=first - 1, text_key=b"new")]
        case FindingCode.REPEAT:
            faulty = [*conversation, new]
        case FindingCode.CONFLICT:
            faulty = [*conversation, replace(new, text_key=b"another")]
        case FindingCode.BADGE_FALLS:
            high = replace(new, sequence=last + 1, badge=5, text_key=b"high")
            faulty = [
                *conversation,
                high,
                replace(high, id=high.id + 1, sequence=last + 2, badge=1, text_key=b"low"),
            ]
        case FindingCode.OUT_OF_STEP:
            service = Service.HUAWEI if victim.service is Service.APNS else Service.APNS
            behind = replace(new, service=service, device="z", sequence=first - 2)
            known = {push.service for push in stream.values()} & {service, Service.UNKNOWN}
            if known or victim.service is Service.UNKNOWN:
                return
            faulty = [*conversation, behind]
    assert code in {finding.code for finding in find(faulty)}
