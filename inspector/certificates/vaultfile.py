"""The vault's file: its format, how it is read with suspicion and written without risk.

Imports cryptography and, of the package, `inspector.errors`, `inspector.home` and the certificates' own modules.

    {"format": "push-inspector vault", "version": 1,
     "protection": null | {"source": …, "account": …, "kdf": {"name": "scrypt", "n": …, "r": …, "p": …, "salt": hex},
                           "verifier": hex},
     "entries": [{"name": …, "created_at": RFC 3339, "trust_clients": bool, "chain": [PEM, …], "extra": [PEM, …],
                  "key": encrypted PKCS#8 PEM | null}, …],
     "secrets": {name: sealed text, …}, "requests": [see `pending`, …]}

It is written as the lowest version that has all that is in it (secrets came with 2, requests with 3), so that an older
program can use it. `vault.json.bak` is a
second copy of what was last written. A file that can't be understood whole is never written over.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509

from inspector.certificates.describe import pem
from inspector.certificates.files import read_whole, write_whole
from inspector.certificates.model import VaultEntry
from inspector.certificates.passphrase import PassphraseKind
from inspector.certificates.pending import LockedRequest, parse_request, request_content
from inspector.certificates.protection import Protection
from inspector.certificates.read import load_certificate
from inspector.errors import VaultError
from inspector.home import Home

FORMAT = "push-inspector vault"
VERSION = 3
_VERSION_WITHOUT_REQUESTS = 2
_VERSION_WITHOUT_SECRETS = 1
# All that careless content can bring up while it is read.
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Record:
    """An entry and its key, still locked."""

    entry: VaultEntry
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """All that the vault holds. `protection` is there as soon as a key or a secret is; `secrets` are sealed, `requests`
    wait for their certificates."""

    protection: Protection | None = None
    records: tuple[Record, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    requests: tuple[LockedRequest, ...] = ()


COPY_KEPT = "copy_kept"  # the code of a VaultError that `VaultFile.put_copy_back` mends


class VaultFile:
    """One vault's file on disk. Reading is cached by the file's time, size and number, so that it costs a `stat`."""

    def __init__(self, home: Home) -> None:
        self.path = home.vault_file
        self.backup = self.path.with_name(self.path.name + ".bak")
        self.lock = self.path.with_name(self.path.name + ".lock")
        self._home = home
        self._cached: tuple[tuple[int, int, int], Document] | None = None

    def load(self) -> Document:
        """What the file holds; an empty document where there is none yet. Raises VaultError."""
        try:
            stamp = _stamp(self.path)
            cached = self._cached
            if cached is not None and cached[0] == stamp:
                return cached[1]
            data = read_whole(self.path)
        except FileNotFoundError:
            self._refuse_lost_vault()
            return Document()
        except OSError as error:
            raise VaultError(
                f"The vault {self.path} can't be read: {error.strerror or error}.",
                "Check its owner and its permissions.",
            ) from error
        document = self._understand(data)
        self._cached = (stamp, document)
        return document

    def save(self, document: Document) -> None:
        """Write the whole file, then its copy. The caller holds the lock and has loaded the file before. Raises
        StateError; then the old file is still there, whole."""
        self._home.create()
        data = _serialise(document)
        try:
            write_whole(self.path, data, mode=0o600)
            self._cached = (_stamp(self.path), document)
        except OSError as error:
            raise VaultError(
                f"The vault {self.path} can't be written: {error.strerror or error}.",
                "Free some space, or check the folder's permissions; what was in the vault is still there.",
            ) from error
        try:
            write_whole(self.backup, data, mode=0o600)
        except (
            OSError
        ) as error:  # the vault itself is written: a missing second copy must not look like a failure
            _log.warning("no copy of the vault was made: %s", error.strerror)

    def put_copy_back(self) -> None:
        """Put the last good copy in the place of a vault that is damaged or gone, and keep the damaged one beside it.
        The caller holds the lock. A vault that can be read is left alone. Raises VaultError, the one of `load` where
        there is no good copy."""
        try:
            self.load()
        except VaultError as error:
            if error.code != COPY_KEPT:
                raise
        else:
            return
        try:
            data = read_whole(self.backup)
            if self.path.exists():
                self.path.replace(self.path.with_name(self.path.name + ".damaged"))
            write_whole(self.path, data, mode=0o600)
        except OSError as error:
            raise VaultError(
                f"The copy can't be put back to {self.path}: {error.strerror or error}.",
                f"Free some space, or check the folder's permissions; the copy is {self.backup}.",
            ) from error

    def prepare(self) -> None:
        """Make the folder that the lock lives in. Raises StateError."""
        self._home.create()

    def _refuse_lost_vault(self) -> None:
        if self.backup.exists():
            raise VaultError(
                f"The vault {self.path} is gone, but its copy {self.backup.name} is there.",
                f"To have it back, copy {self.backup} to {self.path}; to begin anew, move the copy away.",
                code=COPY_KEPT if self._restore_hint() else "",
            )

    def _understand(self, data: bytes) -> Document:
        try:
            content = json.loads(data)
            version = _version(content)
            if version <= VERSION:
                return _parse(content)
        except _DAMAGE as error:
            hint = self._restore_hint()
            raise VaultError(
                f"The vault {self.path} is damaged and was left as it is: {_cause(error)}.",
                hint or "Put it back from a backup, or move it away to begin anew.",
                code=COPY_KEPT if hint else "",
            ) from error
        raise VaultError(
            f"The vault {self.path} was made by a newer Push Inspector (format {version}); it was left as it is.",
            f"Update Push Inspector, or use another home (--home DIR).{self._copy_hint(version)}",
        )

    def _restore_hint(self) -> str:
        """What to do with the copy, if it is whole."""
        try:
            content = json.loads(self.backup.read_bytes())
            if _version(content) > VERSION:
                return ""
            _parse(content)
        except (OSError, *_DAMAGE):
            return ""
        return f"Its last good copy is {self.backup}: copy that to {self.path}."

    def _copy_hint(self, version: int) -> str:
        """Where the copy is, and whether it is from before the newer version came."""
        try:
            older = _version(json.loads(self.backup.read_bytes())) < version
        except (OSError, *_DAMAGE):
            return ""
        return f" {self.backup} is a copy{' from before' if older else ' of it'}."


def _version(content: Any) -> int:
    if (
        not isinstance(content, dict)
        or content.get("format") != FORMAT
        or type(content["version"]) is not int
    ):
        raise ValueError("it is no vault")
    return int(content["version"])


def _stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _cause(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno} is no JSON ({error.msg})"
    if isinstance(error, KeyError):
        return f"the field {error} is missing"
    if isinstance(error, UnicodeDecodeError):
        return "it is no text"
    return (
        str(error)
        if isinstance(error, ValueError) and "\n" not in str(error)
        else "a field is of the wrong kind"
    )


def _serialise(document: Document) -> bytes:
    content: dict[str, object] = {
        "format": FORMAT,
        "version": _least_version(document),
        "protection": _protection_content(document.protection),
        "entries": [_record_content(record) for record in document.records],
    }
    if document.secrets:
        content["secrets"] = dict(document.secrets)
    if document.requests:
        content["requests"] = [request_content(locked) for locked in document.requests]
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _least_version(document: Document) -> int:
    if document.requests:
        return VERSION
    return _VERSION_WITHOUT_REQUESTS if document.secrets else _VERSION_WITHOUT_SECRETS


def _protection_content(protection: Protection | None) -> dict[str, object] | None:
    if protection is None:
        return None
    return {
        "source": protection.kind.value,
        "account": protection.account,
        "kdf": {
            "name": "scrypt",
            "n": protection.n,
            "r": protection.r,
            "p": protection.p,
            "salt": protection.salt.hex(),
        },
        "verifier": protection.verifier.hex(),
    }


def _record_content(record: Record) -> dict[str, object]:
    entry = record.entry
    return {
        "name": entry.name,
        "created_at": entry.created_at,
        "trust_clients": entry.trust_clients,
        "chain": [pem(cert) for cert in entry.chain],
        "extra": [pem(cert) for cert in entry.extra],
        "key": record.key,
    }


def _parse(content: dict[str, Any]) -> Document:
    """Raises ValueError, KeyError, TypeError or AttributeError for anything unexpected."""
    records = tuple(_parse_record(record) for record in content["entries"])
    if len({record.entry.name.lower() for record in records}) < len(records):
        raise ValueError("two entries have the same name")
    protection = _parse_protection(content["protection"])
    if protection is None and any(record.key for record in records):
        raise ValueError("there are keys, and nothing that says how they are locked")
    secrets = {name: _text(sealed) for name, sealed in content.get("secrets", {}).items()}
    if protection is None and secrets:
        raise ValueError("there are secrets, and nothing that says how they are sealed")
    requests = tuple(parse_request(request) for request in content.get("requests", []))
    if protection is None and requests:
        raise ValueError("there are requests, and nothing that says how their keys are locked")
    return Document(protection, records, secrets, requests)


def _parse_protection(content: dict[str, Any] | None) -> Protection | None:
    if content is None:
        return None
    kdf = content["kdf"]
    if kdf["name"] != "scrypt":
        raise ValueError("the kind of its lock is unknown")
    return Protection(
        PassphraseKind(content["source"]),
        _text(content["account"]),
        kdf["n"],
        kdf["r"],
        kdf["p"],
        bytes.fromhex(kdf["salt"]),
        bytes.fromhex(content["verifier"]),
    )


def _parse_record(content: dict[str, Any]) -> Record:
    key = content["key"]
    if key is not None and "ENCRYPTED PRIVATE KEY" not in _text(key):
        raise ValueError("a key isn't encrypted")
    chain = _parse_certificates(content["chain"])
    if not chain:
        raise ValueError("an entry has no certificate")
    trust_clients = content["trust_clients"]
    if not isinstance(trust_clients, bool):
        raise TypeError("trust_clients")
    entry = VaultEntry(
        name=_text(content["name"]),
        chain=chain,
        has_key=key is not None,
        trust_clients=trust_clients,
        created_at=_text(content["created_at"]),
        extra=_parse_certificates(content["extra"]),
    )
    return Record(entry, key)


def _parse_certificates(texts: list[str]) -> tuple[x509.Certificate, ...]:
    return tuple(_parse_certificate(_text(text)) for text in texts)


def _parse_certificate(text: str) -> x509.Certificate:
    body = "".join(line for line in text.splitlines() if not line.startswith("-----"))
    try:
        return load_certificate(base64.b64decode(body, validate=True))
    except ValueError as error:
        raise ValueError("a certificate can't be read") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
