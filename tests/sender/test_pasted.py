"""What is pasted to start from: cURL commands of every origin, HTTP requests, bodies."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.errors import UsageError
from inspector.history.model import Direction, Event
from inspector.sender.copy_as import curl, raw_http
from inspector.sender.pasted import Form, Pasted, is_request, read_pasted
from inspector.sender.shell_words import commands
from tests.history.examples import push

BODY = '{"aps":{"alert":"It\'s \\"here\\" $HOME `x` \\\\ ü 🎉"},"n":1}'


def test_a_usual_command() -> None:
    pasted = read_pasted(
        "curl -sS -k -X POST 'https://proxy.example:8443/push?x=1' \\\n"
        "  -H 'Content-Type: application/json' -H \"X-Brand: it's\" \\\n"
        "  --cert client.pem --key=key.pem --cacert ca.pem --compressed --max-time 5 \\\n"
        f"  -d {shlex.quote(BODY)}  # a comment\n"
    )
    assert pasted == Pasted(
        Form.CURL,
        url="https://proxy.example:8443/push?x=1",
        headers=(("Content-Type", "application/json"), ("X-Brand", "it's")),
        body=BODY.encode(),
        insecure=True,
        cert="client.pem",
        key="key.pem",
        cacert="ca.pem",
    )


@pytest.mark.parametrize(
    "command",
    [
        f"curl https://h/ --data {shlex.quote(BODY)}",
        f"curl --url https://h/ --data-raw={shlex.quote(BODY)}",
        f"$ curl https://h/ -XPOST -d{shlex.quote(BODY)}",
        f"cd x && /usr/bin/curl https://h/ --data-binary {shlex.quote(BODY)} | jq .",
        'curl https://h/ -d $\'{"aps":{"alert":"It\\\'s \\\\"here\\\\" $HOME `x` \\\\\\\\ \\u00fc \\U1F389"},"n":1}\'',
        'curl https://h/ -d "'
        + BODY.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
        + '"',
    ],
)
def test_the_same_body_in_other_quotes(command: str) -> None:
    pasted = read_pasted(command)
    assert (pasted.url, pasted.method, pasted.body) == ("https://h/", "POST", BODY.encode())
    assert pasted.remarks == ()


@pytest.mark.parametrize(
    "command",
    [
        'curl ^"https://h/^" ^\r\n  -H ^"X-A: b^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":^\\^"b c^\\^"^}^"',
        'curl.exe "https://h/" ^\n -H "X-A: b" ^\n -d "{\\"a\\":\\"b c\\"}"',
        'curl "https://h/" -H "X-A: b" ^\n -d "{""a"":""b c""}"',
    ],
)
def test_commands_copied_for_windows(command: str) -> None:
    pasted = read_pasted(command)
    assert (pasted.url, pasted.headers, pasted.body) == ("https://h/", (("X-A", "b"),), b'{"a":"b c"}')


@pytest.mark.parametrize(
    ("command", "user", "password"),
    [
        ("curl https://h/ -d {} -u 'lp:pa:ss'", "lp", "pa:ss"),
        ("curl https://lp:p%40ss@h/ -d {}", "lp", "p@ss"),
        ("curl https://h/ -d {} -H 'Authorization: Basic bHA6cGFzcw=='", "lp", "pass"),
    ],
)
def test_passwords_are_taken_out_and_shown_nowhere(command: str, user: str, password: str) -> None:
    pasted = read_pasted(command)
    assert (pasted.basic_user, pasted.basic_password) == (user, password)
    assert pasted.url == "https://h/"
    assert not any(name.lower() == "authorization" for name, _ in pasted.headers)
    assert password not in repr(pasted) + "".join(pasted.remarks)


@pytest.mark.parametrize(
    ("command", "remark"),
    [
        ("curl https://h/ -d {} --resolve h:443:127.0.0.1", "--resolve"),
        ("curl https://h/ -d {} -u lp", "password of lp"),
        ("curl https://h/ -d {} -b a=b", "Cookies"),
        ("curl https://h/ -d {} -H 'Authorization: '\"${AUTHORIZATION:?}\"", "AUTHORIZATION"),
        ('curl https://h/ -d "$BODY"', "BODY"),
        ("curl https://h/", "GET"),
        ("curl -G https://h/ -d {}", "GET"),
        ("curl https://h/ https://i/ -d {}", "several"),
        ("curl https://h/ -d {} -E client.p12:hush", "left out"),
        ("curl https://h/ -d {} -H @file", "no file"),
    ],
)
def test_what_is_left_out_is_told(command: str, remark: str) -> None:
    pasted = read_pasted(command)
    assert any(remark in one for one in pasted.remarks)
    assert "hush" not in repr(pasted)


@pytest.mark.parametrize(
    ("text", "message", "step"),
    [
        ("curl https://h/ -d @body.json", "body.json", "Open that file"),
        ("curl https://h/ --data-binary @-", "standard input", "paste its content"),
        ("curl https://h/ --json @body.json", "body.json", "Open"),
        ("curl https://h/ -F a=b", "form", "body itself"),
        ("curl https://h/ -d 'abc", "never closed", "whole command"),
        ('curl https://h/ ^\n -d "abc', "never closed", "whole command"),
        ("curl https://h/ -d", "no value", "whole command"),
        ("  ", "nothing to paste", "Copy"),
        ("wget https://h/", "neither", "curl"),
        ("Hello there", "neither", "curl"),
    ],
)
def test_what_can_not_be_begun_with(text: str, message: str, step: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_pasted(text)
    assert message in caught.value.message
    assert step in caught.value.next_step


def test_raw_data_may_begin_with_an_at_sign_and_json_brings_its_headers() -> None:
    assert read_pasted("curl https://h/ --data-raw @x").body == b"@x"
    pasted = read_pasted("curl https://h/ --json '{\"a\":' --json '1}' -H 'accept: text/plain'")
    assert pasted.body == b'{"a":1}'
    assert pasted.headers == (("accept", "text/plain"), ("Content-Type", "application/json"))
    assert read_pasted("curl h:1/p -d a -d b -x http://u:p@px:1").body == b"a&b"
    assert read_pasted("curl h:1/p -d a -x http://u:p@px:1").proxy == "http://px:1"
    assert read_pasted("curl h:1/p -d a").url == "http://h:1/p"


@pytest.mark.parametrize("body", ['{"a": 1}\n', " [1]", "{ broken", '\ufeff{"a":1}', '{"a":"curl x"}'])
def test_a_body_is_taken_as_it_is(body: str) -> None:
    assert read_pasted(body) == Pasted(Form.BODY, body=body.encode())


def test_an_http_request_as_text() -> None:
    pasted = read_pasted(
        "POST /push?x=1 HTTP/1.1\r\nHost: proxy.example:8443\r\nContent-Length: 99\r\nX-Brand: b\r\n"
        'Authorization: Basic bHA6cGFzcw==\r\nnonsense\r\n\r\n{"a":1}\r\n\r\nmore'
    )
    assert (pasted.url, pasted.body) == ("https://proxy.example:8443/push?x=1", b'{"a":1}\r\n\r\nmore')
    assert pasted.headers == (("X-Brand", "b"),)
    assert (pasted.basic_user, pasted.basic_password) == ("lp", "pass")
    assert len(pasted.remarks) == 2
    plain = read_pasted("POST http://h:1/ HTTP/1.1\n\n{}")
    assert (plain.url, plain.body, plain.remarks) == ("http://h:1/", b"{}", ())
    assert "no host" in read_pasted("PUT /x HTTP/1.1\n\n{}").remarks[0]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
NAMES = st.from_regex(r"X-[A-Za-z0-9-]{1,10}", fullmatch=True)
VALUES = (
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=150)
@given(TEXTS.filter(lambda text: bool(text)), st.lists(st.tuples(NAMES, VALUES), max_size=3), TEXTS, TEXTS)
def test_what_is_quoted_for_a_shell_reads_back(
    body: str, headers: list[tuple[str, str]], user: str, password: str
) -> None:
    user = user.replace(":", "") or "u"
    parts = ["curl", "https://h.example/push", "--data-raw", body, "-u", f"{user}:{password}"]
    for name, value in headers:
        parts += ["-H", f"{name}: {value}"]
    pasted = read_pasted(shlex.join(parts))
    # a line end within quotes may come from Windows
    assert pasted.body == body.replace("\r\n", "\n").encode()
    assert pasted.headers == tuple(headers)
    assert (pasted.basic_user, pasted.basic_password) == (
        user.replace("\r\n", "\n"), password.replace("\r\n", "\n"),
    )  # fmt: skip


@settings(max_examples=150)
@given(st.text(alphabet="cur-dHX'\"\\$^@{}[]; \n:/h=u", max_size=50))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for given_text in (text, f"curl {text}", f"POST / HTTP/1.1\n{text}"):
        try:
            read_pasted(given_text)
        except UsageError as error:
            if not error.next_step:
                pytest.fail("nothing is said of what to do")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_words_are_those_of_bash() -> None:
    text = r"""a'b c'"d $ \" \\ \n" $'x\ty\x41\u00e9\'q' e\ f \
 g#h '' "" é"""
    done = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {text}"], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert [word.text for word in commands(text)[0]] == done.stdout.decode().split("\0")[:-1]


