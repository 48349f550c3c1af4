"""httpx over the sender's own network. Imports httpx and httpcore.

httpx's own transport does the same but can't be given a network. Errors stay httpcore's: who catches them
looks at their causes anyway.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from typing import cast

import httpcore
import httpx

from inspector.sender.wire import Network


class Transport(httpx.BaseTransport):
    """One HTTP/1.1 connection at a time, kept alive, made by `network`."""

    def __init__(self, network: Network) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # never used: see Network
            max_connections=1,
            network_backend=network,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from cast("Iterable[bytes]", self._response.stream)

    def close(self) -> None:
        self._response.close()
