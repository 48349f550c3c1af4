"""What may stand in the settings' fields."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import UsageError
from inspector.ui.listener_settings import checks

HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 127.0.0.1 ", "127.0.0.1"),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("localhost", "localhost"),
        ("my-host.example.com.", "my-host.example.com."),
        ("1and1.example", "1and1.example"),
    ],
)
def test_a_host(text: str, expected: str) -> None:
    assert checks.host(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "  ", "[]", "300.1.1.1", "1.2.3", "a b", "-x", "a..b", "x" * 64, "https://h", "h:8443", "h/p"],
)
def test_what_is_no_host(text: str) -> None:
    with pytest.raises(UsageError):
        checks.host(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("0", 0), ("65535", 65535), (" 8443 ", 8443), ("8,443", 8443)]
)
def test_a_port(text: str, expected: int) -> None:
    assert checks.port(text) == expected


@pytest.mark.parametrize("text", ["", "-1", "65536", "8443a", "٣", "1e3", "1.5", "9" * 400])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(UsageError, match="from 0 to 65,535"):
        checks.port(text)


@pytest.mark.parametrize("text", ["", "0", "-1", "nan", "inf", "1e999", "ten", "86401"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(UsageError):
        checks.seconds(text)


def test_a_time_may_have_a_comma() -> None:
    assert checks.seconds("2,5") == 2.5


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["", ":", " "]), st.booleans())
def test_a_fingerprint_in_every_dress(data: bytes, between: str, large: bool) -> None:
    text = between.join(f"{byte:02x}" for byte in data)
    assert checks.fingerprint(text.upper() if large else text) == data.hex()


@pytest.mark.parametrize("dress", ["sha256 Fingerprint={}", "SHA256:{}", "  {}\n"])
def test_a_fingerprint_as_programs_print_it(dress: str) -> None:
    assert checks.fingerprint(dress.format(HEX)) == HEX


@pytest.mark.parametrize("text", ["", "ab", HEX + "0", HEX[:-1] + "g", HEX[:40]])
def test_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(UsageError, match="SHA-256 fingerprint"):
        checks.fingerprint(text)


def test_a_fingerprint_that_is_too_short_says_how_long_it_is() -> None:
    with pytest.raises(UsageError, match="SHA-1"):
        checks.fingerprint(HEX[:40])
    with pytest.raises(UsageError, match="62 hex digits"):
        checks.fingerprint(HEX[:62])


@pytest.mark.parametrize("text", ["CN=push-proxy", "CN=push-*,O=Example", "*Example*"])
def test_a_subject(text: str) -> None:
    assert checks.subject(f" {text} ") == text


@pytest.mark.parametrize("text", ["", "*", "=", "push", "CN=a\nb"])
def test_what_is_no_subject(text: str) -> None:
    with pytest.raises(UsageError):
        checks.subject(text)


def test_networks_are_set_in_order_and_kept_once() -> None:
    assert checks.networks("10.0.0.7, 10.0.0.0/8;[::1]  10.0.0.7") == ("10.0.0.7", "10.0.0.0/8", "::1")
    assert checks.networks("  ") == ()


@pytest.mark.parametrize("text", ["10.0.0", "10.0.0.0/33", "proxy.example", "::1/200", "10.1.2.3/8"])
def test_what_is_no_network(text: str) -> None:
    with pytest.raises(UsageError, match="address"):
        checks.networks(text)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_taken_or_refused_in_words(text: str) -> None:
    for check in (
        checks.host,
        checks.port,
        checks.seconds,
        checks.fingerprint,
        checks.subject,
        checks.networks,
        checks.header_name,
        checks.header_value,
    ):
        with suppress(UsageError):
            check(text)


def test_a_header_once() -> None:
    checks.no_double(["X-One"], "X-Two")
    with pytest.raises(UsageError, match="twice"):
        checks.no_double(["X-One"], "x-one")
