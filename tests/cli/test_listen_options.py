"""What `listen` can be told besides, tried with curl and openssl: each option at least once."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.describe import fingerprint, pem
from inspector.certificates.export import export_pem
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.vault import Vault
from inspector.home import Home
from inspector.listen_request import ListenRequest
from inspector.listener.rule import Answer, Match, Rule
from inspector.workbench import Workbench
from tests.cli.conftest import PATIENCE, SAMPLES, Line, Listen, Listening, Pems, Run

SECRET = "shared-s3cret"


def post(listening: Listening, pems: Pems, *arguments: str, name: str = "ios") -> tuple[int, str]:
    """One push with curl, as dev-client where no other is named; the status (0 for none) and curl's words."""
    client = () if "--cert" in arguments else ("--cert", str(pems.cert), "--key", str(pems.key))
    command = ["curl", "-sS", "--max-time", "20", "--cacert", str(pems.ca), *client]
    command += ["--data-binary", f"@{SAMPLES / name}.json", "-o", "/dev/null", "-w", "%{http_code}"]
    done = subprocess.run(
        [*command, *arguments, f"{listening.url}push"],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    return int(done.stdout or 0), done.stderr


def end(listening: Listening) -> str:
    """Ends it; returns what it said to people."""
    listening.process.terminate()
    _out, err = listening.process.communicate(timeout=PATIENCE)
    return err.decode()


@pytest.fixture
def vault(home: Home, pems: Pems) -> Vault:
    return Vault(home, use_keyring=False)


@pytest.fixture
def stranger(vault: Vault, tmp_path: Path) -> tuple[str, ...]:
    """Another client of dev-ca, as curl's arguments."""
    made = issue(vault.identity("dev-ca"), "other-client", purposes=("client",))
    export_pem(made, tmp_path, "other", None)
    return ("--cert", str(tmp_path / "otherCrt.pem"), "--key", str(tmp_path / "otherKey.pem"))


def test_only_a_pinned_client_is_let_in(
    listen: Listen, pems: Pems, vault: Vault, stranger: tuple[str, ...]
) -> None:
    hexadecimal = fingerprint(vault.get("dev-client").leaf).upper()
    colons = ":".join(hexadecimal[at : at + 2] for at in range(0, 64, 2))
    listening = listen("--client-fingerprint", colons)
    assert post(listening, pems)[0] == 200
    assert listening.next_line()["event"] == "push"
    assert post(listening, pems, *stranger)[0] == 0
    refused = listening.next_line()
    assert refused["event"] == "handshake_failed"
    assert "other-client" in refused["certificate"]["subject"]


def test_a_pinned_client_needs_no_ca(listen: Listen, pems: Pems, vault: Vault, tmp_path: Path) -> None:
    alone = issue(None, "alone", purposes=("client",))
    export_pem(alone, tmp_path, "alone", None)
    vault.set_trust_clients("dev-ca", False)
    listening = listen("--client-fingerprint", fingerprint(alone.leaf))
    client = ("--cert", str(tmp_path / "aloneCrt.pem"), "--key", str(tmp_path / "aloneKey.pem"))
    assert post(listening, pems, *client) == (200, "")
    assert listening.next_line()["peer"]["trusted"] is True
    assert post(listening, pems)[0] == 0


def test_only_clients_of_a_subject_are_let_in(listen: Listen, pems: Pems, stranger: tuple[str, ...]) -> None:
    listening = listen("--client-subject", "CN=dev-*,O=*")
    assert post(listening, pems)[0] == 200
    assert post(listening, pems, *stranger)[0] == 0
    assert [listening.next_line()["event"] for _ in range(2)] == ["push", "handshake_failed"]


def test_a_revoked_client_is_told_so(listen: Listen, pems: Pems, vault: Vault, tmp_path: Path) -> None:
    ca = vault.identity("dev-ca")
    now = datetime.now(UTC)
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(vault.get("dev-client").leaf.serial_number)
        .revocation_date(now - timedelta(hours=1))
        .build()
    )
    builder = x509.CertificateRevocationListBuilder().issuer_name(ca.leaf.subject)
    builder = builder.last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=1))
    crl = builder.add_revoked_certificate(entry).sign(ca.key, hashes.SHA256())
    (tmp_path / "ca.crl").write_bytes(crl.public_bytes(Encoding.PEM))
    listening = listen("--crl", str(tmp_path / "ca.crl"))
    code, words = post(listening, pems)
    assert code == 0
    assert "revoked" in words
    assert listening.next_line()["reason"] == "revoked"


