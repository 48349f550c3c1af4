"""`listen`, driven by curl and openssl s_client."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from inspector.home import Home
from tests.cli.conftest import PATIENCE, SAMPLES, Listen, Pems, Run

NAMES = ("ios", "fcm", "huawei")
SERVICES = {"ios": "apns", "fcm": "fcm", "huawei": "huawei"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def curl(url: str, pems: Pems, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["curl", "-sS", "--max-time", "20", "--cacert", str(pems.ca), *arguments, url],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def client(pems: Pems) -> tuple[str, ...]:
    return ("--cert", str(pems.cert), "--key", str(pems.key))


@pytest.mark.parametrize("name", NAMES)
def test_curl_delivers_the_sample(name: str, listen: Listen, pems: Pems, run: Run) -> None:
    body = (SAMPLES / f"{name}.json").read_bytes()
    listening = listen()
    assert listening.ready["event"] == "ready"
    assert listening.url == f"https://127.0.0.1:{listening.port}/"
    done = curl(
        f"{listening.url}push",
        pems,
        *client(pems),
        "--data-binary",
        f"@{SAMPLES / name}.json",
        "-H",
        "Content-Type: application/json",
        "-w",
        "%{http_code}",
    )
    assert done.stdout.endswith(b"200"), done.stderr
    line = listening.next_line()
    assert next(iter(line)) == "event"
    assert TIME.fullmatch(line["received_at"])
    assert line["peer"]["address"].startswith("127.0.0.1")
    assert "dev-client" in line["peer"]["subject"]
    assert "dev-ca" in line["peer"]["issuer"]
    assert re.fullmatch("[0-9a-f]{64}", line["peer"]["fingerprint_sha256"])
    assert line["peer"]["trusted"] is True
    assert line["tls"]["version"] == "TLSv1.3"
    assert line["tls"]["cipher"]
    expected = {
        "event": "push",
        "service": SERVICES[name],
        "status": 200,
        "method": "POST",
        "path": "/push",
        "size": len(body),
        "brandId": "90588711",
        "dialogId": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
        "sequence": 8 if name == "ios" else 6,
        "badge": 1 if name == "ios" else 4,
        "attempt": 1,
        "problems": [],
    }
    assert {key: line[key] for key in expected} == expected
    assert listening.stop() == [{"event": "stopped", "pushes": 1, "handshake_failures": 0}]
    assert run("history", "show", str(line["id"]), "--raw", "--reveal").out == body
    masked = run("history", "show", str(line["id"]), "--raw").out
    assert b"01408800000259" not in masked
    assert b"My Test" in masked


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_s_client_delivers_the_sample(version: str, listen: Listen, pems: Pems, run: Run) -> None:
    body = (SAMPLES / "ios.json").read_bytes()
    listening = listen()
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    command = ["openssl", "s_client", "-quiet", version, "-connect", f"127.0.0.1:{listening.port}"]
    command += [
        "-cert",
        str(pems.cert),
        "-key",
        str(pems.key),
        "-CAfile",
        str(pems.ca),
        "-verify_return_error",
    ]
    done = subprocess.run(command, input=head.encode() + body, capture_output=True, timeout=30, check=False)
    assert done.stdout.startswith(b"HTTP/1.1 200"), done.stderr
    line = listening.next_line()
    assert line["service"] == "apns"
    assert line["tls"]["version"] == {"-tls1_2": "TLSv1.2", "-tls1_3": "TLSv1.3"}[version]
    listening.stop()
    assert run("history", "show", str(line["id"]), "--raw", "--reveal").out == body


def test_a_client_without_a_certificate_is_told_and_reported(listen: Listen, pems: Pems) -> None:
    listening = listen()
    done = curl(listening.url, pems, "--data-binary", "{}")
    assert done.returncode != 0
    assert b"certificate required" in done.stderr
    line = listening.next_line()
    assert (line["event"], line["reason"], line["count"]) == ("handshake_failed", "no_client_certificate", 1)
    assert line["certificate"] is None
    assert line["advice"]
    assert listening.stop(signal.SIGINT)[-1] == {"event": "stopped", "pushes": 0, "handshake_failures": 1}


def test_who_leaves_without_a_word_is_counted(listen: Listen, pems: Pems) -> None:
    listening = listen()
    for _ in range(3):
        socket.create_connection(("127.0.0.1", listening.port)).close()
    curl(listening.url, pems, *client(pems))
    assert listening.next_line()["status"] == 405
    assert listening.stop()[-1] == {
        "event": "stopped",
        "pushes": 0,
        "handshake_failures": 0,
        "refused_requests": 1,
        "bare_connects": 3,
    }


def test_plain_http_is_told_to_speak_tls(listen: Listen, pems: Pems) -> None:
    listening = listen()
    done = curl(f"http://127.0.0.1:{listening.port}/", pems, "--data-binary", "{}", "-w", "%{http_code}")
    assert done.stdout.endswith(b"400")
    assert listening.next_line()["reason"] == "plain_http"


def test_other_methods_get_405_with_allow(listen: Listen, pems: Pems) -> None:
    listening = listen()
    done = curl(listening.url, pems, *client(pems), "-i")
    assert done.stdout.startswith(b"HTTP/1.1 405")
    assert b"allow: post" in done.stdout.lower()


def test_the_answer_can_be_chosen(listen: Listen, pems: Pems) -> None:
    listening = listen("--respond", "403", "--fail-first", "1")
    answers = [
        curl(listening.url, pems, *client(pems), "-d", "{}", "-o", "/dev/null", "-w", "%{http_code}").stdout
        for _ in range(2)
    ]
    assert answers == [b"500", b"403"]
    assert [listening.next_line()["status"], listening.next_line()["status"]] == [500, 403]


def test_limits_can_be_set(listen: Listen, pems: Pems) -> None:
    listening = listen("--max-body", "10", "--idle-time", "0.2")
    code = curl(
        listening.url, pems, *client(pems), "-d", "x" * 11, "-o", "/dev/null", "-w", "%{http_code}"
    ).stdout
    assert code == b"413"


def test_a_client_certificate_to_listen_with_is_warned_of(listen: Listen, pems: Pems) -> None:
    listening = listen("--server-identity", "dev-client")
    listening.process.terminate()
    _out, err = listening.process.communicate(timeout=30)
    assert b"dev-client is no server's certificate" in err


def test_a_lenient_listener_takes_and_flags(listen: Listen, pems: Pems) -> None:
    listening = listen("--lenient")
    assert curl(listening.url, pems, "-d", "{}", "-o", "/dev/null", "-w", "%{http_code}").stdout == b"200"
    line = listening.next_line()
    assert line["peer"]["trusted"] is False
    assert line["advice"].startswith(line["advice_parts"]["happened"])
    assert line["openssl"].startswith("no_client_certificate")


def test_max_ends_it(listen: Listen, pems: Pems) -> None:
    listening = listen("--max", "2")
    curl(listening.url, pems, *client(pems))  # a GET is told of, but is no push
    for _ in range(2):
        curl(listening.url, pems, *client(pems), "-d", "{}")
    out, _ = listening.process.communicate(timeout=30)
    events = [(line["event"], line.get("status")) for line in map(json.loads, out.splitlines())]
    assert events == [("push", 405), ("push", 200), ("push", 200), ("stopped", None)]
    assert listening.process.returncode == 0


def test_for_ends_it(run: Run, pems: Pems) -> None:
    done = run("listen", "--port", "0", "--for", "0.3", "--json")
    assert done.code == 0
    assert [line["event"] for line in done.lines] == ["ready", "stopped"]


def test_basic_comes_from_a_variable(listen: Listen, pems: Pems, run: Run) -> None:
    secret = {"PROXY_PASSWORD": "s3cret"}
    listening = listen(
        "--auth", "basic", "--basic-user", "u", "--basic-password-env", "PROXY_PASSWORD", env=secret
    )
    codes = [
        curl(listening.url, pems, *user, "-d", "{}", "-o", "/dev/null", "-w", "%{http_code}").stdout
        for user in ((), ("-u", "u:wrong"), ("-u", "u:s3cret"))
    ]
    assert codes == [b"401", b"401", b"200"]
    shown = run("history", "show", str([listening.next_line() for _ in range(3)][-1]["id"]))
    assert "authorization: Basic" in shown.text.replace("Authorization", "authorization")
    assert "dTpzM2NyZXQ=" not in shown.text


def test_basic_without_a_password_says_what_to_write(run: Run) -> None:
    done = run("listen", "--auth", "basic", "--port", "0")
    assert done.code == 2
    assert "--basic-user" in done.err
    missing = run(
        "listen", "--auth", "basic", "--basic-user", "u", "--basic-password-env", "NOT_SET", "--port", "0"
    )
    assert missing.code == 2
    assert "NOT_SET" in missing.err


def test_a_taken_port_is_one_line_that_says_what_to_do(run: Run, pems: Pems) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("listen", "--port", str(port))
    assert done.code == 2
    assert str(port) in done.err
    assert "--port" in done.err
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) <= 2


def test_with_no_identity_the_dev_ones_are_made_and_said(listen: Listen, run: Run) -> None:
    listening = listen()
    listening.stop()
    names = [line["name"] for line in run("certs", "list", "--json").lines]
    assert names == ["dev-ca", "dev-server", "dev-client"]


def test_a_client_ca_file_goes_before_the_vault(listen: Listen, pems: Pems, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    key = tmp_path / "other.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-subj", "/CN=other-ca", "-keyout", str(key), "-out", str(other)),
        ],
        check=True,
        capture_output=True,
    )
    listening = listen("--client-ca", str(other))
    assert curl(listening.url, pems, *client(pems), "-d", "{}").returncode != 0
    assert listening.next_line()["reason"] == "unknown_issuer"


def test_a_history_that_fails_while_listening_is_said_in_one_line(
    listen: Listen, pems: Pems, home: Home
) -> None:
    listening = listen()
    with closing(sqlite3.connect(home.history_file, isolation_level=None)) as other:
        other.execute("CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no'); END")
    for _ in range(2):
        sent = curl(listening.url, pems, *client(pems), "-d", "{}", "-o", "/dev/null", "-w", "%{http_code}")
        assert sent.stdout == b"500"
    listening.process.send_signal(signal.SIGTERM)
    _, error = listening.process.communicate(timeout=PATIENCE)
    said = error.decode().splitlines()
    assert [line for line in said if "500" in line] == [line for line in said if "history" in line] != []
    assert "Traceback" not in error.decode()
