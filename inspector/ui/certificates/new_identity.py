"""What is to be made in the vault, and its making, which runs in the worker. No Qt. Imports the certificates room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from inspector.certificates import mint, requests
from inspector.certificates.entries import check_name
from inspector.certificates.key_kinds import DEFAULT, KeyKind, generate
from inspector.certificates.model import Identity, Purpose, VaultEntry
from inspector.certificates.pending import PendingRequest
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError

# Apple takes no server certificate that lasts longer.
APPLE_DAYS = 398
ITSELF = ""


class Wanted(StrEnum):
    """What can be made."""

    CLIENT = "client"
    SERVER = "server"
    CA = "ca"
    INTERMEDIATE = "intermediate"
    CLIENT_REQUEST = "client_request"
    SERVER_REQUEST = "server_request"

    @property
    def words(self) -> str:
        """For people."""
        return {
            Wanted.CLIENT: "Client identity",
            Wanted.SERVER: "Server identity",
            Wanted.CA: "CA",
            Wanted.INTERMEDIATE: "Intermediate CA",
            Wanted.CLIENT_REQUEST: "Request for a client certificate (CSR)",
            Wanted.SERVER_REQUEST: "Request for a server certificate (CSR)",
        }[self]

    @property
    def meaning(self) -> str:
        """What it is for."""
        return {
            Wanted.CLIENT: "What the pusher presents: a key and a certificate that a CA of the vault issues.",
            Wanted.SERVER: "What the listener presents: a key and a certificate for this machine’s names.",
            Wanted.CA: "Issues certificates; whoever trusts it takes all of them.",
            Wanted.INTERMEDIATE: "A CA that another CA of the vault issues, so that its root can stay away.",
            Wanted.CLIENT_REQUEST: "The key stays in the vault; the request goes to a CA elsewhere, which signs it.",
            Wanted.SERVER_REQUEST: "The key stays in the vault; the request goes to a CA elsewhere, which signs it.",
        }[self]

    @property
    def is_request(self) -> bool:
        return self in (Wanted.CLIENT_REQUEST, Wanted.SERVER_REQUEST)

    @property
    def is_ca(self) -> bool:
        return self in (Wanted.CA, Wanted.INTERMEDIATE)

    @property
    def has_names(self) -> bool:
        """Whether it is for host names and addresses."""
        return self in (Wanted.SERVER, Wanted.SERVER_REQUEST)

    @property
    def days(self) -> int:
        """How long it lasts where nobody says otherwise."""
        return {Wanted.CA: 3650, Wanted.INTERMEDIATE: 1825}.get(self, 365)


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """`issuer` names a CA of the vault; empty where it issues itself. `trust_clients` is a CA's."""

    wanted: Wanted
    name: str
    key: KeyKind = DEFAULT
    days: int = 365
    names: tuple[str, ...] = ()
    issuer: str = ITSELF
    trust_clients: bool = False


def make(vault: Vault, new: NewIdentity) -> VaultEntry | PendingRequest:
    """Make it and keep it. It ends with its issuer at the latest. Raises CertificateError (`exists`, `invalid_name` and
    those of `mint` and `requests`), VaultError, StateError."""
    check_name(new.name)
    if any(entry.name.lower() == new.name.lower() for entry in vault.entries()):
        raise CertificateError(
            f"There is an entry {new.name} already.", "Take another name, or renew that one.", code="exists"
        )
    purpose: Purpose = "server" if new.wanted.has_names else "client"
    if new.wanted.is_request:
        return requests.request(vault, new.name, purposes=(purpose,), names=new.names, kind=new.key)
    issuer = requests.issuing_ca(vault, new.issuer) if new.issuer else None
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=new.days)
    if issuer is not None:
        end = min(end, issuer.leaf.not_valid_after_utc)
    key = generate(new.key)
    made: Identity
    if new.wanted.is_ca:
        made = mint.make_ca(new.name, issuer=issuer, key=key, not_after=end)
    else:
        made = mint.issue(issuer, new.name, purposes=(purpose,), names=new.names, key=key, not_after=end)
    return vault.add(new.name, made.chain, made.key, trust_clients=new.trust_clients and new.wanted.is_ca)
