"""`certs check`, `certs export` and `certs delete`."""

from __future__ import annotations

import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inspector.certificates.export import export_pem
from inspector.certificates.mint import issue
from tests.cli.conftest import Listen, Pems, Run

PASSWORD = "a passphrase, süß & long"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named without a folder stays the test's own."""
    monkeypatch.chdir(tmp_path)


def found(line: dict[str, object]) -> dict[str, str]:
    """Code -> severity of a `certs check --json` line."""
    findings = line["findings"]
    assert isinstance(findings, list)
    for one in findings:
        assert set(one) == {"code", "severity", "message", "advice"}
        assert one["message"]
    return {one["code"]: one["severity"] for one in findings}


def openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


# check


def test_a_sound_identity_of_the_vault(run_here: Run, pems: Pems) -> None:
    done = run_here("certs", "check", "dev-client", "--client", "--json")
    assert done.code == 0, done.err
    (line,) = done.lines
    assert set(line) == {"name", "ok", "findings"}
    assert (line["name"], line["ok"], found(line)) == ("dev-client", True, {"ok": "info"})
    assert done.err == ""
    text = run_here("certs", "check", "dev-client").text
    assert text.splitlines()[0] == "dev-client"
    assert "Nothing wrong was found." in text


def test_several_names_are_checked_one_by_one(run_here: Run, pems: Pems) -> None:
    done = run_here("certs", "check", "dev-server", "dev-ca", "--server", "--json")
    assert done.code == 1
    assert [(line["name"], line["ok"]) for line in done.lines] == [("dev-server", True), ("dev-ca", False)]


def test_the_wrong_purpose_is_exit_1(run_here: Run, pems: Pems) -> None:
    done = run_here("certs", "check", "dev-client", "--server", "--json")
    assert done.code == 1
    assert done.lines[0]["ok"] is False
    assert found(done.lines[0])["wrong_purpose"] == "error"
    told = run_here("certs", "check", "dev-client", "--server")
    assert told.code == 1
    assert "wrong_purpose" in told.text
    assert "isn't meant for a server" in told.text


def test_the_files_of_one_identity_are_taken_together(run_here: Run, pems: Pems) -> None:
    done = run_here("certs", "check", str(pems.cert), str(pems.key), "--client", "--json")
    assert done.code == 0, done.err
    assert done.lines[0]["name"] == f"{pems.cert}, {pems.key}"
    assert found(done.lines[0]) == {"ok": "info"}
    alone = run_here("certs", "check", str(pems.cert), "--client", "--json")
    assert (alone.code, found(alone.lines[0])) == (1, {"no_key": "error"})
    in_general = run_here("certs", "check", str(pems.cert), "--json")
    assert (in_general.code, found(in_general.lines[0])) == (0, {"no_key": "warning"})


def test_files_are_checked_where_there_is_no_vault_and_none_is_made(
    run_here: Run, prepared: Path, tmp_path: Path
) -> None:
    folder = prepared / "pems"
    elsewhere = tmp_path / "elsewhere"
    files = (str(folder / "clientCrt.pem"), str(folder / "clientKey.pem"))
    done = run_here("certs", "check", *files, "--json", "--home", str(elsewhere))
    # Nobody knows its issuer here: it may be a root that the other side has.
    assert (done.code, found(done.lines[0])) == (0, {"incomplete_chain": "warning"})
    assert not elsewhere.exists()


def test_another_s_key_is_a_finding(run_here: Run, pems: Pems, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", other)
    done = run_here("certs", "check", str(pems.cert), str(other), "--json")
    assert done.code == 1
    assert found(done.lines[0])["key_mismatch"] == "error"


def test_an_expired_certificate(run_here: Run, tmp_path: Path) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    old = issue(None, "old", not_before=yesterday - timedelta(days=9), not_after=yesterday)
    files = export_pem(old, tmp_path, "old")
    done = run_here("certs", "check", *map(str, files), "--client", "--json")
    assert done.code == 1
    assert found(done.lines[0])["expired"] == "error"


def test_an_encrypted_key_is_told_and_never_asked_for(
    run_here: Run, pems: Pems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked.pem"
    monkeypatch.setenv("PW", PASSWORD)
    openssl("pkcs8", "-topk8", "-in", pems.key, "-out", locked, "-passout", "env:PW")
    closed = run_here("certs", "check", str(pems.cert), str(locked), "--client", "--json")
    assert (closed.code, found(closed.lines[0])) == (0, {"encrypted_key": "warning"})
    options = ("--password-env", "PW", "--client", "--json")
    opened = run_here("certs", "check", str(pems.cert), str(locked), *options)
    assert (opened.code, found(opened.lines[0])) == (0, {"ok": "info", "encrypted_key": "info"})
    monkeypatch.setenv("PW", "wrong")
    wrong = run_here("certs", "check", str(pems.cert), str(locked), *options)
    assert (wrong.code, wrong.out) == (2, b"")
    assert "password" in wrong.err.lower()
    assert "wrong" not in wrong.out.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dev-client", "--server", "--client"], "--server and --client"),
        (["dev-cleint"], "Did you mean dev-client"),
        (["no/such/file.pem"], "neither a name in the vault nor a file"),
        (["bad\nname"], "neither"),
        (["dev-client", "file.pem"], "./dev-client"),
        (["no.pem", "such.pem"], "no.pem doesn't exist"),
        (["/"], "is a folder"),
        (["x.pem", "--password-env", "NOT_SET"], "NOT_SET"),
        ([], "NAME|FILE|-|URL..."),
    ],
)
def test_what_can_t_be_checked_is_exit_2(arguments: list[str], words: str, run_here: Run, pems: Pems) -> None:
    shutil.copy(pems.cert, "x.pem")
    done = run_here("certs", "check", *arguments)
    assert (done.code, done.out) == (2, b"")
    assert words in done.err
    assert 1 <= len(done.err.strip().splitlines()) <= 2


