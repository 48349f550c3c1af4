"""`certs create-…`, `csr`, `complete`, `renew`, `sign`, `handover`, `snippet`."""

from __future__ import annotations

import hashlib
import json
import ssl
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Listen, Listening, Pems, Run


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_chain_of_ones_own(run_here: Run, pems: Pems) -> None:
    assert run_here("certs", "create-ca", "mid", "--under", "dev-ca", "--days", "100").code == 0
    made = run_here(
        "certs",
        "create-server",
        "srv",
        "--ca",
        "mid",
        "--san",
        "a.example",
        "--key-type",
        "rsa-2048",
        "--json",
    )
    assert made.code == 0, made.err
    (line,) = made.lines
    assert (line["name"], line["key"], line["names"]) == ("srv", "RSA 2048", ["a.example"])
    assert run_here("certs", "check", "srv", "--server").code == 0
    assert run_here("certs", "create-client", "cli", "--ca", "mid", "--days", "3650").code == 0
    (shown,) = run_here("certs", "show", "cli", "--json").lines
    assert len(shown["chain"]) == 3
    again = run_here("certs", "create-client", "cli")
    assert (again.code, "already has cli" in again.err) == (2, True)
    assert run_here("certs", "create-client", "cli", "--replace").code == 0
    assert run_here("certs", "create-client", "other", "--ca", "dev-client").code == 2


def test_a_request_there_and_back(run_here: Run, pems: Pems, tmp_path: Path) -> None:
    done = run_here("certs", "csr", "brand", "--out", "brand.csr")
    assert done.code == 0, done.err
    subprocess.run(
        ["openssl", "req", "-in", "brand.csr", "-verify", "-noout"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert "brand waits for its certificate" in run_here("certs", "list").err
    assert run_here("certs", "csr", "brand").code == 2
    assert run_here("certs", "csr", "brand", "--again").text == Path("brand.csr").read_text()
    assert run_here("certs", "sign", "brand.csr", "--out", "brand.pem").code == 0
    refused = run_here("certs", "sign", "brand.csr", "--out", "brand.pem")
    assert (refused.code, "exists already" in refused.err) == (2, True)
    pasted = run_here("certs", "sign", "-", stdin=Path("brand.csr").read_bytes())
    assert pasted.text.startswith("-----BEGIN CERTIFICATE-----")
    assert run_here("certs", "sign", "-", stdin=b"").code == 2
    assert (
        run_here("certs", "complete", "brand", "-", "--json", stdin=Path("brand.pem").read_bytes()).code == 0
    )
    assert run_here("certs", "check", "brand", "--client").code == 0
    assert "waits" not in run_here("certs", "list").err


def test_a_request_that_can_not_be_written_is_not_made(run_here: Run, pems: Pems) -> None:
    Path("there.csr").touch()
    for path, said in (("there.csr", "exists already"), ("no/such.csr", "There is no folder no.")):
        done = run_here("certs", "csr", "brand", "--out", path)
        assert (done.code, said in done.err) == (2, True)
    assert "brand" not in run_here("certs", "list").err
    taken = run_here("certs", "csr", "dev-client").err
    assert "certs renew dev-client" in taken
    assert "--replace" not in taken
    run_here("certs", "csr", "brand")
    assert "certs csr brand --again" in run_here("certs", "csr", "brand").err


def test_how_long_what_is_made_lasts(run_here: Run, pems: Pems) -> None:
    for days in ("0", "99999999"):
        assert run_here("certs", "create-client", "cli", "--days", days).code == 2
    assert run_here("certs", "create-client", "cli", "--days", "36500").code == 0
    ends = {
        name: run_here("certs", "show", name, "--json").lines[0]["not_after"] for name in ("cli", "dev-ca")
    }
    assert ends["cli"] == ends["dev-ca"]  # nobody takes it when its CA is over


def test_a_request_is_deleted(run_here: Run, pems: Pems) -> None:
    run_here("certs", "csr", "brand")
    assert run_here("certs", "delete", "brand").code == 2
    assert run_here("certs", "delete", "brand", "--yes").code == 0
    assert run_here("certs", "csr", "brand", "--again").code == 2


def test_renewing(run_here: Run, pems: Pems) -> None:
    (before,) = run_here("certs", "show", "dev-client", "--json").lines
    (line,) = run_here("certs", "renew", "dev-client", "--new-key", "--json").lines
    assert line["renewed"] is True
    (after,) = run_here("certs", "show", "dev-client", "--json").lines
    assert after["serial"] == line["serial"] != before["serial"]
    refused = run_here("certs", "renew", "dev-ca", "--new-key")
    assert (refused.code, "dev-ca is a CA" in refused.err) == (2, True)


def test_a_handover(run_here: Run, pems: Pems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_PASSWORD", "hand over")
    done = run_here(
        "certs", "handover", "dev-client", "--dir", "out", "--encrypt-env", "KEY_PASSWORD", "--json"
    )
    assert done.code == 0, done.err
    (line,) = done.lines
    files = line["files"]
    assert isinstance(files, list)
    assert line["encrypted"] is True
    assert {Path(one["path"]).name for one in files} == {path.name for path in Path("out").iterdir()}
    key = Path("out/mybrandpushKey.pem")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in key.read_bytes()
    assert "hand over" not in json.dumps(line)


@pytest.mark.parametrize("server", ["nginx", "envoy", "apache", "spring-boot", "node", "go"])
def test_snippets(run_here: Run, pems: Pems, server: str) -> None:
    done = run_here("certs", "snippet", "dev-client", "--for", server, "--name-prefix", "brand")
    assert done.code == 0, done.err
    assert "brandCA.pem" in done.text or "brandTrust.p12" in done.text


def test_a_renewed_certificate_is_shown_by_a_listener_that_runs(
    run_here: Run, listen: Listen, pems: Pems
) -> None:
    """By another process, and without its port being closed."""
    listening = listen()
    before = _shown_by(listening)
    assert run_here("certs", "renew", "dev-server").code == 0
    assert listening.process.stderr is not None
    for raw in listening.process.stderr:
        if raw.startswith(b"Read vault"):
            break
    after = _shown_by(listening)
    (entry,) = run_here("certs", "show", "dev-server", "--json").lines
    assert before != after == entry["fingerprint_sha256"]


def _shown_by(listening: Listening) -> str:
    """The SHA-256 fingerprint of the certificate that a listener shows."""
    host, port = str(listening.ready["host"]), int(listening.ready["port"])
    cert = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((host, port), timeout=30))
    return hashlib.sha256(cert).hexdigest()
