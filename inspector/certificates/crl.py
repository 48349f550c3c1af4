"""Certificate revocation lists: reading them from files, and looking certificates up in them.

Imports cryptography and, of the package, the errors and the certificates' description.

Looked up here and not by OpenSSL, which turns everybody away when a list is out of date, and takes a list of another
CA of the same name for a fault of the client. Here a list is of a certificate's issuer only if that one's key signed
it. Out of date, it still revokes what it names; where there is none for an issuer, nothing is revoked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from inspector.certificates import describe
from inspector.certificates.blocks import Kind, split
from inspector.certificates.describe import BROKEN
from inspector.errors import CertificateError

_MOST_BYTES = 64 * 1024 * 1024  # public CAs have lists of tens of megabytes
_NEXT_STEP = (
    "Give the CRL of the clients' CA, as PEM or DER; openssl crl -in FILE -noout -text shows what is in one."
)
_CHAINS_KEPT = 1024
_REASONS = {
    x509.ReasonFlags.key_compromise: "its key was compromised",
    x509.ReasonFlags.ca_compromise: "its CA was compromised",
    x509.ReasonFlags.affiliation_changed: "whom it names has changed",
    x509.ReasonFlags.superseded: "it was replaced",
    x509.ReasonFlags.cessation_of_operation: "it is no longer needed",
    x509.ReasonFlags.certificate_hold: "it is on hold",
    x509.ReasonFlags.privilege_withdrawn: "its rights were withdrawn",
    x509.ReasonFlags.aa_compromise: "its authority was compromised",
}


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that a list names: its place in the chain (0 for the client's own), since when and why, and the
    list's issuer with the time when the list is out of date. Times are aware."""

    depth: int
    certificate: x509.Certificate
    since: datetime
    why: str
    list_issuer: str
    list_valid_until: datetime | None


def read_crls(paths: Iterable[Path]) -> tuple[x509.CertificateRevocationList, ...]:
    """The lists in some files, each PEM with one or more blocks, or DER. Raises CertificateError for a file that
    can't be read or is no list."""
    return tuple(crl for path in paths for crl in _read(path))


def remarks(
    crls: Iterable[x509.CertificateRevocationList], issuers: Sequence[x509.Certificate], *, now: datetime
) -> tuple[str, ...]:
    """What people should know of the lists before they rely on them: those that are out of date, and those of none
    of `issuers`. One sentence each."""
    found = []
    for crl in crls:
        name = issuer_name(crl)
        until = _until(crl)
        if until is not None and until < now:
            found.append(
                f"The CRL of {name} should have been replaced by {describe.rfc3339(until)}: what it lists is still "
                "refused, what was revoked since is not known."
            )
        if not any(_is_of(crl, issuer) for issuer in issuers):
            found.append(
                f"The CRL of {name} was signed by none of the CAs whose clients are accepted; it counts only for "
                "certificates of a CA that a client sends along."
            )
    return tuple(found)


def issuer_name(crl: x509.CertificateRevocationList) -> str:
    """Whose list it is, RFC 4514."""
    try:
        return describe.distinguished_name(crl.issuer)
    except BROKEN:
        return describe.UNREADABLE


@dataclass(eq=False)
class Revocations:
    """Looks chains up in some lists. Remembers what it found, for lists may be long and clients come again; not for
    use by several threads."""

    crls: tuple[x509.CertificateRevocationList, ...]
    _found: dict[tuple[x509.Certificate, ...], Revoked | None] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.crls)

    def find(self, chain: Sequence[x509.Certificate]) -> Revoked | None:
        """The first revoked certificate of a chain, leaf first. The last one's issuer is not at hand: a list of that
        name counts, for it was given to us by hand."""
        key = tuple(chain)
        if key not in self._found:
            if len(self._found) >= _CHAINS_KEPT:
                self._found.clear()
            self._found[key] = self._look_up(key)
        return self._found[key]

    def _look_up(self, chain: tuple[x509.Certificate, ...]) -> Revoked | None:
        for depth, cert in enumerate(chain):
            issuer = chain[depth + 1] if depth + 1 < len(chain) else None
            for crl in self.crls:
                if not (_same_name(crl, cert) and (issuer is None or _is_of(crl, issuer))):
                    continue
                if (entry := _entry(crl, cert)) is not None:
                    since = entry.revocation_date_utc
                    return Revoked(depth, cert, since, _why(entry), issuer_name(crl), _until(crl))
        return None


def _read(path: Path) -> list[x509.CertificateRevocationList]:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise CertificateError(
            f"The CRL {path} can't be read: {error.strerror or error}.", _NEXT_STEP, code="unreadable"
        ) from error
    if len(data) > _MOST_BYTES:
        raise CertificateError(f"{path} is too large for a CRL.", _NEXT_STEP, code="too_large")
    try:
        blocks = split(str(path), data)
    except CertificateError as error:
        if error.code == "empty":
            raise CertificateError(error.message, _NEXT_STEP, code="empty") from error
        if error.code in ("truncated", "damaged"):
            raise
        raise _not_a_crl(path, "a web page" if error.code == "html" else "something else") from error
    lists = [block for block in blocks if block.kind is Kind.CRL]
    if not lists:
        raise _not_a_crl(path, f"a {blocks[0].kind}" if blocks else "something else")
    return [_parse(block.data, path) for block in lists]


def _not_a_crl(path: Path, what: str) -> CertificateError:
    return CertificateError(f"{path} is no CRL, but {what}.", _NEXT_STEP, code="not_a_crl")


def _parse(data: bytes, path: Path) -> x509.CertificateRevocationList:
    try:
        return x509.load_der_x509_crl(data)
    except BROKEN as error:
        raise CertificateError(
            f"{path} is damaged: a CRL in it can't be read.",
            "Copy or download the file again.",
            code="damaged",
        ) from error


def _is_of(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Whether it is `issuer`'s list: by name and by signature."""
    try:
        return crl.issuer == issuer.subject and crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (*BROKEN, InvalidSignature):
        return False


def _same_name(crl: x509.CertificateRevocationList, cert: x509.Certificate) -> bool:
    try:
        return crl.issuer == cert.issuer
    except BROKEN:
        return False


def _entry(crl: x509.CertificateRevocationList, cert: x509.Certificate) -> x509.RevokedCertificate | None:
    """The list's entry of a certificate of the list's own issuer."""
    try:
        # Not cert.serial_number: that warns of numbers that are not positive. No list can hold a negative one.
        serial = int(describe.serial(cert), 16)
        entry = crl.get_revoked_certificate_by_serial_number(serial) if serial >= 0 else None
        if entry is None or _reason(entry) is x509.ReasonFlags.remove_from_crl:
            return None
        return None if _is_of_another_issuer(entry, cert) else entry
    except BROKEN:
        return None


def _is_of_another_issuer(entry: x509.RevokedCertificate, cert: x509.Certificate) -> bool:
    """Indirect lists (RFC 5280 5.3.3) name the certificates of several issuers."""
    try:
        names = entry.extensions.get_extension_for_class(x509.CertificateIssuer).value
    except x509.ExtensionNotFound:
        return False
    return cert.issuer not in [name.value for name in names if isinstance(name, x509.DirectoryName)]


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _why(entry: x509.RevokedCertificate) -> str:
    """The reason in plain words; empty where none is told."""
    try:
        reason = _reason(entry)
    except BROKEN:
        return ""
    return _REASONS.get(reason, "") if reason is not None else ""


def _until(crl: x509.CertificateRevocationList) -> datetime | None:
    try:
        return crl.next_update_utc
    except BROKEN:
        return None
