"""The composer, and the servers that the sender's tests send to."""

from __future__ import annotations

from tests.sender.conftest import nginx, openssl_server, serve, serve_tls, to_files
from tests.ui.composing import composer, make_composer, workbench

__all__ = [
    "composer",
    "make_composer",
    "nginx",
    "openssl_server",
    "serve",
    "serve_tls",
    "to_files",
    "workbench",
]