def test_expected_headers_are_looked_at_and_their_values_kept_from_view(
    listen: Listen, pems: Pems, run_here: Run
) -> None:
    listening = listen(
        "--expect-header",
        "X-Region",
        "--expect-header-env",
        "X-Brand-Key=BRAND_KEY",
        env={"BRAND_KEY": SECRET},
    )
    assert post(listening, pems, "-H", f"X-Brand-Key: {SECRET}", "-H", "X-Region: eu")[0] == 200
    assert post(listening, pems, "-H", "X-Brand-Key: wr0ng-one")[0] == 200
    good, bad = listening.next_line(), listening.next_line()
    assert good["problems"] == []
    assert len(bad["problems"]) == 2
    texts = " ".join(problem["message"] for problem in bad["problems"])
    assert "X-Region" in texts
    assert "X-Brand-Key" in texts
    for one in (good, bad):
        shown = run_here("history", "show", str(one["id"]))
        as_json = run_here("history", "show", str(one["id"]), "--json")
        for text in (json.dumps(one), shown.text, as_json.text):
            assert SECRET not in text
            assert "wr0ng" not in text
    assert SECRET in run_here("history", "show", str(good["id"]), "--reveal").text
    assert SECRET not in end(listening)


def test_rules_choose_the_answer(listen: Listen, pems: Pems, tmp_path: Path, run_here: Run) -> None:
    rules = [
        {"name": "No huawei", "match": {"service": "huawei"}, "answer": {"status": 403, "body": "no"}},
        {"name": "Off", "enabled": False, "answer": {"status": 599}},
    ]
    (tmp_path / "rules.json").write_text(json.dumps(rules))
    listening = listen("--rules", str(tmp_path / "rules.json"), "--respond", "201")
    assert [post(listening, pems, name=name)[0] for name in ("huawei", "ios")] == [403, 201]
    lines = [listening.next_line() for _ in range(2)]
    assert [line["rule"] for line in lines] == ["No huawei", None]
    assert "No huawei" in run_here("history", "show", str(lines[0]["id"])).text
    assert "chosen by 1 rule: No huawei" in end(listening)


def test_the_profile_is_how_the_window_listens(listen: Listen, pems: Pems, home: Home) -> None:
    Workbench(home, use_keyring=False).save_profile(
        ListenRequest(
            status=403,
            auth="basic",
            basic_user="u",
            basic_password="p4ss",
            rules=(Rule("Saved", Match(service="fcm"), Answer(500)),),
        )
    )
    listening = listen("--profile")
    assert [post(listening, pems, "-u", "u:p4ss", name=name)[0] for name in ("ios", "fcm")] == [403, 500]
    assert post(listening, pems, "-u", "u:wrong")[0] == 401
    end(listening)
    listening = listen("--profile", "--respond", "202", "--auth", "mtls")
    assert [post(listening, pems, name=name)[0] for name in ("ios", "fcm")] == [202, 500]


def test_tls_keys_are_logged_and_said(listen: Listen, pems: Pems, tmp_path: Path) -> None:
    listening = listen("--key-log", str(tmp_path / "keys.log"))
    assert post(listening, pems)[0] == 200
    assert f"TLS keys are being written to {tmp_path / 'keys.log'}" in end(listening)
    assert "CLIENT_TRAFFIC_SECRET_0 " in (tmp_path / "keys.log").read_text()


