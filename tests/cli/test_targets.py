"""`targets` and `send --check`, and `send` by saved targets, pins, versions and proxies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from inspector.certificates.describe import fingerprint
from inspector.certificates.vault import Vault
from inspector.home import Home

ENV = {"PW": "p4ssword", "KEY": "s3cret", "PROXYPW": "pr0xy"}


def server_pin(home: Home) -> str:
    return fingerprint(Vault(home, use_keyring=False).get("dev-server").leaf)


def test_a_saved_target_from_beginning_to_end(listen: Any, pems: Any, run_here: Any, home: Home) -> None:
    listening = listen("--auth", "mtls+basic", "--basic-user", "lp", "--basic-password-env", "PW", env=ENV)
    saved = run_here(
        *(
            "targets",
            "save",
            "Staging",
            "--to",
            listening.url,
            "--identity",
            "dev-client",
            "--tls-min",
            "1.3",
        ),
        *(
            "--basic-user",
            "lp",
            "--basic-password-env",
            "PW",
            "--header-env",
            "X-Key=KEY",
            "--header",
            "X-B: v",
        ),
        env=ENV,
    )
    assert (saved.code, saved.err) == (0, "Saved Staging.\n")
    sent = run_here("send", "ios", "--target", "staging", "--json")
    assert sent.code == 0, sent.err
    assert sent.lines[0]["status"] == 200
    assert sent.lines[0]["tls"]["version"] == "TLSv1.3"
    assert isinstance(sent.lines[0]["timings_ms"]["connect"], float)
    assert sent.lines[0]["timings_ms"]["resolve"] is None
    heads = run_here("history", "show", str(sent.lines[0]["id"]), "--json", "--reveal").text
    assert "s3cret" in heads
    overridden = run_here(
        "send", "ios", "--target", "staging", "--tls-min", "1.2", "--tls-max", "1.2", "--json"
    )
    assert overridden.lines[0]["tls"]["version"] == "TLSv1.2"
    elsewhere = run_here("send", "ios", "--target", "staging", "--to", "https://127.0.0.1:1/", "--json")
    assert elsewhere.lines[0]["url"] == "https://127.0.0.1:1/"
    for secret in ENV.values():
        assert secret.encode() not in home.targets_file.read_bytes()


def test_what_the_group_shows(pems: Any, run_here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no saved target" in run_here("targets", "list").err
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    assert (
        run_here(
            *(
                "targets",
                "save",
                "a",
                "--to",
                "proxy.example",
                "--identity",
                "dev-client",
                "--pin",
                "ab" * 32,
            ),
            *("--proxy", "proxy:3128", "--proxy-user", "me", "--proxy-password-env", "PROXYPW"),
            *(
                "--basic-user",
                "lp",
                "--basic-password-env",
                "PW",
                "--header-env",
                "X-Key=KEY",
                "--connect-timeout",
                "3",
            ),
        ).code
        == 0
    )
    assert (
        run_here("targets", "save", "b", "--from", "a", "--to", "https://b/?token=geheim", "--insecure").code
        == 0
    )
    listed = run_here("targets", "list")
    assert [line.split() for line in listed.text.splitlines()] == [
        ["NAME", "URL", "IDENTITY", "TRUST"],
        ["a", "https://proxy.example/", "dev-client", "pin"],
        ["b", "https://b/?token=…", "dev-client", "nothing"],
    ]
    shown = run_here("targets", "show", "A").text
    for words in (
        "proxy:3128 as me",
        "exactly the certificate abab",
        "lp, password (kept in the vault)",
        "3 s until",
    ):
        assert words in shown
    lines = run_here("targets", "list", "--json").lines
    assert [line["trust"] for line in lines] == ["pin", "nothing"]
    assert not [secret for secret in ENV.values() if secret in shown + json.dumps(lines)]
    assert run_here("targets", "rename", "b", "c").code == 0
    refused = run_here("targets", "delete", "c")
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert run_here("targets", "delete", "c", "--yes").code == 0
    assert [line["name"] for line in run_here("targets", "list", "--json").lines] == ["a"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["send", "ios", "--target", "nobody"], "no target “nobody”"),
        (["send", "ios"], "a target"),
        (["send", "--check"], "--target NAME"),
        (["targets", "save", "a"], "--to URL"),
        (["targets", "save", "a", "--to", "https://a/", "--cert", "x.pem"], "certs import"),
        (["targets", "save", "a", "--to", "https://a/", "--identity", "nobody"], "nobody"),
        (["targets", "save", "a", "--to", "https://a/", "--header", "X-ü: v"], "can't have the name"),
        (
            ["targets", "save", "a", "--to", "https://a/", "--header-env", "X-Key"],
            "--header-env X-Key=VARIABLE",
        ),
        (["targets", "save", "a", "--to", "https://a/", "--header-env", "X-Key=UNSET_"], "UNSET_"),
        (["targets", "show", "a"], "no target"),
        (["targets", "rename", "a", "b"], "no target"),
        (["send", "ios", "--to", "https://a/", "--pin", "abc"], "3 hex digits"),
        (["send", "ios", "--to", "https://a/", "--pin", "ab" * 32, "--ca", "x.pem"], "Give one of them"),
        (["send", "ios", "--to", "https://a/", "--trust", "nobody"], "--trust"),
        (["send", "ios", "--to", "https://a/", "--tls-min", "1.3", "--tls-max", "1.2"], "no TLS version"),
        (["send", "ios", "--to", "https://a/", "--tls-min", "1.1"], "--tls-min"),
        (["send", "ios", "--to", "https://a/", "--proxy", "socks5://p:1"], "Only an HTTP proxy"),
        (
            ["send", "ios", "--to", "https://a/", "--proxy", "p:1", "--proxy-user", "u"],
            "--proxy-password-env",
        ),
        (["send", "ios", "--to", "https://a/", "--proxy-user", "u"], "needs a proxy"),
        (["send", "ios", "--to", "https://a/", "--connect-timeout", "0"], "--connect-timeout"),
        (["send", "ios", "--to", "https://a/", "--retry-attempts", "0"], "--retry-attempts"),
    ],
)
def test_wrong_use_is_exit_2_with_what_to_write(
    pems: Any, run_here: Any, arguments: list[str], words: str
) -> None:
    done = run_here(*arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert 1 <= len(done.err.splitlines()) <= 2


def test_a_damaged_file_is_exit_4(pems: Any, run_here: Any, home: Home) -> None:
    home.targets_file.write_text("{")
    for arguments in (
        ["targets", "list"],
        ["send", "ios", "--target", "a"],
        ["targets", "save", "a", "--to", "a"],
    ):
        done = run_here(*arguments)
        assert done.code == 4
        assert str(home.targets_file) in done.err
    assert home.targets_file.read_text() == "{"


def test_a_pin_by_fingerprint_and_by_file(
    listen: Any, pems: Any, run_here: Any, home: Home, tmp_path: Path
) -> None:
    listening = listen()
    base = ("send", "ios", "--to", listening.url, "--identity", "dev-client", "--json")
    assert run_here(*base, "--pin", server_pin(home)).lines[0]["status"] == 200
    exported = run_here("certs", "show", "dev-server", "--pem")
    (tmp_path / "server.pem").write_bytes(exported.out)
    assert run_here(*base, "--pin", str(tmp_path / "server.pem")).lines[0]["status"] == 200
    wrong = run_here(*base, "--pin", str(pems.cert))
    assert wrong.code == 3
    assert wrong.lines[0]["failure"]["reason"] == "tls_untrusted"


def test_attempts_are_settable(listen: Any, pems: Any, run_here: Any) -> None:
    listening = listen("--respond", "500")
    retry = ("--retry", "--retry-interval", "0.01", "--retry-attempts", "2", "--json")
    done = run_here("send", "ios", "--to", listening.url, "--identity", "dev-client", *retry)
    assert [line["attempt"] for line in done.lines] == [1, 2]


def test_headers_that_liveperson_does_not_take_are_told_and_sent(
    listen: Any, pems: Any, run_here: Any
) -> None:
    listening = listen()
    done = run_here(
        "send", "ios", "--to", listening.url, "--identity", "dev-client", "--header", "X-Key: a b"
    )
    assert done.code == 0
    assert done.err == (
        "The value of X-Key has characters that LivePerson does not take"
        " (it takes letters, digits and -_$&@.#*).\n"
    )


@pytest.mark.parametrize("name", ["Authorization", "cookie", "X-Api-Key"])
def test_a_credential_on_the_command_line_is_told_how_to_keep_off_it(
    listen: Any, pems: Any, run_here: Any, name: str
) -> None:
    listening = listen()
    done = run_here(
        "send", "ios", "--to", listening.url, "--identity", "dev-client", "--header", f"{name}: of-brand"
    )
    assert done.code == 0
    assert f"--header-env {name}=VARIABLE" in done.err
    assert "of-brand" not in done.err


def test_a_check_says_each_step(listen: Any, pems: Any, run_here: Any, home: Home) -> None:
    listening = listen()
    base = ("send", "--check", "--to", listening.url)
    good = run_here(*base, "--identity", "dev-client")
    assert (good.code, good.err) == (0, "")
    assert [line[0] for line in good.text.splitlines() if line[0] != " "] == ["✓"] * 9
    line = run_here(*base, "--identity", "dev-client", "--json").lines[0]
    assert (line["event"], line["state"], line["reached"]) == ("checked", "ok", True)
    assert [step["key"] for step in line["steps"]][-3:] == ["trust", "expiry", "name"]
    assert line["chain"][0]["fingerprint_sha256"] == server_pin(home)
    assert line["client_certificate"]["sent"] is True
    refused = run_here(*base)
    assert refused.code == 3
    assert "certificate_required" in refused.text
    untrusted = run_here(*base, "--identity", "dev-client", "--trust", "system")
    assert untrusted.code == 1
    assert "✗ Trust" in untrusted.text
    assert listening.stop()[-1]["pushes"] == 0


def test_a_check_of_nobody(run: Any, pems: Any) -> None:
    done = run("send", "--check", "--to", "https://127.0.0.1:1/", "--json")
    assert done.code == 3
    assert [step["state"] for step in done.lines[0]["steps"][:3]] == ["ok", "failed", "skipped"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--timeout", "1e308"), "up to a day"),
        (("--timeout", "nan"), "up to a day"),
        (("--connect-timeout", "inf"), "up to a day"),
        (("--retry", "--retry-interval", "1e308"), "from 0 seconds to a day"),
        (("--retry-attempts", "3"), "Add --retry."),
        (("--rate", "3"), "Add --repeat N."),
        (("--concurrency", "3"), "Add --repeat N."),
        (("--keep", "none"), "Add --repeat N."),
        (("--check", "--repeat", "3"), "--check sends nothing"),
        (("--check", "--dry-run"), "--check sends nothing"),
        (("--retry-interval", "1"), "Add --retry."),
        (("--header", "X-Ä: 1"), 'can\'t have the name "X-Ä"'),
    ],
)
def test_what_can_not_be_waited_for_or_sent_is_told(
    arguments: tuple[str, ...], said: str, run_here: Any
) -> None:
    done = run_here("send", "ios", "--to", "https://127.0.0.1:1/", *arguments)
    assert done.code == 2
    assert said in done.err


def test_a_proxy_that_has_no_address_is_told_as_the_proxy(run_here: Any) -> None:
    done = run_here("send", "ios", "--to", "https://127.0.0.1:1/", "--proxy", "http://nowhere.invalid:3128")
    assert done.code == 3
    assert "nowhere.invalid, where the HTTP proxy should be" in done.text


def test_an_interrupt_between_two_attempts_is_told(listen: Any, pems: Any, home: Home) -> None:
    listening = listen("--respond", "503", elsewhere=True)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "inspector", "send", "ios", "--to", listening.url),
            *("--identity", "dev-client", "--retry", "--retry-interval", "600", "--json"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PUSH_INSPECTOR_HOME": str(home.data)},
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["status"] == 503
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.decode() == "Cancelled: it is not sent again.\n"


def test_why_a_push_was_turned_down_is_told_as_the_server_says_it(
    run_here: Any, pems: Any, server: Any
) -> None:
    done = run_here("send", "ios", "--to", server)
    assert done.code == 1
    assert "It says: no such tenant [31m in this zone\n" in done.text
    assert "\x1b" not in done.text


@pytest.fixture
def server() -> Iterator[str]:
    """Python's own HTTP server, which turns every push down."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = b"no such tenant\x1b[31m\nin this zone"
            self.send_response(403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{one.server_port}/"
        one.shutdown()
        thread.join()
