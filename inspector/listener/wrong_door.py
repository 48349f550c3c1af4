"""Verdicts on connections that came in by the wrong door, or had to leave: nothing of it is TLS's business.

Pure; imports the certificates' words for a verdict and the PROXY protocol's. The reasons are the interface's.
"""

from __future__ import annotations

from inspector.certificates.model import Verdict
from inspector.listener.proxy_protocol import NotAnnounced

_SHOWN_BYTES = 48


def not_announced(found: NotAnnounced, first_bytes: bytes, peer: str) -> Verdict:
    """A load balancer's connection without a proper PROXY protocol header."""
    detail = f"a PROXY protocol header was expected; first bytes: {shown(first_bytes)}"
    if found.begun:
        return Verdict(
            "not_tls",
            detail,
            f"The connection from {peer} begins with a PROXY protocol header that is not valid. {found.message}",
            "The load balancer, or what plays its part, writes it wrongly, or its bytes were damaged on the way.",
            "Check what it sends against the specification (HAProxy's doc/proxy-protocol.txt).",
        )
    return Verdict(
        "not_tls",
        detail,
        f"The connection from {peer} does not begin with a PROXY protocol header, which its address is set to send.",
        "The load balancer is not set to send one, or a client came from its address without it.",
        "Turn the PROXY protocol on for this target (HAProxy: send-proxy-v2; nginx: proxy_protocol on;), or listen "
        "without --proxy-protocol-from for that address.",
    )


def announcement_cut_off(*, timed_out: bool) -> Verdict:
    """A load balancer's connection that ended, or hung, within its PROXY protocol header."""
    what = "did not finish" if timed_out else "was closed within"
    return Verdict(
        "timeout" if timed_out else "client_aborted",
        f"the connection {what} its PROXY protocol header",
        f"The connection {what} the PROXY protocol header that its address is set to send.",
        "The load balancer hangs or gave up, or what came is no such header.",
        "Its own log tells more.",
    )


def tls_to_plain_http(first_bytes: bytes, header: str) -> Verdict:
    """A client that speaks TLS to a listener behind a proxy that ends TLS."""
    return Verdict(
        "plain_http",
        f"a TLS ClientHello came to a listener that speaks plain HTTP; first bytes: {shown(first_bytes)}",
        "The client spoke TLS to this port, which speaks plain HTTP.",
        f"This listener takes the client's certificate from the field {header}: the proxy before it is to end TLS.",
        "Have the proxy pass the requests on to http://, and point the pusher to the proxy. Or listen without "
        "--certificate-header, and have TLS passed through.",
    )


def had_to_leave(cap: int) -> Verdict:
    """A client in the middle of its handshake that had to make room for a new one."""
    return Verdict(
        "timeout",
        f"the handshake was not done when its place was needed; at most {cap} connections are held",
        "The connection was closed in the middle of its handshake to make room for a new one.",
        f"There were {cap} connections, the most that this listener holds, and this one had waited for longest: "
        "many clients that do not close theirs, or somebody who opens them on purpose.",
        "Find out who holds so many: the addresses are in the history.",
    )


def shown(data: bytes) -> str:
    """The first of some bytes, those that are not printable ASCII as numbers."""
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"
        for byte in data[:_SHOWN_BYTES]
    )