def test_pushes_are_passed_on_and_the_answer_comes_back(listen: Listen, pems: Pems, run_here: Run) -> None:
    """The upstream is another listener, which asks for a certificate of its own."""
    upstream = listen("--respond", "503", elsewhere=True)
    front = listen(
        *(
            "--forward",
            f"{upstream.url}hook",
            "--forward-identity",
            "dev-client",
            "--forward-ca",
            str(pems.ca),
        ),
    )
    assert post(front, pems)[0] == 503
    pushed, answered = front.next_line(), front.next_line()
    assert (pushed["event"], pushed["status"]) == ("push", None)
    assert (answered["event"], answered["id"], answered["status"]) == ("answered", pushed["id"], 503)
    assert answered["forwarded"]["url"] == f"{upstream.url}hook"
    assert (answered["forwarded"]["status"], answered["forwarded"]["reason"]) == (503, None)
    assert answered["forwarded"]["milliseconds"] > 0
    there = upstream.next_line()
    assert (there["path"], there["size"]) == ("/hook", (SAMPLES / "ios.json").stat().st_size)
    shown = run_here("history", "show", str(pushed["id"])).text
    assert re.search(r"Answer +503 in \d+ ms", shown)
    line: Line = run_here("history", "show", str(pushed["id"]), "--json").lines[0]
    assert line["status"] == 503
    assert line["forwarded"]["status"] == 503
    assert f"Every push is passed on to {upstream.url}hook; its answer is returned." in end(front)


def test_an_upstream_may_only_be_recorded(listen: Listen, pems: Pems) -> None:
    upstream = listen("--auth", "none", "--respond", "500", elsewhere=True)
    front = listen(
        "--forward", upstream.url, "--forward-insecure", "--forward-only-record", "--respond", "202"
    )
    assert post(front, pems)[0] == 202
    lines = [front.next_line() for _ in range(2)]
    assert lines[0]["status"] == 202
    assert lines[1]["event"] == "answered"
    assert (lines[1]["status"], lines[1]["forwarded"]["status"]) == (202, 500)
    said = end(front)
    assert "its answer is only kept, its certificate is not checked" in said


def test_an_upstream_that_is_down_is_a_502(listen: Listen, pems: Pems, run_here: Run) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        front = listen("--forward", f"https://127.0.0.1:{port}/", "--forward-timeout", "5")
        assert post(front, pems)[0] == 502
    pushed, answered = front.next_line(), front.next_line()
    assert answered["status"] == 502
    assert answered["forwarded"]["status"] is None
    assert answered["forwarded"]["reason"]
    shown = run_here("history", "show", str(pushed["id"])).text
    assert "What to do" in shown


def test_a_delay_of_more_than_a_day_is_refused_in_milliseconds(run_here: Run) -> None:
    done = run_here("listen", "--delay", "86400001")
    assert (done.code, done.out) == (2, b"")
    assert "86400001 is not in the range 0<=x<=86400000" in done.err


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]"])
def test_nothing_is_passed_on_to_ourselves(run_here: Run, pems: Pems, host: str) -> None:
    done = run_here("listen", "--port", "18443", "--for", "5", "--forward", f"https://{host}:18443/")
    assert (done.code, done.out) == (2, b"")
    assert "this listener itself" in done.err


def test_a_client_behind_a_load_balancer_has_its_own_address(listen: Listen, pems: Pems) -> None:
    listening = listen("--proxy-protocol-from", "127.0.0.0/8")
    context = ssl.create_default_context(cafile=pems.ca)
    context.load_cert_chain(pems.cert, pems.key)
    with socket.create_connection(("127.0.0.1", listening.port), timeout=PATIENCE) as plain:
        plain.sendall(b"PROXY TCP4 203.0.113.9 127.0.0.1 4711 8443\r\n")
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
            assert secure.recv(100).startswith(b"HTTP/1.1 200")
    line = listening.next_line()
    assert line["peer"]["address"] == "203.0.113.9:4711"
    assert line["via"].startswith("127.0.0.1:")
    assert post(listening, pems, "--haproxy-protocol")[0] == 200
    assert listening.next_line()["via"].startswith("127.0.0.1:")


def test_the_certificate_may_come_in_a_header(listen: Listen, pems: Pems, run_here: Run) -> None:
    listening = listen("--certificate-header", "X-Client-Cert")
    assert listening.url.startswith("http://")
    escaped = quote(
        pems.cert.read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    )
    assert post(listening, pems, "-H", f"X-Client-Cert: {escaped}")[0] == 200
    line = listening.next_line()
    assert "dev-client" in line["peer"]["subject"]
    assert line["peer"]["trusted"] is True
    assert post(listening, pems)[0] == 403
    identifier = str(listening.next_line()["id"])
    assert "Plain HTTP" in end(listening)
    assert "no, and turned away" in run_here("history", "show", identifier).text


