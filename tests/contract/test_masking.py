"""Device tokens and credentials are hidden, and nothing else is touched."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from inspector.contract import token_places
from inspector.contract.masking import mask_body, mask_headers, mask_token, mask_url

TOKEN = "f3a9c1d2e5b7408899aabbccddeeff00112233445566778899aabbccddeeff01"
MASKED = "f3a9…ff01"

NAMES = st.sampled_from(
    ["device-token", "Device-Token", "DEVICE-TOKEN", "deviceToken", "device_token", "DEVICETOKEN"]
)
TOKENS = st.text(min_size=12, max_size=80).filter(lambda text: len(set(text)) > 8)
# In a broken text nothing tells a quote or a bracket of the token from one of the text.
PLAIN_TOKENS = st.text(
    st.sampled_from("0123456789abcdefABCDEFghijXYZéß日:|_-.=+~@#$%! \t"), min_size=12, max_size=80
).filter(lambda text: len(set(text)) > 8)
OTHER_VALUES = st.none() | st.integers() | st.text(max_size=5) | st.booleans()


def documents(token: str, name: str) -> st.SearchStrategy[Any]:
    """JSON documents that hold the token under its name somewhere, once or more, perhaps within JSON text."""
    held = st.just({name: token})
    return st.recursive(
        held,
        lambda inner: (
            st.builds(lambda value, other: {"a": other, "b": value}, inner, OTHER_VALUES)
            | st.builds(lambda value, other: [other, value], inner, OTHER_VALUES)
            | st.builds(lambda value, other: {name: value, "x": other}, inner, OTHER_VALUES)
            | inner.map(json.dumps).map(lambda text: {"payload": text})
            | inner.map(lambda value: {"data": json.dumps(value, ensure_ascii=False, indent=1)})
        ),
        max_leaves=3,
    )


def secret_of(token: str) -> str:
    """The part of a token that must never be seen: its middle."""
    return token[4:-4]


def spellings(text: str) -> list[str]:
    """How JSON writers may spell a text, at two levels of nesting."""
    found = [text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]]
    return [*found, *(json.dumps(spelled)[1:-1] for spelled in found)]


@given(
    st.data(),
    NAMES,
    TOKENS,
    st.booleans(),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32", "utf-8-sig"]),
)
def test_no_document_leaks_a_token(
    data: st.DataObject, name: str, token: str, ascii_only: bool, codec: str
) -> None:
    document = data.draw(documents(token, name))
    raw = json.dumps(document, ensure_ascii=ascii_only).encode(codec)
    masked = mask_body(raw).decode(codec)
    for spelled in spellings(secret_of(token)):
        assert spelled not in masked
    json.loads(masked)


@given(
    st.data(),
    NAMES,
    PLAIN_TOKENS,
    st.integers(0, 400),
    st.sampled_from(["", "}", '"', "{", "\\", ",]", "\n"]),
)
def test_no_broken_document_leaks_a_token(
    data: st.DataObject, name: str, token: str, cut: int, put: str
) -> None:
    """A document that is cut somewhere, or that something was put into, but not within its token."""
    text = json.dumps(data.draw(documents(token, name)), ensure_ascii=False)
    cut = min(cut, len(text))
    for spelled in spellings(token):
        for found in re.finditer(re.escape(spelled), text):
            assume(not found.start() - 1 <= cut <= found.end() + 1)
    for found in re.finditer(name, text):
        assume(not found.start() <= cut <= found.end())  # that would be another name
    for broken in (text[:cut], text[:cut] + put + text[cut:]):
        masked = mask_body(broken.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
        for spelled in spellings(secret_of(token)):
            assert spelled not in masked


@given(st.binary())
@example(b"\xff\xfe{\x00")
@example(b"\x00\x00\xfe\xff")
@example(b'"\\ud800device-token"')
@example(
    b'{"a":"{\\"device-token\\":\\"\\\\ud800xxxxxxxxxxxxxxxxxxxxxxxxx\\"}","device-token":"\xff\xff\xff"}'
)
def test_bytes_without_a_token_stay_as_they_are(raw: bytes) -> None:
    masked = mask_body(raw)
    if not re.search(rb"(?i)device", raw.replace(b"\x00", b"")):
        assert masked == raw


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-32-be"])
def test_every_other_byte_stays(codec: str) -> None:
    text = '\n{"a" : 1.10,\t"Device-Token":  "%s" , "b":"\\u00e9\\/","a":1E5, "c":[{"device-token":"%s"}]}  '
    raw = (text % (TOKEN, "short")).encode(codec)
    assert mask_body(raw) == (text % (MASKED, "…")).encode(codec)


@pytest.mark.parametrize(
    "name", ["device-token", "DEVICE-TOKEN", "device\\u002dtoken", "\\u0064evice-token", "deviceToken"]
)
def test_every_spelling_of_the_name(name: str) -> None:
    assert mask_body(f'{{"{name}":"{TOKEN}"}}'.encode()) == f'{{"{name}":"{MASKED}"}}'.encode()


def test_a_token_spelled_with_escapes() -> None:
    escaped = "".join(f"\\u{ord(character):04x}" for character in TOKEN)
    assert mask_body(f'{{"device-token":"{escaped}"}}'.encode()) == f'{{"device-token":"{MASKED}"}}'.encode()


@pytest.mark.parametrize("value", ["12345678901234", "[1,2]", '{"a":"x"}', "true", '""', "1e5"])
def test_values_that_are_no_text_are_hidden_whole(value: str) -> None:
    assert mask_body(f'{{"device-token":{value},"a":1}}'.encode()) == '{"device-token":"…","a":1}'.encode()


def test_null_is_no_secret() -> None:
    for codec in ("utf-8", "utf-16"):
        raw = '{"device-token":null}'.encode(codec)
        assert mask_body(raw) == raw


def test_every_one_of_repeated_keys() -> None:
    raw = f'{{"device-token":"{TOKEN}","device-token":"{TOKEN}x"}}'.encode()
    assert mask_body(raw) == '{"device-token":"f3a9…ff01","device-token":"f3a9…f01x"}'.encode()


def test_json_text_within_a_string() -> None:
    inner = json.dumps({"device-token": TOKEN, "a\ud800": "é"})
    raw = json.dumps({"payload": inner, "text": f"device-token: {TOKEN}"}).encode()
    expected = json.dumps({"payload": inner.replace(TOKEN, "@"), "text": f"device-token: {TOKEN}"})
    assert mask_body(raw) == expected.replace("@", MASKED).encode()


def test_json_text_within_json_text_many_times() -> None:
    text = json.dumps({"device-token": TOKEN})
    for _ in range(11):
        text = json.dumps(text)
        assert secret_of(TOKEN) not in mask_body(text.encode()).decode()


@pytest.mark.parametrize(
    "body",
    [
        '{"device-token": "@"',
        '{"device-token": "@',
        '{"device-token" "@"}',
        '{"device-token": @}',
        "{device-token: @}",
        "{'device-token': '@'}",
        "device-token=@&a=1",
        "a=1&device%2Dtoken=@",
        "a=1&device%2dtoken=%22@%22",
        "device-token: @\nbadge: 1",
        "<device-token>@</device-token>",
        '<push device-token="@"/>',
        '{"a": 1,} {"device-token": "@"}',
        '{"a": 1} {"device-token": "@"}',
        "{“device-token”: “@”}",
        '{"payload": "{\\"device-token\\": \\"@\\"}"',
        '{"payload": "{\\"device\\u002dtoken\\": \\"@\\"}"',
        '{"payload": "{\\\\\\"device-token\\\\\\": \\\\\\"@\\\\\\"}"',
        '{"\\u0064evice-token": "@"',
        '{"device-token": "a\\"b@"',
        '{"device-token": {"x": "@"}',
        '{"device-token": ["@", "@"}',
        '{"device-token":\n\n\t"@",}',
        '{"DEVICE_TOKEN": "@",}',
        '\x00{"device-token": "@"}',
        '{"device-token": "@"}\x00',
        "device.token -> @",
        "device token (@)",
        'Content-Disposition: form-data; name="device-token"\r\n\r\n@\r\n--boundary',
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
def test_bodies_that_are_not_json(body: str, codec: str) -> None:
    masked = mask_body(body.replace("@", TOKEN).encode(codec)).decode(codec, "replace")
    assert secret_of(TOKEN) not in masked


def test_a_broken_body_keeps_what_is_around() -> None:
    raw = f'{{"a": 1, "device-token": "{TOKEN}", "b": [1, 2'.encode()
    assert mask_body(raw) == f'{{"a": 1, "device-token": "{MASKED}", "b": [1, 2'.encode()
    raw = f"brand=1&device-token={TOKEN}&badge=2".encode()
    assert mask_body(raw) == f"brand=1&device-token={MASKED}&badge=2".encode()


def test_bytes_that_are_not_utf_8_stay() -> None:
    raw = b'{"a": "caf\xe9", "device-token": "' + TOKEN.encode() + b'", "b": "\xff"}'
    assert mask_body(raw) == raw.replace(TOKEN.encode(), MASKED.encode())


@pytest.mark.parametrize("tail", [b"\x00", b"{", b"\x00{\x00"])
def test_utf_16_with_something_left_over(tail: bytes) -> None:
    raw = json.dumps({"device-token": TOKEN}).encode("utf-16-le") + tail
    assert secret_of(TOKEN).encode("utf-16-le") not in mask_body(raw)


def test_utf_32_that_is_damaged() -> None:
    raw = json.dumps({"device-token": TOKEN}).encode("utf-32-le") + b"\xff\xff\xff\xff"
    assert secret_of(TOKEN)[:8].encode("utf-32-le") not in mask_body(raw)


def test_utf_16_that_begins_like_something_else() -> None:
    for start in (b"x", b"\xff", "é".encode()):
        raw = start + json.dumps({"device-token": TOKEN}).encode("utf-16-le")
        assert secret_of(TOKEN).encode("utf-16-le") not in mask_body(raw)
    raw = b"x\x00" + json.dumps({"device-token": TOKEN}).encode()
    assert secret_of(TOKEN).encode() not in mask_body(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"device-token":"' * 60_000,
        b'"device-token" ' * 60_000,
        b"device-token" * 80_000,
        b'{"device-token":"a"},' * 50_000,
        b"device-token\\" + b'\\"' * 500_000,
        b'{"a":' * 100_000 + b'"device-token"' + b"}" * 100_000,
        b'{"device-token":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b"[" + b'"{\\"device-token\\":1}",' * 30_000 + b"1]",
        b'["%' + b"\\u0064evice" * 80_000,
    ],
)
def test_a_megabyte_takes_no_more_than_it_must(raw: bytes) -> None:
    start = time.perf_counter()
    mask_body(raw)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("token", "masked"),
    [
        (TOKEN, MASKED),
        ("01408800000259", "01…59"),
        ("BTP800DF00M", "…"),
        ("", "…"),
        ("a" * 31, "aa…aa"),
        ("a" * 32, "aaaa…aaaa"),
        ("\ud800" + "b" * 20, "\ufffdb…bb"),
    ],
)
def test_tokens(token: str, masked: str) -> None:
    assert mask_token(token) == masked


@given(st.text())
def test_a_masked_token_shows_a_third_at_most(token: str) -> None:
    masked = mask_token(token)
    assert masked.encode() is not None
    assert 3 * (len(masked) - 1) <= len(token)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Basic dXNlcjpwYXNz", "Basic …"),
        ("authorization", "bearer abc.def", "bearer …"),
        ("Proxy-Authorization", "Digest username=x", "Digest …"),
        ("Authorization", "dXNlcjpwYXNz", "…"),
        ("Authorization", "my secret", "…"),
        ("Authorization", "", "…"),
        ("Cookie", "a=b", "…"),
        ("Set-Cookie", "a=b; Secure", "…"),
        ("X-Api-Key", "abc", "…"),
        ("X-Auth-Token", "Basic abc", "…"),
        ("Client-Secret", "abc", "…"),
        ("Content-Type", "application/json", "application/json"),
        ("X-Brand", "Basic", "Basic"),
        ("Host", "localhost", "localhost"),
    ],
)
def test_headers(name: str, value: str, shown: str) -> None:
    assert mask_headers((("A", "b"), (name, value))) == (("A", "b"), (name, shown))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("X-Brand", "shared", "…"),
        ("X-Brand", "", ""),
        ("Content-Type", "application/json", "application/json"),
        ("user-agent", "pusher/1", "pusher/1"),
        ("X-Request-ID", "1", "1"),
        ("Authorization", "Basic dXNlcjpwYXNz", "Basic …"),
        ("X-Api-Key", "abc", "…"),
    ],
)
def test_a_brands_own_headers_can_be_masked_too(name: str, value: str, shown: str) -> None:
    assert mask_headers(((name, value),), custom=True) == ((name, shown),)


_PIECES = (
    *('"device-token"', '"deviceToken"', "device-token", '"', "'", ":", ",", "{", "}", "[", "]", " ", "\n"),
    *(
        '"device-token": "0123456789ab",',
        '{"device-token":"x y"}',
        "0123456789ab",
        '"x"',
        "1",
        "null",
        "%",
        "\\",
        "é",
        "\x01",
    ),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
@example('{"device-token":"0123456789abcdef"}')
@example('{"a":["device-token":"0123456789abcdef"],}')
@example('{"device-token" :\n "a" , "x":"device-token"}')
def test_the_short_way_to_a_token_is_as_good_as_the_long_one(text: str) -> None:
    short = mask_body(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_places, "_USUAL", re.compile("(?!)"))
        assert short == mask_body(text.encode())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/push", "https://a.example/push"),
        ("https://user:pass@a.example/?page=2#x", "https://…@a.example/?page=2#x"),
        ("/push?access_token=abc&to=b&API-Key=c", "/push?access_token=…&to=b&API-Key=…"),
        (
            "/push?sig=a&signature=b&code=c&X-Amz-Signature=d",
            "/push?sig=…&signature=…&code=…&X-Amz-Signature=…",
        ),
        ("/push?signal=a&encode=b&monkey=c&token", "/push?signal=a&encode=b&monkey=c&token"),
        ("https://a/#access_token=abc", "https://a/#access_token=…"),
        ("could not reach https://u:p@a.example/: refused", "could not reach https://…@a.example/: refused"),
        ("mail me@a.example", "mail me@a.example"),
        ("", ""),
    ],
)
def test_what_is_secret_in_a_url_is_left_out(url: str, shown: str) -> None:
    assert mask_url(url) == shown
