"""Own payloads, environments and variables from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from inspector.home import Home
from tests.cli.conftest import SAMPLES, Listen, Pems, Run

UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
NOWHERE = "https://127.0.0.1:1/"


@pytest.mark.parametrize("command", [["payloads"], ["payloads", "save"], ["env"], ["env", "set"]])
def test_help_and_version(command: list[str], run_here: Run) -> None:
    helped = run_here(*command, "--help")
    assert helped.code == 0
    assert "--home" in helped.text


def test_payloads_are_kept_listed_searched_and_sent(run_here: Run, home: Home, tmp_path: Path) -> None:
    assert "none yet" in run_here("payloads", "list").err
    saved = run_here("payloads", "save", "VIP customer", "fcm", "--tag", "smoke", "--note", "For the release")
    assert saved.code == 0, saved.err
    assert saved.text.strip() == str(home.data / "payloads" / "vip-customer.json")
    listed = run_here("send", "--list")
    assert re.search(r"^vip-customer +FCM +VIP customer +own, smoke$", listed.text, re.MULTILINE)
    assert re.search(r"^ios +iOS ", listed.text, re.MULTILINE)
    assert run_here("send", "--search", "smoke release").text.count("\n") == 2
    assert "Nothing matches" in run_here("send", "--search", "no such thing here").err
    found = run_here("send", "--search", "vip", "--json").lines
    assert [(one["name"], one["own"], one["service"]) for one in found] == [("vip-customer", True, "fcm")]
    assert run_here("send", "vip-customer", "--dry-run").out == (SAMPLES / "fcm.json").read_bytes()
    assert run_here("payloads", "show", "vip-customer").out == (SAMPLES / "fcm.json").read_bytes()
    assert run_here("payloads", "save", "VIP customer", "ios", "--over").code == 0
    assert run_here("payloads", "show", "VIP customer").out == (SAMPLES / "ios.json").read_bytes()
    assert run_here("payloads", "edit", "vip-customer", "--title", "Very important").code == 0
    assert (
        run_here("payloads", "duplicate", "very-important").text.strip().endswith("very-important-copy.json")
    )
    exported = run_here("payloads", "export", str(tmp_path / "out"))
    assert len(exported.text.splitlines()) == 2
    assert run_here("payloads", "delete", "very-important").code == 2, "nobody can be asked"
    assert run_here("payloads", "delete", "very-important", "very-important-copy", "--yes").code == 0
    assert run_here("payloads", "list", "--json").lines == []
    imported = run_here("payloads", "import", str(tmp_path / "out"))
    assert imported.text.split() == ["very-important", "very-important-copy"]
    assert [one["tags"] for one in run_here("payloads", "list", "--json").lines] == [["smoke"], ["smoke"]]


def test_another_folder_for_once_and_from_now_on(run_here: Run, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "ours.json").write_bytes(b'{"a":1}')
    assert run_here("send", "ours", "--payloads", str(checkout), "--dry-run").out == b'{"a":1}'
    assert run_here("send", "ours", "--dry-run").code == 2
    assert run_here("payloads", "folder", str(checkout)).text.strip() == str(checkout)
    assert run_here("send", "ours", "--dry-run").out == b'{"a":1}'
    assert run_here("payloads", "folder", "--own").text.strip().endswith("payloads")


def test_environments_come_and_go(run_here: Run, monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    assert "none yet" in run_here("env", "list").err
    assert run_here("env", "set", "local", "BRAND", "90588711").code == 0
    monkeypatch.setenv("THE_TOKEN", "hush-hush")
    assert run_here("env", "set", "staging", "TOKEN", "--secret", "--value-env", "THE_TOKEN").code == 0
    assert run_here("env", "use", "staging").code == 0
    assert re.search(r"^● +staging +TOKEN$", run_here("env", "list").text, re.MULTILINE)
    assert "hush" not in run_here("env", "show").text
    assert "hush-hush" in run_here("env", "show", "--reveal").text
    assert not any(b"hush" in path.read_bytes() for path in home.data.rglob("*") if path.is_file())
    assert run_here("env", "rename", "staging", "qa").code == 0
    assert run_here("env", "duplicate", "qa", "qa 2").code == 0
    shown = run_here("env", "show", "qa 2", "--reveal", "--json").lines[0]
    assert shown["values"] == [{"name": "TOKEN", "value": "hush-hush", "secret": True}]
    assert run_here("env", "unset", "local", "BRAND").code == 0
    assert run_here("env", "delete", "local").code == 2
    assert run_here("env", "delete", "local", "--yes").code == 0
    assert [line["name"] for line in run_here("env", "list", "--json").lines] == ["qa", "qa 2"]
    assert run_here("env", "use", "--none").code == 0
    assert run_here("env", "show").code == 2


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["env", "set", "local", "TOKEN", "hush", "--secret"], "--value-env"),
        (["env", "set", "local", "TOKEN", "--secret"], "--value-env"),
        (["env", "set", "local", "TOKEN"], "--value-env"),
        (["env", "set", "local", "A B", "1"], "letter"),
        (["env", "use"], "--none"),
        (["env", "show", "gone"], "Make one"),
        (["send", "ios", "--dry-run", "--env", "gone"], "Make one"),
        (["send", "ios", "--dry-run", "--var", "BRAND"], "--var BRAND="),
        (["send", "ios", "--dry-run", "--as-is", "--var", "A=1"], "--as-is"),
        (["send", "vip-customre", "--dry-run"], "send --list"),
        (["send", "own:gone", "--dry-run"], "payloads list"),
        (["payloads", "save", "x" * 200, "ios"], "120"),
        (["payloads", "edit", "gone", "--note", "x"], "payloads list"),
        (["payloads", "edit", "gone"], "--title"),
        (["payloads", "import", "/no/such/folder"], "/no/such/folder"),
        (["payloads", "folder", "/no/such/folder"], "/no/such/folder"),
    ],
)
def test_wrong_use_is_exit_2_in_one_or_two_lines(arguments: list[str], word: str, run_here: Run) -> None:
    done = run_here(*arguments)
    assert done.code == 2
    assert word in done.err
    assert "hush" not in done.err
    assert 1 <= len(done.err.strip().splitlines()) <= 2


def test_damaged_environments_are_exit_4_and_left_alone(run_here: Run, home: Home) -> None:
    home.data.mkdir(parents=True)
    (home.data / "environments.json").write_bytes(b"{")
    assert run_here("env", "set", "a", "B", "1").code == 4
    assert (home.data / "environments.json").read_bytes() == b"{"
    assert run_here("send", "ios", "--dry-run").code == 0, "a body without variables needs none of it"


def test_a_dry_run_prints_the_bytes_and_sends_nothing(
    run_here: Run, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = tmp_path / "body.json"
    body.write_text(
        '{"id":"{{uuid}}","n":{{seq 5}},"brand":"{{env BRAND}}","t":"{{env TOKEN}}","x":"{{nonsense}}","a":0}'
    )
    run_here("env", "set", "local", "BRAND", "90588711")
    monkeypatch.setenv("THE_TOKEN", "hush-hush")
    run_here("env", "set", "local", "TOKEN", "--secret", "--value-env", "THE_TOKEN")
    done = run_here("send", str(body), "--dry-run", "--set", "a={{badge 7}}", "--set", "b={{uuid}}")
    made = json.loads(done.out)
    assert re.fullmatch(UUID4, made["id"])
    assert re.fullmatch(UUID4, made["b"])
    assert made["id"] != made["b"]
    assert (made["n"], made["brand"], made["t"], made["a"]) == (5, "90588711", "•••", 7)
    assert made["x"] == "{{nonsense}}"
    assert "There is no variable nonsense" in done.err
    assert "--reveal" in done.err
    assert json.loads(run_here("send", str(body), "--dry-run", "--reveal").out)["t"] == "hush-hush"
    given = run_here(
        "send", str(body), "--show-resolved", "--repeat", "3", "--var", "BRAND=b", "--var", "TOKEN=t"
    )
    lines = given.lines
    assert [line["n"] for line in lines] == [5, 6, 7]
    assert lines[0]["brand"] == "b"
    assert lines[0]["t"] == "t"
    as_json = run_here("send", str(body), "--dry-run", "--json").lines[0]
    assert as_json["event"] == "resolved"
    assert {"variable": "env BRAND", "value": "90588711"} in as_json["replaced"]
    assert run_here("send", str(body), "--dry-run", "--as-is").out == body.read_bytes()
    assert not home.history_file.exists()


def test_each_push_of_a_run_gets_values_of_its_own(
    listen: Listen, pems: Pems, run_here: Run, tmp_path: Path
) -> None:
    listening = listen("--max", "6")
    ios = json.loads((SAMPLES / "ios.json").read_bytes())
    text = json.dumps({**ios, "conversationId": "{{uuid c}}", "dialogId": "{{uuid}}", "sequence": "SEQ"})
    (tmp_path / "run.json").write_text(text.replace('"SEQ"', "{{seq 100}}"))
    to = ("--to", listening.url, "--identity", "dev-client")
    done = run_here("send", str(tmp_path / "run.json"), *to, "--repeat", "5", "--concurrency", "2", "--json")
    assert done.code == 0, done.err
    pushes = [listening.next_line() for _ in range(5)]
    assert sorted(push["sequence"] for push in pushes) == [100, 101, 102, 103, 104]
    assert len({push["conversationId"] for push in pushes}) == 1
    assert len({push["dialogId"] for push in pushes}) == 5
    kept = [line["sequence"] for line in run_here("history", "list", "direction:out", "--json").lines]
    assert sorted(kept) == [100, 101, 102, 103, 104], "the history keeps what was sent"
    captured = b'{"note":"{{uuid}}","aps":{}}'
    run_here("send", "-", *to, "--as-is", stdin=captured)
    push = listening.next_line()
    again = run_here("send", f"history:{push['id']}", "--dry-run")
    assert again.out == captured, "a captured push is sent as it was"
    filled = run_here("send", f"history:{push['id']}", "--dry-run", "--var", "A=1")
    assert re.fullmatch(UUID4, json.loads(filled.out)["note"])


def test_an_export_of_nothing_says_so(run_here: Run, tmp_path: Path) -> None:
    done = run_here("payloads", "export", str(tmp_path / "out"))
    assert (done.code, done.out) == (0, b"")
    assert "none yet" in done.err


@pytest.mark.parametrize("arguments", [("zzzzzz", "--dry-run"), ("x" * 5000, "--dry-run")])
def test_a_source_that_is_nothing_is_told_in_two_short_lines(
    arguments: tuple[str, ...], run_here: Run
) -> None:
    done = run_here("send", *arguments)
    assert done.code == 2
    assert [len(line) < 120 for line in done.err.splitlines()] == [True, True]
    assert "send --list" in done.err
