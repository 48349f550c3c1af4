"""What a pasted text that names a whole request means for the composer: body, address, settings, and what is left to
do. Imports the sender's records and the contract's header rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from inspector.contract.header_fields import MOST_CUSTOM
from inspector.sender.pasted import Form, Pasted
from inspector.sender.request import SendRequest, TrustKind

_OWN_HEADERS = ("content-type", "accept", "user-agent")


@dataclass(frozen=True, slots=True)
class Beginning:
    """How the composer's settings become those of a pasted request, and in `said` and `remarks` what is told of it."""

    request: SendRequest
    said: str
    remarks: tuple[str, ...]


def begin(pasted: Pasted, before: SendRequest) -> Beginning:
    """The settings of a pasted request, in the place of those before; what it does not name stays as it is."""
    if pasted.form is Form.BODY:
        return Beginning(before, "The body is the one that was pasted.", pasted.remarks)
    remarks = list(pasted.remarks)
    headers = tuple(one for one in pasted.headers if one[0].lower() not in _OWN_HEADERS)
    if len(headers) > MOST_CUSTOM:
        remarks.append(f"Only the first {MOST_CUSTOM} headers were taken: the pusher sends no more.")
    trust, ca_files = before.trust, before.ca_files
    if pasted.insecure:
        trust = TrustKind.NOTHING
        remarks.append("As with --insecure, the server’s certificate is not checked.")
    elif pasted.cacert and Path(pasted.cacert).is_absolute():
        trust, ca_files = TrustKind.FILES, (Path(pasted.cacert),)
    elif pasted.cacert:
        remarks.append(f"It trusts the CAs of {pasted.cacert}: choose that file in the target’s settings.")
    if pasted.cert:
        remarks.append(f"It names the client certificate {pasted.cert}: choose an identity, or import that.")
    if not pasted.body:
        remarks.append("It has no body, so what was written stays.")
    what = "address and settings" if pasted.url else "settings"
    said = f"Body, {what}" if pasted.body else what.capitalize()
    return Beginning(
        replace(
            before,
            trust=trust,
            ca_files=ca_files,
            basic_user=pasted.basic_user,
            basic_password=pasted.basic_password,
            headers=headers[:MOST_CUSTOM],
            proxy=pasted.proxy or before.proxy,
        ),
        f"{said} are those of the {pasted.form} that was pasted.",
        tuple(remarks),
    )