def copied_event(**changes: object) -> Event:
    written = replace(
        push(body=BODY.encode()),
        direction=Direction.OUT,
        url="https://localhost:8443/push?[a]=b",
        headers=(("Content-Type", "application/json"), ("X-Brand", "it's"), ("X-Empty", ""), ("Host", "x")),
        **changes,  # type: ignore[arg-type]
    )
    return Event(7, 1, None, 1, written.at, written)


def test_our_own_copies_read_back() -> None:
    event = copied_event()
    pasted = read_pasted(curl(event, True))
    assert (pasted.url, pasted.method, pasted.body) == (event.written.url, "POST", event.written.body)
    assert pasted.headers == tuple(pair for pair in event.written.headers if pair[0] != "Host")
    assert (pasted.cert, pasted.key, pasted.cacert) == (
        "mybrandpushCrt.pem", "mybrandpushKey.pem", "server-ca.pem",
    )  # fmt: skip
    assert pasted.remarks == ()
    again = read_pasted(raw_http(event, True))
    assert again.body == event.written.body
    assert again.headers == pasted.headers


def test_our_own_copy_with_the_body_in_a_file_is_told() -> None:
    with pytest.raises(UsageError, match=r"body\.bin"):
        read_pasted(curl(copied_event(body=b"\xff\x00"), True))