def test_what_is_unusual_is_said_at_the_start(listen: Listen, pems: Pems) -> None:
    listening = listen("--host", "0.0.0.0", "--lenient", "--expect-header", "X-A: b c")
    said = end(listening)
    assert "Other machines can reach this listener" in said
    assert "Lenient" in said
    assert "characters that LivePerson does not take" in said
    assert "b c" not in said
    assert "Anybody is let in" in end(listen("--auth", "none"))
    assert end(listen()).splitlines()[0].startswith("Listening on")


def test_people_read_it_at_a_terminal(pems: Pems, home: Home, tmp_path: Path) -> None:
    """The same run on a terminal tells of retries, rules, and clients that were turned away, in words."""
    pty = pytest.importorskip("pty")
    rules = [{"name": "Busy", "answer": {"status": 503}, "first": 2}]
    (tmp_path / "rules.json").write_text(json.dumps(rules))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", "listen", "--port", "0", "--rules", str(tmp_path / "rules.json")],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PUSH_INSPECTOR_HOME": str(home.data)},
    )
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        said = b""
        while b"\n" not in said:
            said += terminal.read(4096)
        found = re.search(r"https://127\.0\.0\.1:(\d+)/", said.decode())
        assert found
        listening = Listening(process, {"url": found[0], "port": int(found[1])})
        assert [post(listening, pems)[0] for _ in range(3)] == [503, 503, 200]
        for _ in range(2):
            post(listening, pems, "--cert", str(pems.cert), "--key", str(pems.key), "--tls-max", "1.1")
        process.terminate()
        try:
            while more := terminal.read(4096):
                said += more
        except OSError:  # Linux says EIO when the other end of a terminal is closed
            pass
    process.wait(timeout=PATIENCE)
    lines = said.decode().splitlines()
    assert "rule Busy" in lines[1]
    assert re.search(r"attempt 2, [\d.]+ m?s after  rule Busy  ", lines[2])
    assert re.search(r"attempt 3, [\d.]+ m?s after  My Test", lines[3])
    assert "protocol_version" in lines[4]
    assert re.search(r"×2, since \d{4}-", said.decode())
    assert lines[-1] == "Stopped: 3 pushes, 2 turned away."


def test_what_it_was_told_is_read_anew_without_a_gap(
    listen: Listen, pems: Pems, vault: Vault, tmp_path: Path
) -> None:
    """A CA and rules come while it listens: the port stays open, and a bad file changes nothing."""
    theirs = issue(make_ca("Their CA"), "theirs", purposes=("client",))
    export_pem(theirs, tmp_path, "theirs", None)
    client = ("--cert", str(tmp_path / "theirsCrt.pem"), "--key", str(tmp_path / "theirsKey.pem"))
    rules = tmp_path / "rules.json"
    rules.write_text("[]")
    listening = listen("--rules", str(rules))
    assert post(listening, pems, *client)[0] == 0
    vault.add("their-ca", theirs.chain[1:], trust_clients=True)
    rules.write_text('[{"name": "New", "answer": {"status": 202}}]')
    said = read_anew(listening)
    assert said == "Read vault, profile and files anew."
    assert post(listening, pems, *client)[0] == 202
    rules.write_text("[{}]")
    assert "Rule 1" in read_anew(listening, "All stays as it was.")
    assert post(listening, pems, *client)[0] == 202


def read_anew(listening: Listening, until: str = "Read vault") -> str:
    """Has it read all anew; returns what it says of it."""
    listening.process.send_signal(signal.SIGHUP)
    assert listening.process.stderr is not None
    for raw in listening.process.stderr:
        line = raw.decode().strip()
        if line.startswith(until):
            return line
    raise AssertionError("it has ended")


def test_attempts_have_their_gap(listen: Listen, pems: Pems, run_here: Run) -> None:
    listening = listen("--respond", "503")
    for _ in range(2):
        post(listening, pems)
    first, second = listening.next_line(), listening.next_line()
    assert (first["attempt"], first["gap_seconds"]) == (1, None)
    assert second["attempt"] == 2
    assert 0 <= second["gap_seconds"] < PATIENCE
    assert re.search(r"2, \+[\d.]+ m?s", run_here("history", "list").text)
    assert re.search(r"Attempt +2, [\d.]+ m?s after", run_here("history", "show", str(second["id"])).text)


