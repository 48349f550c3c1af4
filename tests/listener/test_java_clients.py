"""Java's own TLS, with stores that keytool made: told right, and Java reads the alert."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import DevIdentities, issue
from inspector.listener.events import HandshakeFailed, PushReceived
from tests.listener.conftest import Listen, run
from tests.listener.pki import DAY, NOW, write_pem

pytestmark = [
    pytest.mark.skipif(
        any(shutil.which(program) is None for program in ("java", "javac", "keytool")), reason="needs a JDK"
    ),
    pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"]),
]
PASSWORD = "not-a-secret"
# One push for each client store, written before anything is read; a line on each.
SOURCE = """
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.*;

public class Push {
    static final char[] PASSWORD = "not-a-secret".toCharArray();

    static KeyStore store(String path) throws Exception {
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream file = new FileInputStream(path)) {
            made.load(file, PASSWORD);
        }
        return made;
    }

    public static void main(String[] arguments) throws Exception {
        for (String client : Arrays.asList(arguments).subList(3, arguments.length)) {
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(client.equals("distrust") ? null : store(arguments[2] + "/trusted.p12"));
            KeyManager[] keys = null;
            if (!client.equals("none") && !client.equals("distrust")) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
                factory.init(store(arguments[2] + "/" + client + ".p12"), PASSWORD);
                keys = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            int port = Integer.parseInt(arguments[0]);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
                socket.setEnabledProtocols(new String[] {arguments[1]});
                socket.setSoTimeout(20000);
                String request = "POST /push HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: 2\\r\\n\\r\\n{}";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                byte[] answer = new byte[12];
                int count = socket.getInputStream().read(answer);
                System.out.println(client + ": " + new String(answer, 0, Math.max(count, 0), "US-ASCII"));
            } catch (IOException error) {
                System.out.println(client + ": " + error);
            }
        }
    }
}
"""


@dataclass(frozen=True)
class Java:
    """The compiled client, its stores, and the certificate that keytool signed itself."""

    folder: Path
    self_signed: x509.Certificate

    def push(self, port: int, version: str, *clients: str) -> list[str]:
        done = run(
            "java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            self.folder,
            "Push",
            str(port),
            version,
            self.folder,
            *clients,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().splitlines()


@pytest.fixture(scope="session")
def java(dev: DevIdentities, tmp_path_factory: pytest.TempPathFactory) -> Java:
    folder = tmp_path_factory.mktemp("java")
    (folder / "Push.java").write_text(SOURCE)
    done("javac", "-d", folder, folder / "Push.java")
    ca = folder / "ca.pem"
    ca.write_bytes(dev.ca.leaf.public_bytes(Encoding.PEM))
    keytool(folder / "trusted.p12", "-importcert", "-noprompt", "-alias", "ca", "-file", ca)
    for name in ("own", "good"):
        keytool(
            folder / f"{name}.p12", "-genkeypair", "-alias", "client", "-keyalg", "EC", "-groupname", "secp256r1",
            "-dname", f"CN=java {name},O=Brand", "-validity", "30",
        )  # fmt: skip
    get_issued(folder, dev)
    expired = issue(dev.ca, "java expired", not_before=NOW - 30 * DAY, not_after=NOW - 7 * DAY)
    assert isinstance(expired.key, ec.EllipticCurvePrivateKey)
    (folder / "expired.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"client", expired.key, expired.leaf, [dev.ca.leaf], BestAvailableEncryption(PASSWORD.encode())
        )
    )
    own = pkcs12.load_pkcs12((folder / "own.p12").read_bytes(), PASSWORD.encode()).cert
    assert own is not None
    return Java(folder, own.certificate)


def get_issued(folder: Path, dev: DevIdentities) -> None:
    """As brands do it: keytool makes the request, a CA signs it, keytool takes it in."""
    store, request, cert = folder / "good.p12", folder / "good.csr", folder / "good.pem"
    keytool(store, "-certreq", "-alias", "client", "-file", request)
    ca = write_pem(dev.ca, folder)
    done("openssl", "x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca, "-out", cert, "-days", "30")
    keytool(store, "-importcert", "-noprompt", "-alias", "ca", "-file", folder / "ca.pem")
    keytool(store, "-importcert", "-noprompt", "-alias", "client", "-file", cert)


def keytool(store: Path, *arguments: str | Path) -> bytes:
    options = (
        "-storetype",
        "PKCS12",
        "-keystore",
        store,
        "-storepass",
        PASSWORD,
        "-J-XX:TieredStopAtLevel=1",
    )
    return done("keytool", *arguments, *options)


def done(*command: str | Path) -> bytes:
    finished = run(*command)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_java_is_told_why(version: str, listen: Listen, java: Java) -> None:
    listening = listen()
    good, expired, none, own, distrust = java.push(
        listening.ready.port, version, "good", "expired", "none", "own", "distrust"
    )
    assert good == "good: HTTP/1.1 200"
    assert "certificate_expired" in expired
    for line in (none, own):
        assert {"TLSv1.2": "handshake_failure", "TLSv1.3": "certificate_required"}[version] in line
    assert "unable to find valid certification path" in distrust
    assert len(listening.heard.wait(PushReceived)) == 1
    # Its own certificate comes from no CA that was announced: Java shows none, without a word. The same row again.
    refusals = [(told.event.reason, told.count) for told in listening.heard.wait(HandshakeFailed, 4)]
    assert refusals == [
        ("expired", 1), ("no_client_certificate", 1), ("no_client_certificate", 2), ("client_rejected_server", 1),
    ]  # fmt: skip
    last = listening.heard.wait(HandshakeFailed, 4)[3].event
    assert last.connection is not None
    assert last.connection.tls is not None
    assert last.connection.tls.alert_received == "certificate_unknown"
    assert last.connection.tls.offer is not None
    assert last.connection.tls.offer.versions == (version,)


def test_java_shows_its_own_certificate_where_no_ca_is_announced(
    version: str, listen: Listen, java: Java
) -> None:
    listening = listen(client_cas=(), client_fingerprints=(fingerprint(java.self_signed),))
    own, good = java.push(listening.ready.port, version, "own", "good")
    assert own == "own: HTTP/1.1 200"
    assert "unknown_ca" in good
    assert listening.heard.refusal().reason == "unknown_issuer"
    strict = listen(client_subjects=("CN=java own,*",))
    (line,) = java.push(strict.ready.port, version, "good")
    assert "certificate_unknown" in line
    assert strict.heard.refusal().reason == "invalid_certificate"
