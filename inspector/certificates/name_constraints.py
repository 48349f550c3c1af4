"""Whether a certificate's names are allowed by the name constraints of a CA above it (RFC 5280 4.2.1.10).

Imports cryptography and, of the package, the certificates' description.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from inspector.certificates.describe import BROKEN, distinguished_name, extension, printable


def forbidden_names(cert: x509.Certificate, ca: x509.Certificate) -> tuple[str, ...]:
    """The names of `cert` that `ca` may not issue for, as texts; empty where it has no constraints, or none that
    matter. Raises one of BROKEN where the extensions can't be read."""
    constraints = extension(ca, x509.NameConstraints)
    if constraints is None:
        return ()
    return tuple(
        _shown(name)
        for name in _names(cert)
        if _matches_any(name, constraints.excluded_subtrees)
        or (
            (permitted := _of_kind(name, constraints.permitted_subtrees))
            and not _matches_any(name, permitted)
        )
    )


def _names(cert: x509.Certificate) -> Iterator[x509.GeneralName]:
    """All names that are bound: the subject, its mail addresses, the alternative names; and where those have no host,
    a common name that could be one, as OpenSSL has it."""
    alternatives = list(extension(cert, x509.SubjectAlternativeName) or ())
    if list(cert.subject):
        yield x509.DirectoryName(cert.subject)
    mails = cert.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)
    hosts = [] if any(isinstance(name, x509.DNSName) for name in alternatives) else _common_names(cert)
    for make, texts in (
        (x509.RFC822Name, [str(mail.value) for mail in mails]),
        (x509.DNSName, hosts),
    ):
        for text in texts:
            try:
                yield make(text)
            except ValueError:  # no such name can be constrained
                continue
    yield from alternatives


def _common_names(cert: x509.Certificate) -> list[str]:
    found = [str(name.value) for name in cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return [name for name in found if "." in name.strip(".") and " " not in name and "@" not in name]


def _of_kind(name: x509.GeneralName, subtrees: Iterable[x509.GeneralName] | None) -> list[x509.GeneralName]:
    return [subtree for subtree in subtrees or () if type(subtree) is type(name)]


def _matches_any(name: x509.GeneralName, subtrees: Iterable[x509.GeneralName] | None) -> bool:
    return any(
        _MATCHES[type(name)](name.value, subtree.value)
        for subtree in _of_kind(name, subtrees)
        if type(name) in _MATCHES
    )


def _host_matches(host: str, subtree: str) -> bool:
    """`example.com` holds itself and all below it; with a dot before, only those below."""
    host, subtree = host.lower().rstrip("."), subtree.lower().rstrip(".")
    if subtree.startswith(".") or not subtree:
        return host.endswith(subtree)
    return host == subtree or host.endswith(f".{subtree}")


def _mail_matches(mail: str, subtree: str) -> bool:
    if "@" in subtree:
        return mail.lower() == subtree.lower()
    host = mail.rpartition("@")[2].lower()
    return host.endswith(subtree.lower()) if subtree.startswith(".") else host == subtree.lower()


def _uri_matches(uri: str, subtree: str) -> bool:
    try:
        host = (urlsplit(uri).hostname or "").lower()
    except ValueError:
        return False
    return host.endswith(subtree.lower()) if subtree.startswith(".") else host == subtree.lower()


def _address_matches(address: object, network: object) -> bool:
    return (
        isinstance(address, ipaddress.IPv4Address | ipaddress.IPv6Address)
        and isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network)
        and address in network
    )


def _directory_matches(name: x509.Name, subtree: x509.Name) -> bool:
    begin = subtree.rdns
    return name.rdns[: len(begin)] == begin


_MATCHES: dict[type[x509.GeneralName], Callable[..., bool]] = {
    x509.DNSName: _host_matches,
    x509.RFC822Name: _mail_matches,
    x509.UniformResourceIdentifier: _uri_matches,
    x509.IPAddress: _address_matches,
    x509.DirectoryName: _directory_matches,
}


def _shown(name: x509.GeneralName) -> str:
    try:
        return (
            distinguished_name(name.value)
            if isinstance(name, x509.DirectoryName)
            else printable(str(name.value))
        )
    except BROKEN:
        return "a name that can't be read"
