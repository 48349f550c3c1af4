"""What a pasted request means for the composer's settings."""

from __future__ import annotations

from pathlib import Path

from inspector.sender.pasted import Form, Pasted
from inspector.sender.request import SendRequest, TrustKind
from inspector.ui.composer.library.beginning import begin

BEFORE = SendRequest(
    "https://before.example/",
    identity="me",
    trust=TrustKind.VAULT,
    basic_user="old",
    basic_password="older",
    headers=(("X-Old", "1"),),
    timeout=7.0,
    proxy="http://p.example:3128",
)


def test_a_body_changes_no_setting() -> None:
    beginning = begin(Pasted(Form.BODY, body=b"{}"), BEFORE)
    assert beginning.request == BEFORE
    assert beginning.said == "The body is the one that was pasted."


def test_what_is_named_is_taken_and_the_rest_stays() -> None:
    pasted = Pasted(
        Form.CURL,
        url="https://now.example/push",
        headers=(("Content-Type", "application/json"), ("X-New", "2")),
        body=b"{}",
        basic_user="new",
        basic_password="s3cret",
    )
    beginning = begin(pasted, BEFORE)
    request = beginning.request
    assert (request.basic_user, request.basic_password) == ("new", "s3cret")
    assert request.headers == (("X-New", "2"),)
    assert (request.identity, request.trust, request.timeout) == ("me", TrustKind.VAULT, 7.0)
    assert request.proxy == "http://p.example:3128"
    assert beginning.remarks == ()
    assert "s3cret" not in repr(beginning)


def test_more_headers_than_the_pusher_sends_are_left_out_and_told() -> None:
    pasted = Pasted(Form.HTTP, headers=tuple((f"X-{n}", "v") for n in range(6)), body=b"{}")
    beginning = begin(pasted, BEFORE)
    assert len(beginning.request.headers) == 4
    assert any("first 4 headers" in remark for remark in beginning.remarks)


def test_whom_to_trust(tmp_path: Path) -> None:
    file = str(tmp_path / "ca.pem")
    assert begin(Pasted(Form.CURL, insecure=True, cacert=file), BEFORE).request.trust is TrustKind.NOTHING
    taken = begin(Pasted(Form.CURL, cacert=file), BEFORE).request
    assert (taken.trust, taken.ca_files) == (TrustKind.FILES, (tmp_path / "ca.pem",))
    told = begin(Pasted(Form.CURL, cacert="ca.pem"), BEFORE)
    assert told.request.trust is TrustKind.VAULT
    assert any("ca.pem" in remark for remark in told.remarks)


def test_without_a_body_it_says_that_what_was_written_stays() -> None:
    beginning = begin(Pasted(Form.CURL, url="https://now.example/"), BEFORE)
    assert beginning.said == "Address and settings are those of the cURL command that was pasted."
    assert "It has no body, so what was written stays." in beginning.remarks
