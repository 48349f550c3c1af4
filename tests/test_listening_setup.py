"""What was asked for becomes a listener's configuration, or one clear line."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.describe import fingerprint as fingerprint_of
from inspector.certificates.fingerprint_text import fingerprint
from inspector.certificates.mint import issue, make_ca
from inspector.errors import CertificateError, UsageError
from inspector.home import Home
from inspector.listen_request import KEPT, ListenRequest
from inspector.listener.rule import Rule
from inspector.listening_setup import expected_headers, header_warnings, network
from inspector.workbench import Workbench

DIGITS = "0123456789abcdef" * 4


@pytest.fixture
def workbench(home: Home) -> Workbench:
    bench = Workbench(home, use_keyring=False)
    bench.vault.create_dev(names=["localhost"])
    return bench


@pytest.mark.parametrize(
    "text",
    [
        DIGITS,
        DIGITS.upper(),
        f"  {DIGITS}\n",
        ":".join(DIGITS[at : at + 2] for at in range(0, 64, 2)),
        " ".join(DIGITS[at : at + 4] for at in range(0, 64, 4)),
        "sha256 Fingerprint=" + ":".join(DIGITS[at : at + 2].upper() for at in range(0, 64, 2)),
        f"SHA-256: {DIGITS}",
        f"sha256:{DIGITS}",
    ],
)
def test_fingerprints_in_every_usual_form(text: str) -> None:
    assert fingerprint(text) == DIGITS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has 0 hex digits, not 64"),
        (DIGITS[:-1], "has 63 hex digits, not 64"),
        (DIGITS + "0", "has 65 hex digits, not 64"),
        (DIGITS[:40], "SHA-1"),
        ("g" + DIGITS[1:], "other characters"),
        ("client.pem", "other characters"),
        ("x\ny" * 90, "other characters"),
    ],
)
def test_what_is_no_fingerprint(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        fingerprint(text)
    assert "openssl x509" in caught.value.next_step
    assert "\n" not in caught.value.message


def test_openssls_own_line_is_taken(workbench: Workbench, tmp_path: Path) -> None:
    from inspector.certificates.describe import pem

    leaf = workbench.vault.get("dev-client").leaf
    (tmp_path / "c.pem").write_text(pem(leaf))
    command = ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", str(tmp_path / "c.pem")]
    line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert fingerprint(line) == fingerprint_of(leaf)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10.0.0.7", "10.0.0.7/32"),
        (" 10.0.0.0/8 ", "10.0.0.0/8"),
        ("::1", "::1/128"),
        ("[::1]", "::1/128"),
        ("fd00::/8", "fd00::/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_addresses_and_networks(text: str, shown: str) -> None:
    assert str(network(text)) == shown


@pytest.mark.parametrize("text", ["", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.1:80", "::1/129", "a\nb"])
def test_what_is_no_network(text: str) -> None:
    with pytest.raises(UsageError, match="no address and no network") as caught:
        network(text)
    assert "10.0.0.0/8" in caught.value.next_step
    assert "\n" not in caught.value.message


def test_an_address_with_a_mask_is_one_of_two_things() -> None:
    with pytest.raises(UsageError) as caught:
        network("10.1.2.3/8")
    assert caught.value.next_step == "Write 10.0.0.0/8 for the whole network, or 10.1.2.3 for this address."


def test_headers_that_are_expected() -> None:
    found = expected_headers(((" X-Key ", " v "), ("X-Plain", "")))
    assert [(one.name, one.value) for one in found] == [("X-Key", "v"), ("X-Plain", None)]


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ((("", "v"),), "can't be the name"),
        ((("X Key", "v"),), "can't be the name"),
        ((("X-Kéy", "v"),), "can't be the name"),
        ((("X-A", "1"), ("x-a", "2")), "twice"),
        ((("X-A", "a\r\nb"),), "control character"),
    ],
)
def test_headers_that_no_request_can_have(headers: tuple[tuple[str, str], ...], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        expected_headers(headers)


def test_what_liveperson_cannot_send_is_only_warned_of() -> None:
    assert header_warnings((("X-Key", "abc-_$&@.#*"), ("X-Kept", KEPT), ("X-Plain", ""))) == ()
    headers = (("N" * 25, "v"), ("X-A", "s3cret value"), ("X-B", "v" * 301), ("X-C", ""), ("X-D", ""))
    warnings = header_warnings(headers)
    assert len(warnings) == 4
    assert len(expected_headers(headers)) == 5
    assert "s3cret" not in " ".join(warnings)


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6).map(tuple))
def test_any_header_is_taken_or_refused(headers: tuple[tuple[str, str], ...]) -> None:
    header_warnings(headers)
    with suppress(UsageError):
        expected_headers(headers)


def test_pinned_clients_need_no_ca(home: Home) -> None:
    bench = Workbench(home, use_keyring=False)
    server = issue(None, "server", purposes=("server",), names=["localhost"])
    bench.vault.add("server", server.chain, server.key)
    with pytest.raises(CertificateError) as caught:
        bench.listener_config(ListenRequest())
    assert caught.value.code == "no_client_ca"
    config = bench.listener_config(ListenRequest(client_fingerprints=(DIGITS.upper(), DIGITS)))
    assert (config.client_cas, config.client_fingerprints) == ((), (DIGITS,))


def test_everything_is_passed_on(workbench: Workbench, tmp_path: Path) -> None:
    extra = make_ca("Extra")
    other = make_ca("Other")
    workbench.vault.add("bundle", extra.chain, extra=other.chain)
    rule = Rule("mine")
    config = workbench.listener_config(
        ListenRequest(
            client_subjects=(" CN=mybrand* ", "CN=mybrand*"),
            expected_headers=(("X-Key", "v"),),
            rules=(rule,),
            proxy_protocol_from=("10.0.0.7", "fd00::/8"),
            certificate_header="X-Client-Cert",
            key_log=tmp_path / "keys.log",
        )
    )
    assert config.client_subjects == ("CN=mybrand*",)
    assert config.rules == (rule,)
    assert [str(one) for one in config.proxy_protocol_from] == ["10.0.0.7/32", "fd00::/8"]
    assert (config.certificate_header, config.key_log) == ("X-Client-Cert", tmp_path / "keys.log")
    assert {*extra.chain, *other.chain} <= set(config.known_certificates)
    assert len(config.known_certificates) == len(set(config.known_certificates)) == 5
    assert config.expected_headers[0].value == "v"
    assert "'v'" not in repr(config)


@pytest.mark.parametrize("subject", ["", "mybrand", "x\ny"])
def test_what_is_no_subject(workbench: Workbench, subject: str) -> None:
    with pytest.raises(UsageError, match="can't be a certificate's subject") as caught:
        workbench.listener_config(ListenRequest(client_subjects=(subject,)))
    assert "\n" not in caught.value.message


def test_saved_secrets_reach_the_listener(workbench: Workbench) -> None:
    request = ListenRequest(
        auth="mtls+basic", basic_user="u", basic_password="p4ss", expected_headers=(("X-Key", "s3cret"),)
    )
    workbench.save_profile(request)
    saved = workbench.load_profile()
    assert (saved.basic_password, saved.expected_headers) == (KEPT, (("X-Key", KEPT),))
    config = workbench.listener_config(saved)
    assert (config.basic_password, config.expected_headers[0].value) == ("p4ss", "s3cret")
