"""What is handed over, tried with the programs it is for where they are there: nginx, Node.js, Apache, Java, Go."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import ssl
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from inspector.certificates import handover, mint, snippets
from inspector.certificates.export import export_pem
from inspector.certificates.handover import hand_over
from inspector.certificates.keys import belongs
from inspector.certificates.mint import DevIdentities
from inspector.certificates.model import Identity
from inspector.errors import CertificateError
from tests.certificates.forge import pem

PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def dev() -> DevIdentities:
    return mint.make_dev()


@pytest.fixture
def folder(dev: DevIdentities, tmp_path: Path) -> Path:
    """The client's handover, with a server's certificate beside it and identities that are not the client's."""
    hand_over(dev.client, tmp_path, "brand")
    key, cert = export_pem(dev.server, tmp_path, "server")
    key.rename(tmp_path / "server.key")
    cert.rename(tmp_path / "server.crt")
    export_pem(mint.issue(dev.ca, "sister", purposes=("client",)), tmp_path, "sister")
    export_pem(mint.issue(mint.make_ca("other"), "stranger", purposes=("client",)), tmp_path, "stranger")
    return tmp_path


def test_every_file_is_there_and_only_the_key_is_secret(dev: DevIdentities, tmp_path: Path) -> None:
    written = hand_over(dev.client, tmp_path / "new", "brand")
    assert [one.path.name for one in written] == [name for name, *_ in handover.file_names("brand")]
    assert {one.path for one in written} == set((tmp_path / "new").iterdir())
    modes = {one.path.name: stat.S_IMODE(one.path.stat().st_mode) for one in written}
    assert modes["brandKey.pem"] == 0o600
    key = load_pem_private_key((tmp_path / "new" / "brandKey.pem").read_bytes(), None)
    assert belongs(key, dev.client.leaf)  # type: ignore[arg-type]
    for one in written[1:]:
        assert b"PRIVATE KEY" not in one.path.read_bytes()
    read_me = (tmp_path / "new" / "brand-README.txt").read_text()
    assert "not encrypted" in read_me
    assert all(one.path.name in read_me for one in written)


def test_nothing_is_written_over(dev: DevIdentities, tmp_path: Path) -> None:
    (tmp_path / "brandTrust.p12").write_bytes(b"mine")
    with pytest.raises(CertificateError, match="exists already"):
        hand_over(dev.client, tmp_path, "brand")
    assert [path.name for path in tmp_path.iterdir()] == ["brandTrust.p12"]
    hand_over(dev.client, tmp_path, "brand", "secret", replace=True)
    assert b"ENCRYPTED" in (tmp_path / "brandKey.pem").read_bytes()


def test_what_is_no_client_is_kept_here(dev: DevIdentities, tmp_path: Path) -> None:
    for identity, what in ((dev.ca, "a CA's"), (dev.server, "a server's")):
        with pytest.raises(CertificateError, match=f"is {what} identity") as caught:
            hand_over(identity, tmp_path, "x")
        assert caught.value.code == "wrong_purpose"
    over = datetime.now(UTC) - timedelta(days=1)
    old = mint.issue(dev.ca, "old", not_before=over - timedelta(days=9), not_after=over)
    with pytest.raises(CertificateError, match="certs renew old") as caught:
        hand_over(old, tmp_path, "x")
    assert caught.value.code == "expired"
    assert not list(tmp_path.iterdir())


def test_a_client_whose_ca_is_not_known(dev: DevIdentities, tmp_path: Path) -> None:
    alone = Identity("alone", dev.client.chain[:1], dev.client.key)
    with pytest.raises(CertificateError) as caught:
        hand_over(alone, tmp_path, "brand")
    assert caught.value.code == "no_issuer"
    assert not list(tmp_path.iterdir())
    hand_over(alone, tmp_path, "brand", known=(dev.ca.leaf,))
    assert (tmp_path / "brandCA.pem").read_bytes() == pem(dev.ca.leaf)


def test_java_reads_the_trust_store(folder: Path, dev: DevIdentities) -> None:
    keytool = shutil.which("keytool")
    if keytool is None:
        pytest.skip("there is no JDK")
    shown = subprocess.run(
        [keytool, "-list", "-keystore", "brandTrust.p12", "-storepass", snippets.TRUSTSTORE_PASSWORD],
        cwd=folder, check=True, capture_output=True, text=True, timeout=120,
    ).stdout  # fmt: skip
    assert "trustedCertEntry" in shown
    assert "contains 1 entry" in shown


