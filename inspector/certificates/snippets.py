"""How a push proxy is told to require a client certificate and to verify it, for the servers people use.

Imports cryptography and, of the package, `inspector.resources` and the certificates' description. The texts are
`resources/snippets/`; `$name` in them is filled in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from inspector import resources
from inspector.certificates.describe import fingerprint

TRUSTSTORE_PASSWORD = "changeit"  # noqa: S105 - the one that Java itself uses: there is no secret in a trust store


@dataclass(frozen=True, slots=True)
class Server:
    """A kind of server: its name, what its file is called, and what is to be done with it."""

    key: str
    title: str
    file: str


SERVERS = (
    Server("nginx", "nginx", "nginx.conf"),
    Server("envoy", "Envoy", "envoy.yaml"),
    Server("apache", "Apache httpd", "apache.conf"),
    Server("spring-boot", "Spring Boot", "spring-boot.yml"),
    Server("node", "Node.js", "node.mjs"),
    Server("go", "Go", "go.go"),
)


def snippet(server: Server, chain: tuple[x509.Certificate, ...], *, prefix: str) -> str:
    """The configuration for a client with this chain (leaf first). `prefix` begins the names of the files that go with
    it, as the handover writes them."""
    leaf = chain[0]
    sha256 = fingerprint(leaf)
    return Template(
        resources.read_text(f"snippets/{server.file}")
    ).substitute(
        ca_file=f"{prefix}CA.pem",
        truststore_file=f"{prefix}Trust.p12",
        truststore_password=TRUSTSTORE_PASSWORD,
        depth=max(1, len(chain) - 1),
        serial=_serial(leaf),
        sha1=leaf.fingerprint(hashes.SHA1()).hex(),  # noqa: S303 - nginx has no other
        sha256=sha256,
        sha256_colons=":".join(sha256[place : place + 2] for place in range(0, 64, 2)).upper(),
    )


def _serial(cert: x509.Certificate) -> str:
    """As OpenSSL writes it: whole bytes in capital hex."""
    digits = f"{cert.serial_number:X}"
    return digits if len(digits) % 2 == 0 else f"0{digits}"
