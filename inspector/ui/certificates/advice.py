"""What to do about a finding, in the window's terms. Pure."""

from __future__ import annotations

_RENEW = "Renew… makes the new one, or the request for it; or import it over this one with Replace…"
_RENEW_DEV = "Make new ones with Create dev identities."
_ADVICE = {
    "not_yet_valid": "Check this machine's clock, or wait until then.",
    "wrong_purpose": "Have one issued with the extended key usage that is missing.",
    "weak_key": "Have it issued for a stronger key, then import it over this one with Replace…",
    "weak_signature": "Have it signed with SHA-256 or better, then import it over this one with Replace…",
    "incomplete_chain": "Import it again with Replace…, together with its issuers: drop all the files at once.",
    "self_signed": "Give this certificate itself to the other side, or use one that a CA has issued.",
    "no_san": "Have one issued with the host's name as subject alternative name.",
}


def advice(code: str, *, dev: bool = False) -> str:
    """The next step for a finding's code, empty where there is none to take. `dev`: of a dev identity."""
    if code in ("expired", "expires_soon"):
        return _RENEW_DEV if dev else _RENEW
    return _ADVICE.get(code, "")