@pytest.mark.parametrize(
    "command",
    [
        "curl `\n  'https://h/p' `\n  -d '{}'",
        "TOKEN=x OTHER='a b' curl https://h/p -d '{}'",
        "$ A=1 curl https://h/p -d '{}'",
    ],
)
def test_a_command_in_other_clothes(command: str) -> None:
    found = read_pasted(command)
    assert (found.form, found.url, found.body) == (Form.CURL, "https://h/p", b"{}")


@pytest.mark.parametrize("body", ['"$(cat push.json)"', "$(cat push.json)"])
def test_what_another_command_would_print_is_told(body: str) -> None:
    found = read_pasted(f"curl https://h/p -d {body}")
    assert found.variables == ("$(cat push.json)",)
    assert "Only the shell knows" in found.remarks[0]


def test_a_command_that_says_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="neither an address nor a body"):
        read_pasted("curl -v")


@pytest.mark.parametrize(
    "text",
    [
        "curl https://proxy.example/push",
        "  $ curl -d '{}' proxy.example",
        "HTTPS_PROXY=http://p:3128 curl --json '{}' \\\n https://proxy.example/push",
        "curl.exe ^\n -k https://proxy.example/push",
        "POST /push HTTP/1.1\r\nHost: proxy.example\r\n\r\n{}",
        "\ufeff\nput https://proxy.example/push HTTP/2\n",
    ],
)
def test_what_begins_as_a_request_was_meant_to_be_begun_with(text: str) -> None:
    assert is_request(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"cmd": "curl -k https://x.example"}',
        "curl up with a book",
        "curly -k",
        "POST it",
        "POST /push",
    ],
)
def test_what_else_is_pasted_is_none(text: str) -> None:
    assert not is_request(text)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    if text.lstrip()[:1] in ("{", "["):
        assert not is_request(text)
    else:
        is_request(text)
