"""The key log: what the client's own says of the same connection, and a file that nobody else reads."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from inspector.errors import UsageError
from inspector.listener.key_log import KeyLog
from tests.listener.conftest import ClientContext, Listen, PemFile, run, wait_until
from tests.listener.pki import Pki

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")


@pytest.mark.parametrize(
    ("version", "labels"),
    [
        ("tls1_2", {"CLIENT_RANDOM"}),
        (
            "tls1_3",
            {
                "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
                "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                "CLIENT_TRAFFIC_SECRET_0",
                "SERVER_TRAFFIC_SECRET_0",
                "EXPORTER_SECRET",
            },
        ),
    ],
)
@pytest.mark.parametrize("lenient", [False, True])
def test_says_what_the_client_s_own_says(
    version: str, labels: set[str], lenient: bool, listen: Listen, pki: Pki, pem_file: PemFile, tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "ours.log", tmp_path / "theirs.log"
    listening = listen(key_log=ours, lenient=lenient)
    assert ours.read_bytes() == b""
    done = run(
        "openssl", "s_client", "-connect", listening.connect, f"-{version}", "-keylogfile", theirs,
        "-cert", pem_file(pki.good), stdin=b"Q\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    wanted = {line for line in theirs.read_text().splitlines() if not line.startswith("#")}
    assert {line.split()[0] for line in wanted} == labels
    wait_until(lambda: set(ours.read_text().splitlines()) >= wanted)
    assert set(ours.read_text().splitlines()) == wanted
    assert all(len(line.split()) == 3 for line in ours.read_text().splitlines())


def test_is_appended_to_and_kept_when_the_identity_is_swapped(
    listen: Listen, pki: Pki, client_context: ClientContext, tmp_path: Path
) -> None:
    path = tmp_path / "keys.log"
    path.write_text("# mine\n")
    listening = listen(key_log=path)
    for number in (1, 2):
        with (
            socket.create_connection(listening.address) as plain,
            client_context(pki.good, ssl.TLSVersion.TLSv1_2).wrap_socket(plain, server_hostname="localhost"),
        ):
            pass
        wait_until(lambda wanted=number: path.read_text().count("CLIENT_RANDOM") == wanted)  # type: ignore[misc]
        listening.listener.reconfigure(listening.listener.config)
    assert path.read_text().startswith("# mine\n")


def test_the_environment_alone_does_nothing(
    listen: Listen, pki: Pki, client_context: ClientContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys.log"
    context = client_context(pki.good)
    monkeypatch.setenv("SSLKEYLOGFILE", str(path))
    listening = listen()
    with (
        socket.create_connection(listening.address) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert tls.recv(100).startswith(b"HTTP/1.1 200")
    assert not path.exists()


@POSIX
def test_nobody_else_reads_it(tmp_path: Path) -> None:
    for path, before in ((tmp_path / "new", None), (tmp_path / "open", 0o644)):
        if before is not None:
            path.touch()
            path.chmod(before)
        log = KeyLog(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        log.write(b"CLIENT_RANDOM 00 11")
        assert path.read_bytes() == b"CLIENT_RANDOM 00 11\n"


@POSIX
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("link", "it is a link to another place"),
        ("dangling", "it is a link to another place"),
        ("folder", "directory"),
        ("pipe", "No such device"),
        ("device", "it is no plain file"),
        ("missing folder", "No such file"),
        ("nul", "null"),
    ],
)
def test_what_is_no_file_of_ours(kind: str, words: str, tmp_path: Path) -> None:
    path, target = tmp_path / "log", tmp_path / "target"
    match kind:
        case "link":
            target.touch()
            path.symlink_to(target)
        case "dangling":
            path.symlink_to(target)
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "device":
            path = Path("/dev/null")
        case "missing folder":
            path = tmp_path / "not" / "there"
        case "nul":
            path = tmp_path / "a\0b"
    with pytest.raises(UsageError) as caught:
        KeyLog(path)
    assert words in caught.value.message
    assert caught.value.next_step
    assert "\n" not in caught.value.message
    assert not (kind == "dangling" and target.exists())


def test_a_listener_with_such_a_file_does_not_start(listen: Listen, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="TLS secrets can't be written"):
        listen(key_log=tmp_path)


@POSIX
def test_a_full_disk_breaks_no_connection(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = KeyLog(tmp_path / "keys.log")
    full = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(log, "_file", full)
    with caplog.at_level(logging.WARNING):
        log.write(b"one")
        log.write(b"two")
    os.close(full)
    assert len(caplog.records) == 1
    assert "written no further" in caplog.text


def test_is_closed_with_its_last_owner(tmp_path: Path) -> None:
    log = KeyLog(tmp_path / "keys.log")
    file = log._file
    assert file is not None
    del log
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)


@pytest.mark.skipif(shutil.which("tshark") is None, reason="needs tshark")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_wireshark_reads_the_push(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext, tmp_path: Path
) -> None:
    """The bytes of one connection, put into a capture file by hand: capturing needs rights that tests lack."""
    path = tmp_path / "keys.log"
    listening = listen(key_log=path)
    heard: list[tuple[bool, bytes]] = []
    with socket.create_server(("127.0.0.1", 0)) as between:
        relay = threading.Thread(target=pass_on, args=(between, listening.address, heard))
        relay.start()
        with (
            socket.create_connection(between.getsockname()) as plain,
            client_context(pki.good, version).wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            tls.sendall(b"POST /secret-path HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
            assert tls.recv(100).startswith(b"HTTP/1.1 200")
        relay.join()
    capture = tmp_path / "capture.pcap"
    capture.write_bytes(as_capture(heard))
    done = subprocess.run(
        ["tshark", "-r", str(capture), "-o", f"tls.keylog_file:{path}", "-d", "tcp.port==8443,tls", "-Y", "http",
         "-T", "fields", "-e", "http.request.uri", "-e", "http.response.code"],
        capture_output=True, timeout=60,
    )  # fmt: skip
    assert b"/secret-path" in done.stdout, done.stderr
    assert b"200" in done.stdout


def pass_on(between: socket.socket, address: tuple[str, int], heard: list[tuple[bool, bytes]]) -> None:
    """One connection to the listener and back; what was said by whom."""
    client, _ = between.accept()
    with client, socket.create_connection(address) as server:
        lock = threading.Lock()

        def carry(source: socket.socket, target: socket.socket, *, ours: bool) -> None:
            while data := source.recv(65536):
                with lock:
                    heard.append((ours, data))
                    target.sendall(data)
            with suppress(OSError):  # it is gone already
                target.shutdown(socket.SHUT_WR)

        back = threading.Thread(target=carry, args=(server, client), kwargs={"ours": True})
        back.start()
        carry(client, server, ours=False)
        back.join()


def as_capture(heard: list[tuple[bool, bytes]]) -> bytes:
    """A pcap file of raw IPv4 packets."""
    at = {False: 1, True: 1}
    packets = []
    for ours, data in heard:
        for start in range(0, len(data), 1400):
            piece = data[start : start + 1400]
            ports = (8443, 40000) if ours else (40000, 8443)
            tcp = b"".join(port.to_bytes(2, "big") for port in ports)
            tcp += at[ours].to_bytes(4, "big") + at[not ours].to_bytes(4, "big") + b"\x50\x18\xff\xff\0\0\0\0"
            at[ours] += len(piece)
            size = 40 + len(piece)
            ip = b"\x45\0" + size.to_bytes(2, "big") + bytes(4) + b"\x40\x06\0\0\x7f\0\0\x01\x7f\0\0\x01"
            packets.append(ip + tcp + piece)
    head = bytes.fromhex("a1b2c3d4 0002 0004 00000000 00000000 00040000 00000065")
    return head + b"".join(bytes(8) + 2 * len(packet).to_bytes(4, "big") + packet for packet in packets)
