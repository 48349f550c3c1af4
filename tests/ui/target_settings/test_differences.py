"""What is not as usual, in a few words, and never a secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.sender.request import FROM_ENVIRONMENT, SendRequest, TrustKind
from inspector.ui.target_settings.differences import differences, settings_of

SECRET = "s3cr3t-9f1"


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (SendRequest("https://a/", identity="x"), []),
        (SendRequest("", trust=TrustKind.NOTHING), ["not checked"]),
        (SendRequest("", trust=TrustKind.PIN, pin="ab" * 32), ["pinned"]),
        (SendRequest("", trust=TrustKind.FILES, ca_files=(Path("a"), Path("b"))), ["2 CA files"]),
        (SendRequest("", trust=TrustKind.SYSTEM), ["system’s CAs only"]),
        (SendRequest("", trust=TrustKind.VAULT), ["vault’s CAs only"]),
        (SendRequest("", tls_min="1.3"), ["TLS 1.3 only"]),
        (SendRequest("", tls_max="1.2"), ["TLS 1.2 only"]),
        (SendRequest("", timeout=5, connect_timeout=1.5), ["connect 1.5 s", "answer 5 s"]),
        (SendRequest("", proxy="http://proxy.example:3128/"), ["via proxy.example:3128"]),
        (SendRequest("", proxy="[::1]:3128", proxy_user="me"), ["via [::1]:3128"]),
        (SendRequest("", proxy=FROM_ENVIRONMENT), ["environment’s proxy"]),
        (SendRequest("", basic_user="lp", headers=(("A", "b"),)), ["Basic as lp", "1 header"]),
    ],
)
def test_each_difference_has_its_words(request_: SendRequest, words: list[str]) -> None:
    assert [one.words for one in differences(request_)] == words
    assert all(one.sentence.endswith(".") for one in differences(request_))


@given(
    st.sampled_from(TrustKind),
    st.sampled_from(["", FROM_ENVIRONMENT, "proxy:1", "http://h/"]),
    st.floats(0.1, 100),
)
def test_no_secret_is_ever_said(trust: TrustKind, proxy: str, timeout: float) -> None:
    request = SendRequest(
        "https://a/",
        trust=trust,
        proxy=proxy,
        timeout=timeout,
        basic_user="lp",
        basic_password=SECRET,
        proxy_user="me",
        proxy_password=SECRET,
        headers=(("X-Key", SECRET),),
    )
    assert SECRET not in str(differences(request))
    assert settings_of(request).url == ""
