"""Advice that was written for the command line, fitted to the window: pages, buttons and fields in the place of
commands and options. Pure."""

from __future__ import annotations

import re

_PAGE = "on the certificates page"
_TARGET = "in the target's settings"
_IMPORT = r"push-inspector certs import \S+ --name \S+ --trust-clients"
_TRUST = f"{_PAGE} and trust it for clients"

# What the command line has an option or a command for is a field or a page here. Applied in this order.
_HERE = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # sending
        (r"with --identity NAME, or --cert FILE --key FILE", "in the composer"),
        (
            (
                r"trust its CA with --ca FILE, or import that with: "
                r"push-inspector certs import FILE --name NAME\. With --insecure nothing is checked"
            ),
            f"import its CA {_PAGE}, or pin its certificate {_TARGET}",
        ),
        (r"allow another version here \(--tls-min, --tls-max\)", f"allow another version {_TARGET}"),
        (r"Give them with --proxy-user USER --proxy-password-env VARIABLE", f"Type them {_TARGET}"),
        (r"use the Basic options: --basic-user USER --basic-password-env VARIABLE", f"type it {_TARGET}"),
        (r"--timeout SECONDS waits longer", f"A longer time-out {_TARGET} waits longer"),
        (r"Import one with: push-inspector certs import CA\.pem --name NAME", f"Import one {_PAGE}"),
        (r"(Check (?:it|the identity)) with: push-inspector certs check NAME --client", rf"\1 {_PAGE}"),
        (r", and: push-inspector certs check NAME --client", f", and check the identity {_PAGE}"),
        (r", or the one given with --ca FILE", ""),
        # runs
        (
            r"Correct it, or begin with: push-inspector send --list-scripts --json",
            "Correct it, or begin with one of the scripts that come along",
        ),
        (r"Begin with: push-inspector send --list-scripts --json", "Begin with one that comes along"),
        # listening
        (
            r"; or name its fingerprint: --client-fingerprint \S+\. ",
            "; or pin it. ",
        ),
        (r"To take this client alone: --client-fingerprint \S+\.", "To take this client alone, pin it."),
        (
            r"listen with --client-fingerprint \S+(?: or with --client-subject (?:'[^']*'|\S+?))?(?=\.)",
            "pin it, or name its subject in the listener's settings",
        ),
        (r"Or listen with --lenient to take such clients", "Or listen leniently to take such clients"),
        (
            r"or listen without --proxy-protocol-from for that address",
            "or take that address out of the listener's settings",
        ),
        (r"Or listen without --certificate-header", "Or leave that field out in the listener's settings"),
        (r"Or listen without that --crl file", "Or leave that CRL out in the listener's settings"),
        (
            r"Listen with --proxy-protocol-from and the balancer's address, such as --proxy-protocol-from (\S+),",
            r"Name the balancer's address, such as \1, for the PROXY protocol in the listener's settings,",
        ),
        (rf"If another CA issued it: {_IMPORT}", f"If another CA issued it, import that {_TRUST}"),
        (
            rf"Or accept the intermediate itself: {_IMPORT}",
            f"Or import the intermediate itself {_TRUST}",
        ),
        (rf"(?: with)?: {_IMPORT}", f" {_TRUST}"),
        (r"\(certs create-dev --force does that\)", "(Create dev identities does that)"),
        (
            r"push-inspector certs export dev-ca --dir DIR writes it",
            f"“Save CA for the other side…” {_PAGE} writes it",
        ),
        (
            r"Or listen with a certificate that the client trusts already: --server-identity NAME",
            "Or replace our server certificate by one that the client trusts already",
        ),
        (
            r"Make or import a new server identity, and listen with --server-identity NAME",
            f"Replace it {_PAGE}",
        ),
        (
            r"Or listen with a certificate for that name: --server-identity NAME",
            "Or make a server certificate for that name",
        ),
        (r" \(--server-identity NAME\)", ""),
        (r"Name one with --server-identity NAME", "Keep one of them, or make dev-server, which comes first"),
        (r"push-inspector certs check FILE --client tells", f"Choosing it with Import… {_PAGE} tells"),
        (
            r"Check the pair: push-inspector certs check \S+ \S+ --client",
            f"Check the pair with Import… {_PAGE}",
        ),
        (r" \(openssl req [^)]* makes the request\)", ""),
        (
            (
                r"push-inspector certs check NAME --server tells more; push-inspector certs create-dev makes one "
                r"that works"
            ),
            "The certificates page tells more, and Create dev identities there makes one that works",
        ),
        (r"Make the dev ones with: push-inspector certs create-dev", f"Make the dev ones {_PAGE}"),
        (
            r"Sign with dev-ca, or make a CA: push-inspector certs create-ca NAME",
            "Sign with dev-ca, or make a CA with New…",
        ),
        (r": push-inspector certs delete \S+", f" {_PAGE}"),
        (r"Make one with: push-inspector certs csr NAME", f"Make one with New… {_PAGE}"),
        (
            r"Put them together: push-inspector certs complete \S+ FILE",
            f"Put them together with Complete… {_PAGE}",
        ),
        (r" \(--replace\)", ""),
        (r": push-inspector history new\b", ""),  # a button does it
        (r"--(?:host|port) (?=\d)", ""),
        (r" \(--password-env VAR or [^)]*\)", ""),
    )
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_OTHER_PROGRAM = re.compile(r"\(curl: [^)]*\)")
_OPTION = re.compile(r"(?<!\S)\(?--(?!home\b)[a-z]")


def in_window(text: str) -> str:
    """Advice without the command line's options; a sentence about one that has no match in the window goes. Where
    the program's files are is said at the start of the window too, so that option stays."""
    for pattern, replacement in _HERE:
        text = pattern.sub(replacement, text)
    return " ".join(
        sentence
        for sentence in _SENTENCE_END.split(text)
        if not _OPTION.search(_OTHER_PROGRAM.sub("", sentence))
    )
