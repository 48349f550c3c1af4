"""What `history list` and `history show` leave out of what they print unless all is asked for."""

from __future__ import annotations

import pytest

from inspector.cli.push_lines import PushLines
from inspector.history.model import Forwarded, NewEvent, Written
from inspector.history.store import HistoryWriter
from inspector.home import Home
from tests.cli.conftest import Run
from tests.history.examples import push

TOKEN = "abcdef0123456789" * 4
BODY = f'{{"device-token":"{TOKEN}","x":1}}'.encode()
SECRETS = (TOKEN, "in-the-path", "of-the-upstream", "of-basic", "in-a-cookie", "of-the-brand")


def secret_push() -> NewEvent:
    """A push whose every part holds a secret; the upstream sends all of it back."""
    answered = (("Set-Cookie", "id=in-a-cookie"), ("X-Upstream", "of-the-brand"))
    return push(
        path="/push?token=in-the-path",
        headers=(("Authorization", "Basic of-basic"), ("X-Brand", "of-the-brand"), ("Referer", f"/{TOKEN}")),
        body=BODY,
        device_token=TOKEN,
        message=f"Hello {TOKEN}",
        answer_headers=answered,
        answer_body=BODY,
        forwarded=Forwarded(
            url="https://upstream.example/in?api_key=of-the-upstream", status=410, headers=answered, body=BODY
        ),
    )


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("list", "--json"), ("show", "1"), ("show", "1", "--json"), ("show", "1", "--raw")],
)
def test_no_secret_is_printed_unless_asked(home: Home, run_here: Run, arguments: tuple[str, ...]) -> None:
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        writer.add([secret_push()])
    shown = run_here("history", *arguments)
    assert (shown.code, [one for one in SECRETS if one[:30] in shown.text]) == (0, [])
    assert TOKEN[:30] in run_here("history", *arguments, "--reveal").text


def test_a_token_is_masked_once(home: Home, run_here: Run) -> None:
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        writer.add([secret_push()])
    (line,) = run_here("history", "list", "--json").lines
    assert line["device_token"] == "abcd…6789"


def test_the_listener_tells_no_secret_of_a_path() -> None:
    text = PushLines().text(Written(1, 1), secret_push())
    assert "in-the-path" not in text
    assert '"path":"/push?token=…"' in text
