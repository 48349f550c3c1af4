"""What is in the files that are to be imported, and what to call it. Read in the worker's thread. No Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from inspector.certificates.chain import is_anchor
from inspector.certificates.describe import describe, short_name
from inspector.certificates.model import CertificateFacts, Finding, VaultEntry
from inspector.certificates.pending import PendingRequest
from inspector.certificates.read import read
from inspector.certificates.requests import asked_for
from inspector.ui.certificates.chosen import Chosen
from inspector.ui.certificates.contents import findings

_LONGEST_NAME = 64
_OTHER = re.compile(r"[^A-Za-z0-9_-]+")
# Names of files that say what is in them, but not whose it is.
_GENERIC = {
    "bundle", "ca", "cert", "certificate", "chain", "client", "crt", "export", "file", "fullchain", "identity", "key",
    "new", "privkey", "public", "server", "tls", "untitled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What the files hold. `facts` are those of the chain, leaf first; `others` counts what is no part of it;
    `anchors` are the CAs (and self-signed ones) that clients could be let in by; `completes` names the request that
    waits for this certificate, if one does."""

    facts: tuple[CertificateFacts, ...]
    has_key: bool
    others: int
    anchors: tuple[CertificateFacts, ...]
    findings: tuple[Finding, ...]
    suggested_name: str
    now: datetime
    completes: str = ""

    @property
    def leaf(self) -> CertificateFacts:
        return self.facts[0]


def read_preview(
    chosen: Chosen,
    password: str,
    known: Sequence[VaultEntry] = (),
    waiting: Sequence[PendingRequest] = (),
) -> Preview:
    """Read what was chosen without keeping anything. `known` are the vault's entries, which a stray key may belong to,
    `waiting` its requests. Raises CertificateError; `password_needed` and `wrong_password` are the codes that ask for a
    password."""
    material = read(chosen.sources(), password or None, known=known)
    completed = asked_for(material.leaf, waiting) if material.key is None else None
    now = datetime.now(UTC)
    facts = tuple(describe(certificate, now=now) for certificate in material.chain)
    anchors = [certificate for certificate in (*material.chain, *material.extra) if is_anchor(certificate)]
    return Preview(
        facts=facts,
        has_key=material.key is not None,
        others=len(material.extra),
        anchors=tuple(describe(certificate, now=now) for certificate in anchors),
        findings=findings(material.chain, facts[0], now),
        suggested_name=suggest_name(chosen.paths, short_name(material.leaf)),
        now=now,
        completes=completed.name if completed is not None else "",
    )


def suggest_name(paths: Sequence[Path], common_name: str) -> str:
    """A name for the vault: the first file's, unless that is one that every file has; then the common name."""
    stems = [name for path in paths if (name := as_name(path.stem)) and name.lower() not in _GENERIC]
    return (stems[0] if stems else "") or as_name(common_name) or "imported"


def as_name(text: str) -> str:
    """A text as the vault takes it: letters, digits, hyphens, underscores, beginning with a letter or digit."""
    return _OTHER.sub("-", text).strip("-_")[:_LONGEST_NAME].rstrip("-")
