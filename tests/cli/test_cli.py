"""The commands besides `listen`: sending, the vault, the history, errors and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.home import Home
from tests.cli.conftest import SAMPLES, Listen, Pems, Run


def test_importing_the_commands_is_light() -> None:
    heavy = ("PySide6", "httpx", "keyring", "OpenSSL", "pydantic", "cryptography")
    code = f"import sys, inspector.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "command", [[], ["gui"], ["demo"], ["listen"], ["send"], ["certs"], ["history"], ["certs", "import"]]
)
def test_help_and_version_everywhere(command: list[str], run_here: Run) -> None:
    helped = run_here(*command, "--help")
    assert helped.code == 0
    assert "Usage: push-inspector" in helped.text
    assert "--home" in helped.text
    assert run_here(*command, "--version").text.startswith("push-inspector ")


def test_without_a_display_the_window_is_refused_in_words(run: Run) -> None:
    nothing = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = run(env=nothing)
    assert done.code == 2
    assert "display" in done.err


def test_the_headless_demo_passes(run: Run) -> None:
    done = run("demo", "--headless")
    assert done.code == 0, done.err
    for word in ("iOS", "FCM", "Huawei", "refused", "unknown_issuer", "rogue-client"):
        assert word in done.text
    lines = run("demo", "--json").lines
    assert [line["event"] for line in lines] == ["push", "push", "push", "handshake_failed"]


def test_without_a_display_the_demo_is_headless_by_itself(run: Run) -> None:
    done = run("demo", env={"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""})
    assert done.code == 0
    assert "All as expected" in done.text


def test_send_to_our_own_listener(listen: Listen, pems: Pems, run: Run) -> None:
    listening = listen()
    done = run(
        "send", "ios", "--to", listening.url, "--identity", "dev-client", "--set", "aps.alert=Hi there"
    )
    assert done.code == 0, done.err
    assert "200" in done.text
    assert "accepted" in done.text
    assert "connect" in done.text
    received = listening.next_line()
    rows = run("history", "list", "--json").lines
    assert [row["direction"] for row in rows] == ["in", "out"]
    assert {row["message"] for row in rows} == {"Hi there"}
    again = run(
        "send", f"history:{received['id']}", "--to", listening.url, "--identity", "dev-client", "--json"
    )
    assert again.lines[0]["status"] == 200
    assert listening.next_line()["attempt"] == 2


def test_send_takes_pem_files_and_standard_input(listen: Listen, pems: Pems, run: Run) -> None:
    listening = listen()
    body = b'{"not": "a push"}'
    done = run(
        "send",
        "-",
        "--to",
        listening.url,
        "--cert",
        str(pems.cert),
        "--key",
        str(pems.key),
        "--ca",
        str(pems.ca),
        stdin=body,
    )
    assert done.code == 0, done.err
    line = listening.next_line()
    assert line["size"] == len(body)
    assert line["problems"]


def test_a_refusal_after_the_handshake_is_exit_3_with_the_alert(listen: Listen, pems: Pems, run: Run) -> None:
    listening = listen()
    done = run("send", "ios", "--to", listening.url)
    assert done.code == 3
    assert "certificate_required" in done.text + done.err
    as_json = run("send", "ios", "--to", listening.url, "--json").lines[0]
    assert as_json["failure"]["reason"] == "tls_refused"
    assert as_json["failure"]["alert"] == "certificate_required"


def test_an_error_status_is_exit_1(listen: Listen, pems: Pems, run: Run) -> None:
    listening = listen("--respond", "403")
    done = run("send", "fcm", "--to", listening.url, "--identity", "dev-client")
    assert done.code == 1
    assert "403" in done.text


def test_retries_as_the_pusher_does(listen: Listen, pems: Pems, run: Run) -> None:
    listening = listen("--fail-first", "2")
    done = run(
        "send",
        "ios",
        "--to",
        listening.url,
        "--identity",
        "dev-client",
        "--retry",
        "--retry-interval",
        "0.05",
        "--json",
    )
    assert done.code == 0
    assert [line["status"] for line in done.lines] == [500, 500, 200]
    assert [listening.next_line()["attempt"] for _ in range(3)] == [1, 2, 3]


def test_many_pushes(listen: Listen, pems: Pems, run: Run) -> None:
    listening = listen()
    arguments = ("--identity", "dev-client", "--repeat", "20", "--concurrency", "4", "--json")
    done = run("send", "ios", "--to", listening.url, *arguments)
    assert done.code == 0, done.err
    assert done.lines[-1]["sent"] == 20
    assert done.lines[-1]["statuses"] == {"200": 20}


def test_nobody_there_is_exit_3(run: Run, pems: Pems) -> None:
    done = run("send", "ios", "--to", "https://127.0.0.1:1/")
    assert done.code == 3
    assert "Traceback" not in done.err + done.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["send"], "--to"),
        (["send", "no-such-template", "--to", "https://localhost/"], "no-such-template"),
        (["send", "/no/such/file.json", "--to", "https://localhost/"], "/no/such/file.json"),
        (["send", "ios", "--to", "ftp://localhost/"], "https"),
        (["send", "ios", "--to", "https://localhost/", "--set", "aps"], "="),
        (["send", "ios", "--to", "https://localhost/", "--header", "nonsense"], "--header"),
        (["send", "history:99", "--to", "https://localhost/"], "99"),
        (["send", "ios", "--to", "https://localhost/", "--identity", "nobody"], "nobody"),
        (["listen", "--port", "http"], "--port"),
        (["listen", "--no-such-option"], "--no-such-option"),
        (["history", "show", "7"], "7"),
        (["history", "list", "nofield:7"], "nofield"),
        (["nonsense"], "nonsense"),
        (["certs", "show", "nobody"], "nobody"),
        (["certs", "import", "/no/such.pem", "--name", "x"], "/no/such.pem"),
    ],
)
def test_wrong_use_is_exit_2_with_one_or_two_lines(
    arguments: list[str], words: str, run_here: Run, pems: Pems
) -> None:
    done = run_here(*arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert 1 <= len(done.err.strip().splitlines()) <= 2


def test_a_damaged_history_is_exit_4_and_left_alone(run_here: Run, tmp_path: Path) -> None:
    home = tmp_path / "damaged"
    home.mkdir()
    (home / "history.sqlite3").write_bytes(b"SQLite format 3\0" + b"\x01" * 4096)
    done = run_here("history", "list", "--home", str(home))
    assert done.code == 4
    assert (home / "history.sqlite3").read_bytes() == b"SQLite format 3\0" + b"\x01" * 4096
    assert len(done.err.strip().splitlines()) <= 2


def test_a_new_history_is_begun_beside_and_kept_in_use(
    run: Run, listen: Listen, pems: Pems, home: Home
) -> None:
    first = home.history_file
    first.write_bytes(b"not a database at all" * 100)
    refused = run("listen", "--port", "0", "--for", "1")
    assert refused.code == 4
    assert "push-inspector history new" in refused.err
    begun = run("history", "new")
    assert begun.code == 0
    assert "history-2.sqlite3" in begun.text
    listening = listen()
    run("send", "ios", "--to", listening.url, "--identity", "dev-client")
    assert len(run("history", "list", "--json").lines) == 2
    assert first.read_bytes() == b"not a database at all" * 100


def test_an_empty_history_file_is_no_history_yet(run_here: Run, home: Home) -> None:
    home.create()
    home.history_file.touch()
    assert run_here("history", "list").code == 0
    assert run_here("history", "show", "1").code == 2


def test_a_damaged_vault_is_exit_4_and_left_alone(run_here: Run, tmp_path: Path) -> None:
    home = tmp_path / "damaged"
    home.mkdir()
    (home / "vault.json").write_text("{ broken")
    for arguments in (["certs", "list"], ["certs", "create-dev"], ["listen", "--port", "0"]):
        done = run_here(*arguments, "--home", str(home))
        assert done.code == 4, arguments
        assert (home / "vault.json").read_text() == "{ broken"


def test_the_vault_from_the_command_line(run_here: Run, pems: Pems) -> None:
    assert run_here("certs", "create-dev").code == 2
    assert run_here("certs", "create-dev", "--force").code == 0
    pair = run_here("certs", "import", str(pems.key), str(pems.cert), "--name", "brand", "--json")
    assert pair.code == 0, pair.err
    assert pair.lines[0]["name"] == "brand"
    assert pair.lines[0]["has_key"] is True
    ca = run_here("certs", "import", str(pems.ca), "--name", "their-ca", "--trust-clients", "--json")
    assert ca.lines[0]["trust_clients"] is True
    listed = run_here("certs", "list")
    assert "brand" in listed.text
    assert "key" in listed.err.lower()
    shown = run_here("certs", "show", "brand", "--json").lines[0]
    assert shown["chain"][0]["subject"] == shown["subject"]
    assert "PRIVATE KEY" not in run_here("certs", "show", "brand", "--pem").text


def test_an_encrypted_key_takes_its_password_from_a_variable_and_never_waits(
    run: Run, pems: Pems, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.pem"
    subprocess.run(
        ["openssl", "pkcs8", "-topk8", "-in", str(pems.key), "-out", str(locked), "-passout", "pass:hunter2"],
        check=True,
        capture_output=True,
    )
    unasked = run("certs", "import", str(locked), str(pems.cert), "--name", "brand")
    assert unasked.code == 2
    assert "password" in unasked.err.lower()
    wrong = run(
        "certs",
        "import",
        str(locked),
        str(pems.cert),
        "--name",
        "brand",
        "--password-env",
        "PW",
        env={"PW": "no"},
    )
    assert wrong.code == 2
    right = run(
        "certs",
        "import",
        str(locked),
        str(pems.cert),
        "--name",
        "brand",
        "--password-env",
        "PW",
        env={"PW": "hunter2"},
    )
    assert right.code == 0, right.err


def test_the_history_narrows(listen: Listen, pems: Pems, run: Run) -> None:
    listening = listen()
    for name in ("ios", "fcm", "huawei"):
        run("send", name, "--to", listening.url, "--identity", "dev-client")
    assert [
        line["service"] for line in run("history", "list", "service:fcm", "direction:in", "--json").lines
    ] == ["fcm"]
    newest = run("history", "list", "--limit", "2", "--json").lines
    assert [line["service"] for line in newest] == ["huawei", "huawei"]
    masked = run("history", "list", "--json").lines[0]["device_token"]
    assert masked != "01408800000259"
    assert run("history", "list", "--json", "--reveal").lines[0]["device_token"] == "01408800000259"
    assert "My Test: 123" in run("history", "list").text
    shown = json.loads(run("history", "show", "1", "--json", "--reveal").out)
    assert shown["body"].encode() == (SAMPLES / "ios.json").read_bytes()


def test_the_vault_can_be_locked_with_a_passphrase_of_ones_own(run: Run, listen: Listen, pems: Pems) -> None:
    secret = {"MINE": "correct horse"}
    assert run("certs", "protect", "--with", "passphrase").code == 2
    assert run("certs", "protect", "--with", "passphrase", "--passphrase-env", "MINE", env=secret).code == 0
    assert run("certs", "list").code == 0
    locked = run("listen", "--port", "0", "--for", "1")
    assert locked.code == 4
    assert len(locked.err.strip().splitlines()) <= 2
    opened = listen(env={"PUSH_INSPECTOR_VAULT_PASSPHRASE": "correct horse"})
    opened.stop()
    assert (
        run(
            "certs", "protect", "--with", "key-file", env={"PUSH_INSPECTOR_VAULT_PASSPHRASE": "correct horse"}
        ).code
        == 0
    )
    listen().stop()


def test_what_came_from_outside_can_not_drive_the_terminal(listen: Listen, pems: Pems, run: Run) -> None:
    listening = listen()
    body = b'{"aps": {"alert": "\\u001b[31mred\\u0007"}}\x1b[2J'
    run("send", "-", "--to", listening.url, "--identity", "dev-client", stdin=body)
    identifier = str(listening.next_line()["id"])
    for shown in (run("history", "list"), run("history", "show", identifier)):
        assert shown.code == 0
        assert b"\x1b" not in shown.out
        assert b"\x07" not in shown.out
    assert run("history", "show", identifier, "--raw", "--reveal").out == body


@pytest.mark.parametrize(
    "words", [["-is:handshake"], ["service:apns", "-is:handshake"], ["-has:retry", "-is:push"]]
)
def test_a_filter_leaves_out_without_being_taken_for_an_option(words: list[str], run: Run) -> None:
    done = run("history", "list", *words, "--limit", "3", "--json")
    assert (done.code, done.out) == (0, b"")
    wrong = run("history", "list", *words, "--no-such-option")
    assert wrong.code == 2
    assert "--no-such-option" in wrong.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["send", "ios", "--to", "https://localhost/", "--basic-user", "u"], "--basic-password-env"),
        (["send", "ios", "--to", "https://localhost/", "--basic-password-env", "SECRET"], "--basic-user"),
        (["listen", "--auth", "basic", "--basic-user", "u"], "--basic-password-env"),
        (["listen", "--basic-user", "u", "--basic-password-env", "SECRET"], "--auth"),
        (["listen", "--port", "0", "--for", "nan"], "--for"),
        (["certs", "protect"], "key-file"),
    ],
)
def test_half_of_what_belongs_together_is_refused_in_words(
    arguments: list[str], words: str, run: Run
) -> None:
    done = run(*arguments, env={"SECRET": "hunter2"})
    assert done.code == 2
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 2
    assert "hunter2" not in done.err


def test_a_reader_that_goes_away_is_no_failure(listen: Listen, pems: Pems, run: Run, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "inspector",
        "--home",
        str(tmp_path),
        "listen",
        "--port",
        "0",
        "--for",
        "0.5",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=30) == 0


def test_a_closed_output_is_no_failure(tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m inspector --home "{tmp_path}" certs list >&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert (done.returncode, b"unexpected" in done.stderr) == (0, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_under_the_output_is_said(tmp_path: Path, unbuffered: str) -> None:
    home = tmp_path / "named"
    command = [sys.executable, "-m", "inspector", "--home", str(home), "send", "--list"]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env=environment, timeout=60, check=False
        )
    assert done.returncode == 1
    first, second = done.stderr.decode().splitlines()
    assert "No space left on device" in first
    assert "Make room" in second


def test_what_nobody_expected_is_logged_in_the_home_that_was_named(
    run_here: Run, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_home: object) -> None:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr("inspector.workbench.Workbench.__init__", fail)
    ran = run_here("history", "compact")
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 2
    assert str(home.log_file) in ran.err
    log = home.log_file.read_text()
    assert "Traceback" in log
