"""URLs as people type them."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import UsageError
from inspector.sender.target import parse_url


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("localhost", "https://localhost/"),
        ("localhost:8443", "https://localhost:8443/"),
        ("localhost:8443/push", "https://localhost:8443/push"),
        ("  https://Proxy.Example.COM  ", "https://proxy.example.com/"),
        ("HTTPS://h/Push", "https://h/Push"),
        ("//h/x", "https://h/x"),
        ("https://h:443/", "https://h/"),
        ("http://h:80", "http://h/"),
        ("http://h:443", "http://h:443/"),
        ("https://h:08443/", "https://h:8443/"),
        ("https://h?a=b", "https://h/?a=b"),
        ("https://h/p?a=b&c=%20d#top", "https://h/p?a=b&c=%20d"),
        ("https://h/\u00fc?\u00fc", "https://h/%C3%BC?%C3%BC"),
        ("https://h/100%", "https://h/100%25"),
        ("https://h/a/../b/./c", "https://h/b/c"),
        ("https://h/..", "https://h/"),
        ("https://m\u00fcnchen.de/", "https://xn--mnchen-3ya.de/"),
        ("https://M\u00dcNCHEN.de", "https://xn--mnchen-3ya.de/"),
        ("https://my_proxy:1", "https://my_proxy:1/"),
        ("[::1]:8443", "https://[::1]:8443/"),
        ("https://[2001:DB8:0::1]/x", "https://[2001:db8::1]/x"),
        ("127.0.0.1:1", "https://127.0.0.1:1/"),
        ("https://h.:8443/", "https://h.:8443/"),
    ],
)
def test_what_is_meant(typed: str, meant: str) -> None:
    assert parse_url(typed) == meant
    assert parse_url(meant) == meant


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "no URL"),
        ("   ", "no URL"),
        ("https://", "no host"),
        ("https:///push", "no host"),
        (":8443", "no host"),
        ("ftp://h/", "not to ftp"),
        ("file:///etc/passwd", "not to file"),
        ("https:/h/x", "slashes"),
        ("http:h", "slashes"),
        ("https://a b/", "character"),
        ("https://h/a b", "character"),
        ("https://h\\x", "character"),
        ("https://h/\x00", "character"),
        ("https://h/\nHost: x", "character"),
        ("https://h:0/", "port 0"),
        ("https://h:65536/", "port"),
        ("https://h:port/", "port"),
        ("https://h:-1/", "port"),
        ("https://a..b/", "can't be the name"),
        ("https://-a/", "can't be the name"),
        ("https://" + "a" * 64, "can't be the name"),
        ("https://" + "a." * 130, "can't be the name"),
        ("https://h%20/", "can't be the name"),
        ("https://\u2603.de/", "can't be the name"),
        ("::1", "brackets"),
        ("https://fe80::1/", "brackets"),
        ("https://[::1", "not an IPv6 address"),
        ("https://[::1]x/", "is not a URL"),
        ("https://x[::1]/", "is not a URL"),
        ("https://[nonsense]/", "not an IPv6 address"),
        ("https://[fe80::1%25eth0]/", "network interface"),
        ("https://h/" + "x" * 9000, "longer than"),
    ],
)
def test_what_is_none(typed: str, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_url(typed)
    assert word in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.next_step


@pytest.mark.parametrize(
    "typed",
    [
        "https://user:s3cret@h/",
        "user:s3cret@h",
        "https://user:s3cret@h:x/",
        "https://s3cret@[::1",
        "//s3cret@h",
    ],
)
def test_a_password_in_a_url_is_not_repeated(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_url(typed)
    assert "s3cret" not in str(caught.value)


def test_a_user_in_a_url_is_sent_to_the_options() -> None:
    with pytest.raises(UsageError) as caught:
        parse_url("https://user:s3cret@h/")
    assert "--basic-user" in caught.value.next_step


alphabet = st.text("/.?#%'\"[]@:&=<>{}ab\u00fc;019\\ \t", max_size=16)


@given(st.text(max_size=24) | alphabet | alphabet.map("https://h/".__add__))
def test_any_text_is_a_normal_url_or_refused(text: str) -> None:
    try:
        url = parse_url(text)
    except UsageError:
        return
    assert parse_url(url) == url
    assert str(httpx.URL(url)) == url, "the client would send another one"
