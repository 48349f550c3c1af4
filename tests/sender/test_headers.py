"""Headers that can't be sent, and headers that the pusher would not take."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import UsageError
from inspector.sender.headers import request_headers
from inspector.sender.model import Target

URL = "https://localhost/"


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\n", "\u00e9", "(a)", "a\x00", '"a"'])
def test_names_that_no_header_may_have(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        request_headers(Target(URL, headers=((name, "x"),)))
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("value", ["a\r\nb", "a\nb", "\x00", "\u00e9", "\x7f", "a\x1bb"])
def test_values_that_no_header_may_have(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        request_headers(Target(URL, headers=(("Token", value),)))
    assert "Token" in caught.value.message
    assert value not in caught.value.message


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_headers_that_follow_from_the_body(name: str) -> None:
    with pytest.raises(UsageError):
        request_headers(Target(URL, headers=((name, "1"),)))


def test_basic_and_authorization_exclude_each_other() -> None:
    with pytest.raises(UsageError) as caught:
        request_headers(Target(URL, basic_user="u", headers=(("authorization", "s3cret"),)))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(("user", "password"), [("a:b", "c"), ("a", "b\n"), ("a\r", ""), ("", "\x00")])
def test_basic_that_can_t_be_sent(user: str, password: str) -> None:
    with pytest.raises(UsageError):
        request_headers(Target(URL, basic_user=user, basic_password=password))


printable = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)


@given(user=printable.filter(lambda text: ":" not in text), password=printable)
def test_basic_as_rfc_7617_has_it(user: str, password: str) -> None:
    headers = dict(request_headers(Target(URL, basic_user=user, basic_password=password)))
    if not user and not password:
        assert "Authorization" not in headers
        return
    kind, _, credentials = headers["Authorization"].partition(" ")
    assert kind == "Basic"
    assert base64.b64decode(credentials, validate=True).decode() == f"{user}:{password}"


def test_our_own_name_is_not_hidden() -> None:
    assert dict(request_headers(Target(URL)))["User-Agent"].startswith("push-inspector/")
