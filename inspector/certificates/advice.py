"""What to do about a finding of a check, one sentence a code. Pure.

The codes are the interface's for `certs check`, and those that were added since: `explicit_curve`,
`wrong_issuer`, `name_constraints`, `rare_key`.
"""

from __future__ import annotations

ADVICE = {
    "expired": "Renew it (certs renew), or have it issued again and import it in its place (--replace).",
    "expires_soon": "Renew it in time (certs renew), or have it issued again and import it in its place (--replace).",
    "not_yet_valid": "Check this machine's clock, or wait until then.",
    "key_mismatch": "Give the key that the certificate was requested with.",
    "no_key": "Give the private key's file too.",
    "wrong_purpose": "Have one issued with the extended key usage that is missing: clientAuth or serverAuth.",
    "weak_key": "Make a new key (ECDSA P-256, or RSA 2048 or more) and have a certificate issued for it.",
    "rare_key": "Make a key of another kind (ECDSA P-256, or RSA 2048 or more) and have a certificate issued for it.",
    "weak_signature": "Have it signed with SHA-256 or better.",
    "incomplete_chain": "Get the issuer's certificate and put it behind the one it issued, up to the root.",
    "wrong_order": "Put the certificate first, then its issuer, and so on; the root last, or not at all.",
    "self_signed": "Give this certificate itself to the other side to trust, or use one that a CA has issued.",
    "no_san": "Have one issued with the host's name as subject alternative name.",
    "encrypted_key": "Give its password; --password-env VAR names the variable that holds it.",
    "explicit_curve": "Write the key anew (openssl ec -in KEY -param_enc named_curve -out NEW) and have a certificate"
    " issued for it.",
    "wrong_issuer": "Use the CA's certificate of the time when this one was issued, or have it issued again.",
    "untrusted": "Import the CA that issued it, if you know it; else be careful: this may be another server.",
    "wrong_name": "Ask for a name that the certificate has, or have one issued for this name.",
    "name_constraints": "Have it issued by a CA that may issue for these names.",
}


def advice(code: str) -> str:
    """The next step for a finding's code, empty where there is none to take."""
    return ADVICE.get(code, "")
