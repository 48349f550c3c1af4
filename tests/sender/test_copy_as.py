"""Copied commands and scripts do what they say: they are run, against a listener of ours."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.mint import DevIdentities
from inspector.history.model import Direction, Event, NewEvent
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.listener.config import ListenerConfig
from inspector.listener.service import Listener
from inspector.sender.copy_as import CERTIFICATE, KEY, SERVER_CA, WAYS, curl, httpie, httpx_script, raw_http
from tests.history.examples import any_event, connection, push
from tests.sender.conftest import ToFiles

TOKEN = "0123456789abcdef" * 4
BODY = f'{{"device-token":"{TOKEN}","text":"it\'s \\"$HOME\\" `x` ! ü 🎉 \\\\"}}'.encode() + b"\n{\t}\n"
HEADERS = (
    ("Host", "elsewhere:1"),
    ("Content-Type", "application/json; charset=utf-8"),
    ("Content-Length", "9"),
    ("Connection", "close, X-Hop"),
    ("X-Hop", "1"),
    ("Authorization", "Basic dTpw"),
    ("X-Brand", "it's $HOME"),
    ("X-Empty", ""),
)
SECRETS = {"AUTHORIZATION": "Basic bmV3", "X_BRAND": "new"}


@pytest.fixture
def folder(dev: DevIdentities, to_files: ToFiles, tmp_path: Path) -> Path:
    """A folder with the files that the commands name."""
    files = to_files(dev.client)
    made = tmp_path / "here"
    made.mkdir()
    for source, name in ((files.cert, CERTIFICATE), (files.key, KEY), (files.ca, SERVER_CA)):
        (made / name).write_bytes(source.read_bytes())
    return made


Send = Callable[[Callable[[Event, bool], str], NewEvent, bool], NewEvent]


@pytest.fixture
def send(dev: DevIdentities, folder: Path, tmp_path: Path) -> Iterator[Send]:
    """Runs what a push to our listener is copied as; returns what the listener got."""
    with (
        HistoryWriter.open(tmp_path / "history.sqlite3") as writer,
        HistoryReader.open(writer.path) as reader,
    ):
        config = ListenerConfig(identity=dev.server, client_cas=(dev.ca.leaf,), port=0)
        listener = Listener(config, writer, lambda _event: None)
        ready = listener.start()

        def run(way: Callable[[Event, bool], str], written: NewEvent, reveal: bool) -> NewEvent:
            url = f"https://localhost:{ready.port}{written.path}"
            made = way(event_of(written, url=url), reveal)
            (folder / "made").write_text(made)
            program = [sys.executable] if way is httpx_script else ["/bin/sh"]
            done = subprocess.run(
                [*program, "made"], cwd=folder, env={**os.environ, **SECRETS}, capture_output=True, timeout=30
            )
            assert done.returncode == 0, done.stderr.decode()
            events = reader.events(reader.ids())
            return events[-1].written

        yield run
        listener.stop()


def event_of(written: NewEvent, **changes: object) -> Event:
    return Event(7, 1, None, 1, written.at, replace(written, **changes))  # type: ignore[arg-type]


SENT = pytest.mark.parametrize("way", [curl, httpx_script], ids=["curl", "httpx"])


@SENT
@pytest.mark.parametrize("path", ["/push?x=1&y='a b'", "/a/../b"])
def test_all_of_it_is_sent(send: Send, way: Callable[[Event, bool], str], path: str) -> None:
    got = send(way, push(direction=Direction.OUT, headers=HEADERS, body=BODY, path=path), True)
    assert got.body == BODY
    assert got.method == "POST"
    if way is curl:
        assert got.path == path.replace(" ", "%20")
    headers = {name.lower(): value for name, value in got.headers}
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert (headers["authorization"], headers["x-brand"], headers["x-empty"]) == (
        "Basic dTpw",
        "it's $HOME",
        "",
    )
    assert headers["host"].startswith("localhost:")
    assert "x-hop" not in headers


@SENT
def test_secrets_come_from_the_environment(send: Send, way: Callable[[Event, bool], str]) -> None:
    written = push(direction=Direction.OUT, headers=HEADERS, body=BODY, device_token=TOKEN)
    text = way(event_of(written), False)
    assert not any(secret in text for secret in (TOKEN, "dTpw", "it's $HOME"))
    got = send(way, written, False)
    assert got.body == BODY.replace(TOKEN.encode(), "0123…cdef".encode())
    headers = {name.lower(): value for name, value in got.headers}
    assert (headers["authorization"], headers["x-brand"]) == ("Basic bmV3", "new")


@SENT
@pytest.mark.parametrize("body", [b"@/etc/hostname", b"", b"a=b", b"'", b"-", b"%{x}\\n"], ids=str)
def test_bodies_that_a_command_might_take_for_something_else(
    send: Send, way: Callable[[Event, bool], str], body: bytes
) -> None:
    got = send(way, push(direction=Direction.OUT, headers=(), body=body), True)
    assert got.body == body
    assert got.method == "POST"
    assert not (body and way is curl and any(name.lower() == "content-type" for name, _ in got.headers))


@pytest.mark.parametrize(
    "body", [b"nul\0", b"\xff", b"a\rb", b"x" * 200_000], ids=["nul", "bytes", "cr", "long"]
)
def test_what_can_not_stand_in_a_command_comes_from_a_file(send: Send, folder: Path, body: bytes) -> None:
    program = folder / "push-inspector"
    program.write_text('#!/bin/sh\n[ "$*" = "history show 7 --raw --reveal" ] && cat stored\n')
    program.chmod(0o700)
    (folder / "stored").write_bytes(body)
    os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
    assert send(curl, push(direction=Direction.OUT, headers=(), body=body), True).body == body
    assert httpie(event_of(push(body=body)), True).endswith("< body.bin")


def split(command: str) -> list[str]:
    """The words of a command; shlex knows no lines that go on."""
    return shlex.split(command.replace(" \\\n", " "))


def test_httpie_reads_its_arguments_as_meant() -> None:
    written = push(headers=(*HEADERS, ("X-At", "@file")), body=BODY, url="https://a.example/push")
    words = split(httpie(event_of(written), True))
    assert words[:3] == ["http", "--ignore-stdin", "--verify"]
    assert words[words.index("--raw") + 1] == BODY.decode()
    place = words.index("POST")
    assert words[place + 1] == "https://a.example/push"
    assert words[place + 2 :] == [
        "Content-Type:application/json; charset=utf-8",
        "Authorization:Basic dTpw",
        "X-Brand:it's $HOME",
        "X-Empty;",
        "X-At:\\@file",
    ]
    assert "Authorization:${AUTHORIZATION:?}" in split(httpie(event_of(written), False))


def test_raw_http_is_the_request() -> None:
    written = push(path="/push?token=abc", headers=HEADERS, body=BODY, device_token=TOKEN)
    text = raw_http(event_of(written), True)
    head, _, body = text.partition("\r\n\r\n")
    assert head.split("\r\n")[0] == "POST /push?token=abc HTTP/1.1"
    assert "Host: elsewhere:1" in head
    assert f"Content-Length: {len(BODY)}" in head
    assert body.encode() == BODY
    masked = raw_http(event_of(written), False)
    assert not any(secret in masked for secret in (TOKEN, "dTpw", "it's $HOME", "=abc"))
    assert f"Content-Length: {len(BODY) - 64 + len('0123…cdef'.encode())}" in masked


def test_a_client_that_showed_no_certificate_shows_none() -> None:
    bare = push(connection=connection(certificate=None, trusted=None))
    assert "--cert" not in curl(event_of(bare), True)
    plain = push(connection=connection(certificate=None, tls=None), headers=(("Host", "localhost:80"),))
    assert "--cacert" not in curl(event_of(plain), True)
    assert "http://localhost:80/push" in curl(event_of(plain), True)


@given(any_event, st.booleans())
def test_any_event_can_be_copied(written: NewEvent, reveal: bool) -> None:
    event = event_of(written)
    for way in WAYS:
        text = way.make(event, reveal)
        if way.key == "httpx":
            compile(text, "copied", "exec")
        elif way.key != "raw":
            assert "\0" not in text
            assert shlex.split(text)
            assert not re.search("[\x00-\x08\x0b-\x1f]", text)
        text.encode()