def test_what_a_client_offered_is_kept(listen: Listen, pems: Pems, run_here: Run) -> None:
    listening = listen()
    assert post(listening, pems, "--tls-max", "1.2")[0] == 200
    line = listening.next_line()
    assert set(line["tls"]) == {"version", "cipher", "sni", "alpn"}, (
        "it would be four times the rest of the line"
    )
    tls = json.loads(run_here("history", "show", str(line["id"]), "--json").text)["tls"]
    assert {name: tls[name] for name in line["tls"]} == line["tls"]
    assert tls["version"] == "TLSv1.2"
    assert tls["offer"]["versions"] == ["TLSv1.2"]
    assert tls["cipher"] == "ECDHE-ECDSA-AES256-GCM-SHA384"
    assert "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" in tls["offer"]["ciphers"]
    assert "http/1.1" in tls["offer"]["alpn"]
    assert tls["alpn"] == "http/1.1"
    assert any("dev-ca" in name for name in tls["asked_for"])


def test_a_refusal_tells_all_of_it(listen: Listen, pems: Pems, run_here: Run, tmp_path: Path) -> None:
    """The chain is there to be saved and taken."""
    root = make_ca("Their Root")
    client = issue(make_ca("Their CA", issuer=root), "theirs", purposes=("client",))
    export_pem(client, tmp_path, "theirs", None)
    theirs = ("--cert", str(tmp_path / "theirsCrt.pem"), "--key", str(tmp_path / "theirsKey.pem"))
    listening = listen()
    for _ in range(2):
        assert post(listening, pems, *theirs)[0] == 0
    first, again = listening.next_line(), listening.next_line()
    assert (first["count"], again["count"]) == (1, 2)
    assert again["first_at"] == first["at"] == first["last_at"]
    assert again["last_at"] == again["at"] > first["at"]
    assert set(first["advice_parts"]) == {"happened", "cause", "remedy"}
    assert first["advice"].startswith(first["advice_parts"]["happened"])
    assert first["tls"]["alert_sent"] == "unknown_ca"
    assert first["tls"]["offer"]["versions"]
    assert first["certificate"]["fingerprint_sha256"] == fingerprint(client.leaf)
    assert first["certificate"]["chain"][0] == first["certificate"]["subject"]
    assert any("Their CA" in subject for subject in first["certificate"]["chain"])
    identifier = str(first["id"])
    shown = run_here("history", "show", identifier).text
    for words in (
        "What happened",
        "What to do",
        "Alert sent",
        "unknown_ca",
        "Offered",
        "CAs asked for",
    ):
        assert words in shown
    line: Line = run_here("history", "show", identifier, "--json").lines[0]
    assert (line["count"], line["first_at"], line["last_at"]) == (2, first["at"], again["at"])
    assert re.search(
        r"unknown_issuer · ×2, last \d\d:\d\d:\d\d · CN=theirs", run_here("history", "list").text
    )
    chain = run_here("history", "show", identifier, "--chain")
    assert chain.text.startswith(pem(client.leaf))
    (tmp_path / "chain.pem").write_bytes(chain.out)
    assert run_here("certs", "check", str(tmp_path / "chain.pem"), "--client", "--json").lines[0]["name"]
    (tmp_path / "root.pem").write_text(pem(root.leaf))
    end(listening)
    listening = listen("--client-ca", str(tmp_path / "root.pem"))
    assert post(listening, pems, *theirs)[0] == 200