# servers


def test_nginx_takes_this_client_alone(folder: Path) -> None:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    port = _free_port()
    text = (folder / "brand-nginx.conf").read_text()
    text = text.replace("/etc/nginx/tls/", f"{folder}/").replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("proxy_pass http://127.0.0.1:8080;", "return 200;")
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary}\n{text} }}\n"
    )
    with _running([program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], folder, port):
        assert _status(folder, port, "brand") == 200
        assert _status(folder, port, "sister") == 403, "of the same CA, but another certificate"
        assert _status(folder, port, "stranger") == 400
        assert _status(folder, port, "") == 400


def test_node_takes_this_client_alone(folder: Path) -> None:
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node.js is not installed")
    port = _free_port()
    with _running([program, "brand-node.mjs"], folder, port, PORT=str(port)):
        assert _status(folder, port, "brand") == 200
        assert _status(folder, port, "sister") == 403
        for refused in ("stranger", ""):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                _status(folder, port, refused)


def test_apache_takes_this_client_alone(folder: Path) -> None:
    program = shutil.which("apache2", path="/usr/sbin") or shutil.which(
        "httpd", path="/usr/sbin:/usr/local/sbin"
    )
    modules = Path("/usr/lib/apache2/modules")
    if program is None or not modules.is_dir():
        pytest.skip("Apache is not installed")
    port = _free_port()
    text = (folder / "brand-apache.conf").read_text()
    text = text.replace("/etc/apache2/tls/", f"{folder}/").replace("*:443", f"127.0.0.1:{port}")
    (folder / "index.html").write_text("ok")
    loads = "\n".join(
        f"LoadModule {name}_module {modules}/mod_{name}.so"
        for name in ("mpm_event", "authn_core", "authz_core", "ssl", "socache_shmcb", "dir")
        if (modules / f"mod_{name}.so").exists()
    )
    (folder / "apache.conf").write_text(
        f"ServerRoot {folder}\nServerName localhost\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n"
        f"DefaultRuntimeDir {folder}\n{loads}\nListen 127.0.0.1:{port}\nDocumentRoot {folder}\n{text}\n"
    )
    with _running([program, "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"], folder, port):
        assert _status(folder, port, "brand") == 200
        assert _status(folder, port, "sister") == 403
        for refused in ("stranger", ""):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                _status(folder, port, refused)


def test_go_builds_it(folder: Path) -> None:
    program = shutil.which("go")
    if program is None:
        pytest.skip("Go is not installed")
    subprocess.run([program, "vet", "brand-go.go"], cwd=folder, check=True, timeout=120)


@pytest.mark.parametrize("server", snippets.SERVERS, ids=lambda server: server.key)
def test_every_snippet_is_filled_in(server: snippets.Server, dev: DevIdentities) -> None:
    text = snippets.snippet(server, dev.client.chain, prefix="brand")
    assert "brandCA.pem" in text or "brandTrust.p12" in text
    leftovers = [line for line in text.splitlines() if "$sha" in line or "$ca_" in line or "$serial" in line]
    assert not leftovers


# helpers


def _status(folder: Path, port: int, client: str) -> int:
    """What GET / is answered over TLS as a client of the folder. Raises what TLS raises where it is refused."""
    context = ssl.create_default_context(cafile=folder / "brandCA.pem")
    if client:
        context.load_cert_chain(folder / f"{client}Crt.pem", folder / f"{client}Key.pem")
    with (
        socket.create_connection(("127.0.0.1", port), PATIENCE_S) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while chunk := tls.recv(4096):
            answer += chunk
            if b"\r\n" in answer:
                break
    if not answer:
        raise ConnectionError("closed without an answer")
    return int(answer.split(b" ")[1])


@contextmanager
def _running(command: Sequence[str], folder: Path, port: int, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        for _ in range(int(PATIENCE_S / 0.05)):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                break
        if process.poll() is not None:
            assert process.stderr is not None
            pytest.fail(f"it did not start: {process.stderr.read().decode()}")
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])