def test_a_name_in_a_home_without_a_vault(run_here: Run) -> None:
    done = run_here("certs", "check", "dev-client")
    assert done.code == 2
    assert "certs create-dev" in done.err


def test_a_file_that_is_called_like_an_entry(run_here: Run, pems: Pems) -> None:
    shutil.copy(pems.ca, "dev-client")
    assert run_here("certs", "check", "dev-client", "--client").code == 0
    done = run_here("certs", "check", "./dev-client", "--client", "--json")
    assert (done.code, done.lines[0]["name"]) == (1, "./dev-client")


# export


def test_the_exported_files_are_what_curl_presents(
    listen: Listen, run_here: Run, pems: Pems, tmp_path: Path
) -> None:
    folder = tmp_path / "for LivePerson"
    done = run_here("certs", "export", "dev-client", "--dir", str(folder))
    assert done.code == 0, done.err
    key, cert = (Path(line) for line in done.text.splitlines())
    assert (key, cert) == (folder / "mybrandpushKey.pem", folder / "mybrandpushCrt.pem")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "not encrypted" in done.err
    listening = listen("--max", "1")
    answer = subprocess.run(
        [
            "curl", "--silent", "--show-error", "--cacert", str(pems.ca), "--cert", str(cert), "--key", str(key),
            "--data-binary", "{}", "--write-out", "%{http_code}", "--output", str(tmp_path / "answer"), listening.url,
        ],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (answer.stdout, answer.stderr) == ("200", "")
    push = listening.next_line()
    assert push["peer"]["subject"] == run_here("certs", "show", "dev-client", "--json").lines[0]["subject"]


def test_an_export_with_a_prefix_and_a_password(
    run_here: Run, pems: Pems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PW", PASSWORD)
    options = ("--dir", str(tmp_path), "--name-prefix", "acme", "--encrypt-env", "PW", "--json")
    done = run_here("certs", "export", "dev-client", *options)
    assert (done.code, done.err) == (0, "")
    key, cert = tmp_path / "acmeKey.pem", tmp_path / "acmeCrt.pem"
    assert done.lines == [
        {"name": "dev-client", "key": str(key), "certificate": str(cert), "encrypted": True}
    ]
    assert key.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    openssl("pkey", "-in", key, "-passin", "env:PW", "-noout")
    again = run_here(
        "certs", "import", str(key), str(cert), "--name", "again", "--password-env", "PW", "--json"
    )
    assert again.lines[0]["has_key"] is True


def test_files_that_are_there_are_kept_unless_they_are_to_be_replaced(
    run_here: Run, pems: Pems, tmp_path: Path
) -> None:
    mine = tmp_path / "mybrandpushCrt.pem"
    mine.write_text("mine")
    refused = run_here("certs", "export", "dev-client", "--dir", str(tmp_path))
    assert refused.code == 2
    assert "mybrandpushCrt.pem exists already" in refused.err
    assert mine.read_text() == "mine"
    assert not (tmp_path / "mybrandpushKey.pem").exists()
    assert run_here("certs", "export", "dev-client", "--dir", str(tmp_path), "--replace").code == 0
    assert mine.read_text().startswith("-----BEGIN CERTIFICATE-----")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dev-client"], "--dir"),
        (["nobody", "--dir", "out"], "nobody"),
        (["their-ca", "--dir", "out"], "without its private key"),
        (["dev-client", "--dir", "out", "--name-prefix", "../x"], "../x"),
        (["dev-client", "--dir", "out", "--encrypt-env", "NOT_SET"], "NOT_SET"),
        (["dev-client", "--dir", "out", "--encrypt-env", "EMPTY"], "empty"),
        (["dev-client", "--dir", "a-file"], "a-file"),
    ],
)
def test_what_can_t_be_exported_is_exit_2_and_leaves_nothing(
    arguments: list[str], words: str, run_here: Run, pems: Pems, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_here("certs", "import", str(pems.ca), "--name", "their-ca").code == 0
    monkeypatch.setenv("EMPTY", "")
    Path("a-file").touch()
    done = run_here("certs", "export", *arguments)
    assert done.code == 2
    assert words in done.err
    assert 1 <= len(done.err.strip().splitlines()) <= 2
    assert not Path("out").exists()


# delete


def test_an_entry_is_deleted(run_here: Run, pems: Pems) -> None:
    done = run_here("certs", "delete", "dev-client", "--yes")
    assert (done.code, done.out) == (0, b"")
    assert "Deleted dev-client and its private key." in done.err
    assert "dev-client" not in run_here("certs", "list").text
    assert run_here("certs", "delete", "dev-client", "--yes").code == 2


def test_nothing_is_deleted_without_a_yes(run_here: Run, pems: Pems) -> None:
    done = run_here("certs", "delete", "dev-client")
    assert done.code == 2
    assert "push-inspector certs delete dev-client --yes" in done.err
    assert run_here("certs", "show", "dev-client").code == 0


@pytest.mark.parametrize(("answer", "left"), [("n", True), ("y", False)])
def test_at_a_terminal_it_asks(
    answer: str, left: bool, run_here: Run, pems: Pems, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def type_in(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("inspector.cli.certs.at_terminal", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", type_in)
    done = run_here("certs", "delete", "dev-ca")
    assert done.code == (130 if left else 0)
    assert len(asked) == 1
    assert (run_here("certs", "show", "dev-ca").code == 0) is left
