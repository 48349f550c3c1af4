"""Where pushes are sent, made of what was asked for: trust, pins, proxies, versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.describe import fingerprint, pem
from inspector.errors import CertificateError, StateError, UsageError
from inspector.home import Home
from inspector.sender.model import Proxy, Trust
from inspector.sender.request import FROM_ENVIRONMENT, KEPT, SendRequest, TrustKind
from inspector.sending_setup import header_warnings, pin, pin_of_file, proxy, proxy_fault
from inspector.workbench import Workbench

URL = "https://proxy.example.com/push"


@pytest.fixture
def workbench(home: Home) -> Workbench:
    bench = Workbench(home, use_keyring=False)
    bench.vault.create_dev(names=["localhost"])
    return bench


def trusted(bench: Workbench, **fields: object) -> Trust:
    return bench.target(replace(SendRequest(URL), **fields)).trust  # type: ignore[arg-type]


def test_whom_to_trust(workbench: Workbench, tmp_path: Path) -> None:
    cas = workbench.vault.cas()
    leaf = workbench.vault.get("dev-server").leaf
    file = tmp_path / "ca.pem"
    file.write_text(pem(cas[0]))
    assert trusted(workbench) == Trust(system=True, extra_cas=cas)
    assert trusted(workbench, trust=TrustKind.SYSTEM) == Trust(system=True)
    assert trusted(workbench, trust=TrustKind.VAULT) == Trust(system=False, extra_cas=cas)
    assert trusted(workbench, trust=TrustKind.FILES, ca_files=(file,)) == Trust(False, (cas[0],))
    assert trusted(workbench, trust=TrustKind.PIN, pin=fingerprint(leaf).upper()) == Trust(
        False, pin=fingerprint(leaf)
    )
    assert trusted(workbench, trust=TrustKind.NOTHING).insecure
    assert not trusted(workbench, trust=TrustKind.NOTHING).verifies


def test_what_names_nobody_to_trust(workbench: Workbench, home: Home, tmp_path: Path) -> None:
    for fields in ({"trust": TrustKind.FILES}, {"trust": TrustKind.PIN}):
        with pytest.raises(UsageError) as caught:
            trusted(workbench, **fields)
        assert caught.value.next_step
    empty = Workbench(Home.at(tmp_path / "empty"), use_keyring=False)
    with pytest.raises(CertificateError, match="no CA"):
        trusted(empty, trust=TrustKind.VAULT)
    assert trusted(empty) == Trust()
    assert not empty.home.vault_file.exists()


def test_a_pin_from_a_fingerprint_pem_or_file(workbench: Workbench, tmp_path: Path) -> None:
    entry = workbench.vault.get("dev-server")
    wanted = fingerprint(entry.leaf)
    backwards = "".join(pem(cert) for cert in reversed(entry.chain))
    assert pin(f"SHA256 Fingerprint={wanted.upper()}") == pin(pem(entry.leaf)) == pin(backwards) == wanted
    (tmp_path / "chain.pem").write_text(backwards)
    (tmp_path / "leaf.der").write_bytes(entry.leaf.public_bytes(Encoding.DER))
    assert pin_of_file(tmp_path / "chain.pem") == pin_of_file(tmp_path / "leaf.der") == wanted
    for text in ("", "abc", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----"):
        with pytest.raises(UsageError):
            pin(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", None),
        ("http://proxy.example.com:3128", Proxy("proxy.example.com", 3128, "u", "p")),
        ("proxy:3128", Proxy("proxy", 3128, "u", "p")),
        ("http://[::1]:8080/", Proxy("::1", 8080, "u", "p")),
        ("HTTP://Proxy.Example", Proxy("proxy.example", 80, "u", "p")),
    ],
)
def test_proxies(text: str, meant: Proxy | None) -> None:
    assert proxy(SendRequest(URL, proxy=text, proxy_user="u", proxy_password="p"), URL) == meant
    assert proxy_fault(text) is None


@pytest.mark.parametrize(
    "text", ["https://p:1", "socks5://p:1080", "http://u:geheim@p:1", "u:geheim@p:1", "p:0", "p q", "http:p"]
)
def test_what_is_no_proxy(text: str) -> None:
    error = proxy_fault(text)
    assert error is not None
    assert error.next_step
    assert "geheim" not in str(error)
    with pytest.raises(UsageError):
        proxy(SendRequest(URL, proxy=text), URL)


def test_a_proxys_user_that_can_not_be_sent() -> None:
    for user, password in (("a:b", ""), ("a", "b\nc")):
        with pytest.raises(UsageError) as caught:
            proxy(SendRequest(URL, proxy="p:1", proxy_user=user, proxy_password=password), URL)
        assert "b\nc" not in str(caught.value)


def test_the_environments_proxy_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = SendRequest(URL, proxy=FROM_ENVIRONMENT)
    assert proxy(asked, URL) is None
    monkeypatch.setenv("HTTPS_PROXY", "http://me:ge%3Aheim@proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example,.intra")
    assert proxy(SendRequest(URL), URL) is None
    assert proxy(asked, URL) == Proxy("proxy.example", 3128, "me", "ge:heim")
    assert proxy(replace(asked, proxy_user="you", proxy_password="x"), URL) == Proxy(
        "proxy.example", 3128, "you", "x"
    )
    for url in ("https://inside.example/", "https://a.intra:8443/"):
        assert proxy(asked, url) is None
    assert proxy(asked, "http://elsewhere.example/") is None
    assert proxy_fault(FROM_ENVIRONMENT) is None


@pytest.mark.parametrize(("least", "most"), [("1.3", "1.2"), ("1.1", "1.3"), ("1.2", "2"), ("", "1.3")])
def test_versions_that_can_not_be_spoken(workbench: Workbench, least: str, most: str) -> None:
    with pytest.raises(UsageError, match="TLS"):
        workbench.target(SendRequest(URL, tls_min=least, tls_max=most))


def test_a_saved_target_takes_the_renewed_identity(workbench: Workbench) -> None:
    workbench.save_target(
        "a", SendRequest(URL, identity="dev-client", basic_user="u", basic_password="geheim")
    )
    (saved,) = workbench.targets()
    before = workbench.target(saved.request)
    assert before.basic_password == "geheim"
    assert "geheim" not in repr(before) + repr(saved)
    workbench.vault.create_dev(names=["localhost"], force=True)
    after = workbench.target(saved.request)
    assert before.identity is not None
    assert after.identity is not None
    assert after.identity.leaf == workbench.vault.get("dev-client").leaf != before.identity.leaf
    workbench.rename_target("a", "b")
    workbench.delete_target("b")
    assert workbench.targets() == ()


def test_what_stands_for_a_secret_is_never_sent(home: Home) -> None:
    """Where the vault is gone, or never had it."""
    bench = Workbench(home, use_keyring=False)
    for lost in ("", "gone"):
        with pytest.raises((StateError, UsageError), match="password for Basic"):
            bench.target(SendRequest(URL, basic_user="u", basic_password=KEPT, secrets_of=lost))


def test_headers_beyond_liveperson_are_told_without_values() -> None:
    told = header_warnings((("X-" + "N" * 30, "sëcret value"), ("X-Key", KEPT)))
    assert len(told) == 2
    assert "sëcret" not in " ".join(told)


@given(st.text(max_size=40))
def test_any_text_is_a_proxy_or_a_fault(text: str) -> None:
    if proxy_fault(text) is None:
        proxy(SendRequest(URL, proxy=text if text.strip() != FROM_ENVIRONMENT else ""), URL)
