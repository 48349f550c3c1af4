"""What people read after a send."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inspector.certificates.mint import DevIdentities
from inspector.history.model import Timings
from inspector.sender.model import SendResult, Trust
from inspector.sender.send import send
from inspector.sender.words import explain, phases, tls_facts

BODY = b"{}"
ROOT = Path(__file__).parents[2]


def told(result: SendResult) -> str:
    lines = explain(result)
    assert all(line and "\n" not in line for line in lines)
    return "\n".join(lines)


def test_an_accepted_push(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    result = send(target_for(nginx.required, dev.client, basic_user="u", basic_password="s3cret"), BODY)
    first, second, third, fourth = explain(result)
    assert first == "200: accepted"
    number = r"\d+\.\d ms"
    phases_seen = ("resolve", "connect", "TLS", "send", "wait", "read", "total")
    pattern = " · ".join(f"{phase} {number}" for phase in phases_seen)
    assert re.fullmatch(pattern, second)
    assert third.startswith(
        "TLSv1.3 · TLS_AES_256_GCM_SHA384 · ALPN http/1.1 · SNI localhost · server CN=dev-server"
    )
    assert "(trusted), until " in third
    assert (
        fourth
        == "The server asked for a client certificate; ours was sent. It takes those from CN=dev-ca,O=Push Inspector."
    )
    assert "s3cret" not in told(result)


@pytest.mark.parametrize(
    ("status", "words"), [(401, "final"), (403, "final"), (500, "sent again"), (503, "sent again")]
)
def test_what_a_status_means_to_the_pusher(nginx: Any, target_for: Any, status: int, words: str) -> None:
    first = explain(send(target_for(nginx.none, path=f"/{status}"), BODY))[0]
    assert first.startswith(f"{status}: ")
    assert words in first


def test_what_nginx_means_by_400(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    missing = told(send(target_for(nginx.required), BODY))
    assert "nginx wants a client certificate and got none" in missing
    assert "not by a TLS alert" in missing
    plain = told(send(target_for(nginx.none, scheme="http"), BODY))
    assert "write https://" in plain
    wrong = told(send(target_for(nginx.required, dev.server), BODY))
    assert "nginx refused our client certificate" in wrong


def test_a_failure_and_what_to_do(target_for: Any, nginx: Any) -> None:
    text = told(send(target_for(nginx.none, trust=Trust(system=False)), BODY))
    assert "not trusted here" in text
    assert "--ca FILE" in text
    assert "(not trusted)" in text


def test_an_answer_that_was_cut(serve: Any, target_for: Any) -> None:
    def pour(sock: Any) -> None:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000_000)

    text = told(send(target_for(serve(pour), scheme="http"), BODY))
    assert "longer than the 1,048,576 bytes" in text


def test_no_tls_no_line(nginx: Any, target_for: Any) -> None:
    result = send(target_for(nginx.plain, scheme="http"), BODY)
    assert tls_facts(result) == ""
    assert len(explain(result)) == 2


def test_phases() -> None:
    assert phases(Timings()) == ""
    assert phases(Timings(total=3.0)) == ""
    assert phases(Timings(wait=0.84, total=0.9)) == "wait 0.8 ms · total 0.9 ms"
    assert phases(Timings(tls=1234.5, wait=0.0)) == "TLS 1.23 s · wait 0.0 ms"


def test_what_starts_with_the_program_loads_no_client() -> None:
    names = ["model", "target", "headers", "cancel", "words", "retry", "run", "record"]
    program = (
        f"import {', '.join(f'inspector.sender.{name}' for name in names)}; import sys; print(*sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    loaded = {module.partition(".")[0] for module in run.stdout.split()}
    assert not loaded & {"httpx", "httpcore", "h11", "truststore", "idna", "asyncio", "PySide6"}