def test_there_is_no_chain_where_none_was_shown(listen: Listen, pems: Pems, run_here: Run) -> None:
    listening = listen("--auth", "none")
    post(listening, pems, "-k", "--cert", "", "--key", "")
    done = run_here("history", "show", str(listening.next_line()["id"]), "--chain")
    assert done.code == 2
    assert "presented no certificate" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--client-fingerprint", "12:34"), "no SHA-256 fingerprint: it has 4 hex digits"),
        (("--client-subject", "mybrand"), "can't be a certificate's subject"),
        (("--crl", "nowhere.crl"), "nowhere.crl"),
        (("--expect-header", "no header"), "can't be the name of a header"),
        (("--expect-header", ": v"), "can't be the name of a header"),
        (("--expect-header", "X-A", "--expect-header", "x-a: b"), "expected twice"),
        (("--expect-header-env", "X-A"), "names no header and variable"),
        (("--expect-header-env", "X-A=NOT_SET_ANYWHERE"), "NOT_SET_ANYWHERE, which is not set"),
        (("--rules", "nowhere.json"), "Can't read nowhere.json"),
        (("--proxy-protocol-from", "10.1.2.3/8"), "an address within a network"),
        (("--proxy-protocol-from", "everybody"), "no address and no network"),
        (("--certificate-header", "X Cert"), "can't be the name of a header"),
        (("--forward-identity", "dev-client"), "--forward-identity goes with an upstream"),
        (("--forward-insecure",), "--forward-insecure goes with an upstream"),
        (("--forward-only-record",), "goes with an upstream"),
        (("--forward-ca", "x.pem"), "--forward-ca goes with an upstream"),
        (("--forward", "https://u:s3cret@h/"), "has a user in it"),
        (("--forward", "ftp://h/"), "not to ftp"),
        (("--forward", "https://h/", "--forward-identity", "nobody"), "nobody"),
        (("--forward", "https://h/", "--forward-ca", "nowhere.pem"), "nowhere.pem"),
        (("--key-log", "nowhere/keys.log"), "keys.log: No such file"),
        (("--certificate-header", "X-Cert", "--host", "0.0.0.0"), "0.0.0.0"),
        (("--host", "nowhere.invalid", "--lenient"), "nowhere.invalid can't be resolved"),
        (("--auth", "basic", "--client-subject", "CN=*"), "so --client-subject has no effect"),
        (("--auth", "none", "--crl", "x"), "so --crl has no effect"),
        (("--forward-timeout", "nan"), "no number of seconds"),
        (("--respond", "199"), "199"),
        (("--server-identity", "nobody"), "nobody"),
    ],
)
def test_bad_input_is_one_clear_line(
    run_here: Run, pems: Pems, arguments: tuple[str, ...], said: str
) -> None:
    done = run_here("listen", "--port", "0", "--for", "5", *arguments)
    assert done.code == 2
    assert said in done.err
    assert done.out == b""
    assert "s3cret" not in done.err
    assert 1 <= len(done.err.strip().splitlines()) <= 2
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not JSON"),
        (b"{}", "a list was expected"),
        (b'[{"match": {}}]', "Rule 1"),
        (b'[{"name": "x", "answer": {"status": 99}}]', "Rule 1"),
        (b"\xff\xfe", "no text in UTF-8"),
    ],
)
def test_bad_rules_are_named_with_their_file(
    run_here: Run, pems: Pems, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "rules.json"
    path.write_bytes(content)
    done = run_here("listen", "--port", "0", "--for", "5", "--rules", str(path))
    assert (done.code, done.out) == (2, b"")
    assert str(path) in done.err
    assert said in done.err


def test_a_damaged_profile_is_said_and_left(run_here: Run, pems: Pems, home: Home) -> None:
    home.profile_file.write_text("{")
    done = run_here("listen", "--port", "0", "--for", "5", "--profile")
    assert done.code == 4
    assert str(home.profile_file) in done.err
    assert home.profile_file.read_text() == "{"


def test_the_help_is_in_groups_and_fits(run_here: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run_here("listen", "--help").text.splitlines()
    assert max(map(len, lines)) <= 80
    titles = [line for line in lines if re.fullmatch(r"[A-Z][A-Za-z ]+:", line)]
    assert titles == [
        "Where to listen:",
        "Whom to let in:",
        "What to answer:",
        "Pass pushes on:",
        "Behind a load balancer or tunnel:",
        "Limits:",
        "This run:",
        "General:",
    ]


def test_the_shell_completes_options_and_identities(run: Run, pems: Pems) -> None:
    def complete(words: str) -> list[str]:
        done = run(
            env={
                "_PUSH_INSPECTOR_COMPLETE": "bash_complete",
                "COMP_WORDS": f"push-inspector {words}",
                "COMP_CWORD": str(len(words.split(" "))),
            }
        )
        return [line.partition(",")[2] for line in done.text.splitlines()]

    assert "--forward-ca" in complete("listen --forw")
    assert complete("listen --server-identity dev-s") == ["dev-server"]
    assert complete("listen --auth mtls+") == ["mtls+basic"]
