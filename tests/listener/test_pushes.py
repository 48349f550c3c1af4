"""Pushes by programs that nobody here wrote: what is captured, and what they are answered."""

from __future__ import annotations

import gzip
import http.client
import shutil
import sqlite3
import ssl
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest

from inspector.contract.push import Service
from inspector.history.model import Direction, Kind
from inspector.listener.config import Answer, AuthMode
from inspector.listener.events import HandshakeFailed, PushReceived
from tests.listener.conftest import SAMPLES, ClientContext, Listen, run
from tests.listener.pki import Pki

IOS = (SAMPLES / "ios.json").read_bytes()


@pytest.fixture
def curl(ca_file: Path, client_file: Path) -> tuple[str | Path, ...]:
    return ("curl", "-sS", "--max-time", "20", "--cacert", ca_file, "--cert", client_file)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize(
    ("name", "service"), [("ios", Service.APNS), ("fcm", Service.FCM), ("huawei", Service.HUAWEI)]
)
def test_curl_delivers_a_sample(
    name: str, service: Service, version: str, listen: Listen, curl: tuple[str | Path, ...], pki: Pki
) -> None:
    listening = listen()
    body = (SAMPLES / f"{name}.json").read_bytes()
    done = run(
        *curl, f"--tlsv{version}", "--tls-max", version, "--data-binary", f"@{SAMPLES / name}.json", "-D", "-",
        "-H", "X-Brand: b", f"{listening.ready.url}push?app=1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"HTTP/1.1 200 OK\r\nDate: ")
    assert done.stdout.endswith(b"\r\nContent-Length: 0\r\n\r\n")
    event = listening.heard.push()
    assert (event.kind, event.direction, event.status) == (Kind.PUSH, Direction.IN, 200)
    assert (event.method, event.path, event.body) == ("POST", "/push?app=1", body)
    assert ("X-Brand", "b") in event.headers
    assert event.headers[0] == ("Host", listening.connect)
    assert event.service is service
    assert event.problems == ()
    assert event.conversation_id
    assert event.brand_id
    assert event.retry_key
    connection = event.connection
    assert connection is not None
    assert connection.peer.startswith("127.0.0.1:")
    assert connection.local == listening.connect
    assert connection.trusted is True
    assert connection.certificate is not None
    assert connection.certificate.subject == "CN=dev-client,O=Push Inspector"
    assert connection.certificate.issuer == "CN=dev-ca,O=Push Inspector"
    assert connection.tls is not None
    assert (connection.tls.version, connection.tls.alpn) == (f"TLSv{version}", "http/1.1")
    assert event.timings is not None
    assert event.timings.tls is not None
    assert event.timings.tls > 0


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.json") if path.stem != "index"))
def test_every_template_is_kept_byte_for_byte(
    name: str, listen: Listen, curl: tuple[str | Path, ...]
) -> None:
    listening = listen()
    path = SAMPLES / f"{name}.json"
    done = run(*curl, "--data-binary", f"@{path}", "-w", "%{http_code}", listening.ready.url)
    assert done.stdout == b"200"
    assert listening.heard.push().body == path.read_bytes()


def test_what_is_committed_is_in_the_history(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen()
    for _ in range(3):
        assert run(*curl, "--data-binary", f"@{SAMPLES / 'ios.json'}", listening.ready.url).returncode == 0
    pushes = listening.heard.wait(PushReceived, 3)
    assert [push.written.attempt for push in pushes] == [1, 2, 3]
    assert all(push.is_push for push in pushes)
    listening.listener.stop()
    assert listening.listener.pushes == 3


def test_keep_alive(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen()
    url = f"{listening.ready.url}[1-20]"
    done = run(*curl, "-d", "{}", "-w", "%{num_connects} ", url)
    assert done.stdout.split() == [b"1"] + [b"0"] * 19
    pushes = listening.heard.wait(PushReceived, 20)
    assert [push.event.path for push in pushes] == [f"/{number}" for number in range(1, 21)]
    assert len({id(push.event.connection) for push in pushes}) == 1


CLOSE, CHUNKED = ("-H", "Connection: close"), ("-H", "Transfer-Encoding: chunked")


@pytest.mark.parametrize(
    "options",
    [(), ("--http1.0",), CLOSE, CHUNKED, CHUNKED + CLOSE],
    ids=["1.1", "1.0", "close", "chunked", "chunked-close"],
)
@pytest.mark.parametrize("size", [0, 1, 2000, 300_000])
def test_bodies_of_all_sizes(
    size: int, options: tuple[str, ...], listen: Listen, curl: tuple[str | Path, ...]
) -> None:
    """curl expects 100-continue for large ones by itself."""
    listening = listen()
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    done = run(*curl, *options, "--data-binary", "@-", "-w", "%{http_code}", listening.ready.url, stdin=body)
    assert done.stdout == b"200", done.stderr
    assert listening.heard.push().body == body


def test_expect_100_continue(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen()
    done = run(*curl, "-v", "-H", "Expect: 100-continue", "-d", "{}", listening.ready.url)
    assert b"< HTTP/1.1 100 Continue" in done.stderr
    assert b"< HTTP/1.1 200 OK" in done.stderr


def test_python_speaks_http(listen: Listen, pki: Pki, client_context: ClientContext) -> None:
    listening = listen()
    connection = http.client.HTTPSConnection(
        "localhost", listening.ready.port, context=client_context(pki.good)
    )
    for number in range(3):
        connection.request("POST", f"/{number}", body=IOS)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
    connection.close()
    assert listening.heard.wait(PushReceived, 3)[2].event.path == "/2"


def test_s_client_pushes_by_hand(listen: Listen, client_file: Path, ca_file: Path) -> None:
    listening = listen()
    request = (
        b"POST /by-hand HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
    )
    request %= (len(IOS), IOS)
    done = run(
        "openssl", "s_client", "-quiet", "-connect", listening.connect, "-CAfile", ca_file, "-verify_return_error",
        "-servername", "localhost", "-cert", client_file, stdin=request,
    )  # fmt: skip
    assert done.stdout.startswith(b"HTTP/1.1 200 OK")
    event = listening.heard.push()
    assert event.body == IOS
    assert event.connection is not None
    assert event.connection.tls is not None
    assert event.connection.tls.sni == "localhost"


@pytest.mark.parametrize(("flag", "alive"), [("-K", True), (None, False)])
def test_apache_bench(flag: str | None, alive: bool, listen: Listen, client_file: Path) -> None:
    """It speaks HTTP/1.0."""
    if shutil.which("ab") is None:
        pytest.skip("ab is not installed")
    listening = listen()
    options = ["-k"] if alive else []
    done = run(
        "ab", "-q", *options, "-n", "40", "-c", "4", "-E", client_file, "-p", SAMPLES / "ios.json",
        "-T", "application/json", f"{listening.ready.url}push",
    )  # fmt: skip
    assert b"Complete requests:      40" in done.stdout, done.stdout + done.stderr
    assert b"Non-2xx" not in done.stdout
    listening.heard.wait(PushReceived, 40)


def test_other_methods_show_up_as_what_they_are(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen()
    done = run(*curl, "-D", "-", f"{listening.ready.url}favicon.ico")
    assert done.stdout.startswith(b"HTTP/1.1 405 Method Not Allowed\r\n")
    assert b"\r\nAllow: POST\r\n" in done.stdout
    assert run(*curl, "-I", listening.ready.url).stdout.startswith(b"HTTP/1.1 405 ")
    assert run(*curl, "-X", "PUT", "-d", "{}", listening.ready.url).returncode == 0
    received = listening.heard.wait(PushReceived, 3)
    assert [one.is_push for one in received] == [False, False, False]
    assert [one.event.method for one in received] == ["GET", "HEAD", "PUT"]
    assert received[2].event.body == b"{}"
    for one in received:
        assert one.event.status == 405
        assert [problem.code for problem in one.event.problems] == ["method_not_allowed"]
    assert (listening.listener.pushes, listening.listener.refused_requests) == (0, 3)


def test_a_body_that_is_not_json(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen()
    assert run(*curl, "--data-binary", "hello {", "-w", "%{http_code}", listening.ready.url).stdout == b"200"
    event = listening.heard.push()
    assert event.service is Service.UNKNOWN
    assert event.problems


@pytest.mark.parametrize("broken", [False, True])
def test_a_compressed_body_is_kept_as_it_came_and_read_all_the_same(
    broken: bool, listen: Listen, curl: tuple[str | Path, ...], tmp_path: Path
) -> None:
    listening = listen()
    body = gzip.compress(IOS)[: -3 if broken else None]
    (tmp_path / "body").write_bytes(body)
    done = run(
        *curl, "-H", "Content-Encoding: gzip", "--data-binary", f"@{tmp_path / 'body'}", listening.ready.url
    )
    assert done.returncode == 0
    event = listening.heard.push()
    assert event.body == body
    assert event.service is (Service.UNKNOWN if broken else Service.APNS)
    codes = [problem.code for problem in event.problems]
    assert codes[:1] == (["undecodable_content"] if broken else [])


@pytest.mark.parametrize("status", [200, 201, 204, 401, 403, 404, 500, 503])
def test_the_answer_asked_for(status: int, listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen(answer=Answer(status=status))
    url = f"{listening.ready.url}[1-2]"
    done = run(*curl, "-d", "{}", "-w", "%{http_code} %{num_connects},", url)
    assert done.stdout == f"{status} 1,{status} 0,".encode()
    assert listening.heard.push().status == status


def test_the_answer_changes_while_it_runs(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen()
    assert run(*curl, "-d", "{}", "-w", "%{http_code}", listening.ready.url).stdout == b"200"
    listening.listener.set_answer(Answer(status=503, fail_first=1))
    done = run(*curl, "-d", "{}", "-w", "%{http_code} ", f"{listening.ready.url}[1-3]")
    assert done.stdout == b"500 503 503 "
    assert [push.event.status for push in listening.heard.wait(PushReceived, 4)] == [200, 500, 503, 503]
    assert listening.listener.config.answer == Answer(status=503, fail_first=1)


def test_a_dropped_push_is_recorded_without_a_status(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen(answer=Answer(drop=True))
    done = run(*curl, "-d", "{}", listening.ready.url)
    assert done.returncode in (52, 56)
    event = listening.heard.push()
    assert event.status is None
    assert event.problems[0].code != "cut_off"
    assert listening.listener.pushes == 1


def test_a_delay_holds_up_nobody_else(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen(answer=Answer(delay_seconds=1.0))
    command = [*map(str, curl), "-d", "{}", "-w", "%{time_total}", listening.ready.url]
    waiting = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(5)]
    # All are in the history long before the first is answered.
    listening.heard.wait(PushReceived, 5)
    times = [float(process.communicate()[0]) for process in waiting]
    assert all(1.0 <= seconds < 5.0 for seconds in times)


def test_basic_instead_of_a_certificate(listen: Listen, ca_file: Path) -> None:
    listening = listen(auth=AuthMode.BASIC, basic_user="u", basic_password="secret")
    curl = ("curl", "-sS", "--cacert", ca_file, "-d", "{}", "-w", "%{http_code} ")
    assert run(*curl, "-u", "u:secret", listening.ready.url).stdout == b"200 "
    assert run(*curl, "-u", "u:wrong", listening.ready.url).stdout == b"401 "
    done = run(*curl, "-D", "-", listening.ready.url)
    assert b"\r\nWWW-Authenticate: Basic realm=" in done.stdout
    pushes = listening.heard.wait(PushReceived, 3)
    assert [push.event.status for push in pushes] == [200, 401, 401]
    assert pushes[1].event.detail == "The push's user or password is wrong."
    assert "secret" not in repr(listening.listener.config)
    assert pushes[0].event.connection is not None
    assert pushes[0].event.connection.trusted is None
    assert pushes[0].event.connection.certificate is None


def test_basic_and_a_certificate(listen: Listen, ca_file: Path, client_file: Path) -> None:
    listening = listen(auth=AuthMode.MTLS_BASIC, basic_user="u", basic_password="secret")
    curl = ("curl", "-sS", "--cacert", ca_file, "-d", "{}", "-w", "%{http_code}", "-u", "u:secret")
    assert run(*curl, "--cert", client_file, listening.ready.url).stdout == b"200"
    assert run(*curl, listening.ready.url).returncode == 56
    assert listening.heard.wait(HandshakeFailed)[0].event.reason == "no_client_certificate"


def test_anybody(listen: Listen, ca_file: Path) -> None:
    listening = listen(auth=AuthMode.NONE)
    done = run("curl", "-sS", "--cacert", ca_file, "-d", "{}", "-w", "%{http_code}", listening.ready.url)
    assert done.stdout == b"200"


def test_events_can_be_read_back(listen: Listen, curl: tuple[str | Path, ...], tmp_path: Path) -> None:
    listening = listen()
    run(*curl, "--data-binary", f"@{SAMPLES / 'fcm.json'}", listening.ready.url)
    identifier = listening.heard.wait(PushReceived)[0].written.id
    with closing(sqlite3.connect(tmp_path / "history.sqlite3")) as database:
        found = database.execute("SELECT kind, status FROM events WHERE id = ?", (identifier,)).fetchall()
    assert found == [("push", 200)]


def test_many_clients_at_once(listen: Listen, pki: Pki, client_context: ClientContext) -> None:
    listening = listen()
    context = client_context(pki.good)
    problems: list[BaseException] = []

    def push(worker: int) -> None:
        try:
            connection = http.client.HTTPSConnection("localhost", listening.ready.port, context=context)
            for number in range(25):
                connection.request("POST", f"/{worker}/{number}", body=IOS)
                assert connection.getresponse().read() == b""
            connection.close()
        except (AssertionError, OSError, http.client.HTTPException) as error:
            problems.append(error)

    threads = [threading.Thread(target=push, args=(worker,)) for worker in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    pushes = listening.heard.wait(PushReceived, 300)
    assert sorted(push.written.id for push in pushes) == list(range(1, 301))
    for worker in range(12):
        mine = [push.event.path for push in pushes if push.event.path.startswith(f"/{worker}/")]
        assert mine == [f"/{worker}/{number}" for number in range(25)]


def test_localhost_and_ipv6(listen: Listen, pki: Pki, client_context: ClientContext) -> None:
    for host in ("localhost", "::1"):
        listening = listen(host=host)
        assert listening.ready.url == f"https://{'[::1]' if host == '::1' else host}:{listening.ready.port}/"
        connection = http.client.HTTPSConnection(host, listening.ready.port, context=client_context(pki.good))
        connection.request("POST", "/", body=b"{}")
        assert connection.getresponse().status == 200
        connection.close()
        event = listening.heard.push()
        assert event.connection is not None
        assert event.connection.peer.startswith("[::1]:" if ":" in host else ("127.0.0.1:", "[::1]:"))


def test_a_client_of_tls_1_2_only_shows_its_version(
    listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen()
    context = client_context(pki.good, ssl.TLSVersion.TLSv1_2)
    connection = http.client.HTTPSConnection("localhost", listening.ready.port, context=context)
    connection.request("POST", "/", body=b"{}")
    assert connection.getresponse().status == 200
    connection.close()
    event = listening.heard.push()
    assert event.connection is not None
    assert event.connection.tls is not None
    assert event.connection.tls.version == "TLSv1.2"
