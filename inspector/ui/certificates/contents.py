"""What the page shows, read from the vault in the worker's thread. No Qt. Imports the certificates room and what tells
who uses what of it.

Only certificates are read, never a key, so nobody is asked for a passphrase.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509

from inspector.certificates.chain import is_anchor
from inspector.certificates.check import check
from inspector.certificates.describe import BROKEN, describe, short_name
from inspector.certificates.model import CertificateFacts, Finding, Purpose, Severity, VaultEntry
from inspector.certificates.passphrase import PassphraseSource
from inspector.certificates.pending import PendingRequest
from inspector.certificates.requests import pending
from inspector.certificates.vault import DEV_NAMES
from inspector.ui.certificates.surroundings import Surroundings, read_surroundings
from inspector.ui.certificates.wording import Validity, validity
from inspector.usage import Use

if TYPE_CHECKING:
    from inspector.workbench import Workbench

_PURPOSES: tuple[Purpose, ...] = ("server", "client")
# No key is looked at here; whether there is one stands beside the entry.
_SAID_ELSEWHERE = {"ok", "no_key"}
_NOT_FOR_FILES = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry with all that is shown of it. `facts` and `titles` are those of `certificates`: the chain, leaf
    first, then what else came along with it; `anchors` are those that others could be trusted by, `uses` what uses
    it."""

    entry: VaultEntry
    certificates: tuple[x509.Certificate, ...]
    facts: tuple[CertificateFacts, ...]
    titles: tuple[str, ...]
    findings: tuple[Finding, ...]
    validity: Validity
    anchors: tuple[CertificateFacts, ...]
    ca_to_share: x509.Certificate | None
    uses: tuple[Use, ...] = ()

    @property
    def leaf(self) -> CertificateFacts:
        return self.facts[0]

    @property
    def is_dev(self) -> bool:
        """Whether it is one of the identities that are made for development."""
        return self.entry.name in DEV_NAMES

    @property
    def shares_itself(self) -> bool:
        """Whether what the other side needs is the certificate itself."""
        return self.ca_to_share == self.entry.leaf

    @property
    def ca_file_name(self) -> str:
        """What to call the file that the other side gets."""
        ca = self.ca_to_share
        name = self.entry.name if ca is None or self.shares_itself else short_name(ca)
        return f"{_NOT_FOR_FILES.sub('-', name).strip('-.') or 'ca'}.pem"


@dataclass(frozen=True, slots=True)
class Contents:
    """The vault as it was read at `now`. After `idle_minutes` without use it is locked; None: never."""

    entries: tuple[Listed, ...]
    source: PassphraseSource
    now: datetime
    known_cas: tuple[x509.Certificate, ...] = ()
    pending: tuple[PendingRequest, ...] = ()
    idle_minutes: int | None = None
    around: Surroundings = field(default_factory=Surroundings)

    @property
    def issuers(self) -> tuple[Listed, ...]:
        """The CAs that certificates can be issued with here."""
        return tuple(
            one
            for one in self.entries
            if one.leaf.is_ca and one.entry.has_key and one.validity.short != "expired"
        )


def read_contents(workbench: Workbench) -> Contents:
    """All entries with their facts, findings and uses, and the requests that wait. Raises VaultError."""
    now = datetime.now(UTC)
    vault = workbench.vault
    known = vault.cas()
    around = read_surroundings(workbench)
    return Contents(
        tuple(listed(entry, now, known, around.uses_of(entry)) for entry in vault.entries()),
        vault.source(),
        now,
        known,
        pending(vault),
        None if vault.opening.idle_limit is None else round(vault.opening.idle_limit / 60),
        around,
    )


def listed(
    entry: VaultEntry,
    now: datetime,
    known_cas: Sequence[x509.Certificate] = (),
    uses: tuple[Use, ...] = (),
) -> Listed:
    """All that is shown of one entry at `now`. `known_cas` may complete its chain."""
    certificates = (*entry.chain, *entry.extra)
    facts = tuple(describe(certificate, now=now) for certificate in certificates)
    shareable = [certificate for certificate in entry.chain if is_anchor(certificate)]
    return Listed(
        entry=entry,
        certificates=certificates,
        facts=facts,
        titles=tuple(short_name(certificate) for certificate in certificates),
        findings=findings(entry.chain, facts[0], now, known_cas),
        validity=validity(facts[0], now),
        anchors=tuple(
            about for about, certificate in zip(facts, certificates, strict=True) if is_anchor(certificate)
        ),
        ca_to_share=shareable[-1] if shareable else None,
        uses=uses,
    )


def findings(
    chain: Sequence[x509.Certificate],
    leaf: CertificateFacts,
    now: datetime,
    known_cas: Sequence[x509.Certificate] = (),
) -> tuple[Finding, ...]:
    """What is to be said against a chain, for the one purpose it has (in general, where it has several)."""
    purposes: list[Purpose] = [purpose for purpose in _PURPOSES if purpose in leaf.purposes]
    purpose = purposes[0] if len(purposes) == 1 and not leaf.is_ca else None
    try:
        found = check(chain, None, purpose=purpose, now=now, known_cas=known_cas)
    except BROKEN:
        message = "This certificate breaks the rules of X.509 and could not be checked."
        return (Finding("invalid", Severity.WARNING, message),)
    return tuple(finding for finding in found if finding.code not in _SAID_ELSEWHERE)
