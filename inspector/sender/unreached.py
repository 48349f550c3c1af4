"""Why no connection came about, told to people: the name, the address, or the HTTP proxy on the way. Imports the
sender's records."""

from __future__ import annotations

import socket

from inspector.sender.model import Proxy, SendFailure
from inspector.sender.trouble import Trouble
from inspector.sender.tunnel import ProxyError

_WAY = "Check the address, and whether a VPN or a firewall stands between."
_PROXY_USER = "Give them with --proxy-user USER --proxy-password-env VARIABLE."
_AUTHENTICATION_REQUIRED, _FORBIDDEN = 407, (403, 405)
_NOT_REACHED = (502, 503, 504)


def unreached(trouble: Trouble) -> SendFailure:
    """The failure for a connection that could not be made."""
    error, proxy = trouble.system, trouble.proxy
    if isinstance(error, ProxyError) and proxy is not None:
        return _no_tunnel(error, proxy, trouble.where)
    if isinstance(error, socket.gaierror):
        if proxy is not None:
            return _no_name(error, f"{proxy.host}, where the HTTP proxy should be", proxy.host)
        return _no_name(error, trouble.host, trouble.host)
    where = f"the HTTP proxy {proxy.where}" if proxy is not None else trouble.where
    if isinstance(error, ConnectionRefusedError):
        return SendFailure(
            "connect_failed",
            f"Nothing listens at {proxy.where}, where the HTTP proxy should be."
            if proxy is not None
            else f"Nothing listens at {where}.",
            "Check the port, and that the proxy runs.",
            trouble.detail,
        )
    why = error.strerror if error is not None and error.strerror else trouble.detail
    return SendFailure(
        "connect_failed",
        f"{where[:1].upper()}{where[1:]} can't be reached: {why[:1].lower() + why[1:]}.",
        _WAY,
        trouble.detail,
    )


def unreached_in_time(trouble: Trouble) -> tuple[str, str]:
    """What happened, and what to do, where the time for looking up or connecting has passed."""
    within = f"within {trouble.timeout:g} s"
    if trouble.phase == "resolve":
        host = trouble.proxy.host if trouble.proxy is not None else trouble.host
        return f"No name server could say where {host} is {within}.", "Check the network connection."
    if trouble.proxy is not None:
        return f"The HTTP proxy {trouble.proxy.where} did not connect on to {trouble.where} {within}.", _WAY
    return f"No connection to {trouble.where} {within}.", _WAY


def _no_name(error: socket.gaierror, named: str, host: str) -> SendFailure:
    if error.errno == socket.EAI_AGAIN:
        message, next_step = (
            f"No name server could say where {host} is.",
            "Check the network connection.",
        )
    else:
        message, next_step = (
            f"There is no host named {named}.",
            "Check the spelling, and the VPN if it needs one.",
        )
    return SendFailure("name_not_found", message, next_step, error.strerror or str(error))


def _no_tunnel(error: ProxyError, proxy: Proxy, where: str) -> SendFailure:
    named = f"The HTTP proxy {proxy.where}"
    if error.status is None:
        message = (
            f"{named} does not answer like an HTTP proxy: “{error.said}”."
            if error.said
            else f"{named} closed the connection without an answer."
        )
        return SendFailure("proxy_failed", message, "Check its address and port.", str(error))
    answered = f"({error.status} {error.said})" if error.said else f"({error.status})"
    if error.status == _AUTHENTICATION_REQUIRED:
        message, next_step = (
            (f"{named} did not take the user {proxy.user} {answered}.", "Check the user and the password.")
            if proxy.user
            else (f"{named} wants a user and a password {answered}.", _PROXY_USER)
        )
    elif error.status in _FORBIDDEN:
        message, next_step = (
            f"{named} does not allow a connection to {where} {answered}.",
            "Allow that host and port on the proxy (CONNECT), or leave the proxy out.",
        )
    elif error.status in _NOT_REACHED:
        message, next_step = (
            f"{named} could not connect on to {where} {answered}.",
            "Check the target's name and port, and that the proxy can reach it.",
        )
    else:
        message, next_step = (
            f"{named} made no connection to {where} {answered}.",
            "Check that it is an HTTP proxy that takes CONNECT; its log says more.",
        )
    return SendFailure("proxy_refused", message, next_step, str(error))
