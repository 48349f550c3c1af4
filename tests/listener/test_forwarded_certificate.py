"""A client's certificate out of a header field: every way that proxies write it."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.model import Identity
from inspector.listener.forwarded_certificate import Garbled, NotThere, read_chain
from tests.listener.pki import Pki

XFCC = "X-Forwarded-Client-Cert"


def pem(identity: Identity, depth: int = 0) -> str:
    return identity.chain[depth].public_bytes(Encoding.PEM).decode()


def der(identity: Identity, depth: int = 0) -> bytes:
    return identity.chain[depth].public_bytes(Encoding.DER)


def test_pem_as_proxies_write_it(pki: Pki) -> None:
    text = pem(pki.good)
    for value in (
        quote(text, safe=""),  # nginx: $ssl_client_escaped_cert
        quote(text, safe="+=/"),  # AWS
        quote(text.replace("\n", "\r\n")),
        text.replace("\n", " "),  # Apache
        text.replace("\n", "\t").strip(),
        text.replace("\n", "\n\t"),
        text.replace("\n", ""),
    ):
        assert read_chain("X-Cert", [value]) == (der(pki.good),)
        assert read_chain("X-Cert", [f"  {value} "]) == (der(pki.good),)


def test_der_in_base64(pki: Pki) -> None:
    text = base64.b64encode(der(pki.good)).decode()
    for value in (text, f":{text}:", quote(text, safe="")):  # HAProxy and Traefik, RFC 9440, Traefik of old
        assert read_chain("X-Cert", [value]) == (der(pki.good),)


def test_a_chain(pki: Pki) -> None:
    chain = (der(pki.below), der(pki.below, 1))
    text = pem(pki.below) + pem(pki.below, 1)
    encoded = [base64.b64encode(one).decode() for one in chain]
    for value in (quote(text), text.replace("\n", " "), ",".join(encoded), f":{encoded[0]}:, :{encoded[1]}:"):
        assert read_chain("X-Cert", [value]) == chain


def test_envoys_element(pki: Pki) -> None:
    escaped = quote(pem(pki.good), safe="")
    for value in (
        f'Cert="{escaped}"',
        f"cert={escaped}",
        f'By=spiffe://a/b;Hash={"ab" * 32};Cert="{escaped}";Subject="O=\\"A, B; C\\",CN=x";URI=;DNS=a;DNS=b',
    ):
        assert read_chain(XFCC.lower(), [value]) == (der(pki.good),)
        assert read_chain("X-Other", [value]) == (der(pki.good),)


def test_envoys_chain_goes_before_its_certificate(pki: Pki) -> None:
    chain = quote(pem(pki.below) + pem(pki.below, 1), safe="")
    value = f'Hash=00;Cert="{quote(pem(pki.good))}";Chain="{chain}"'
    assert read_chain(XFCC, [value]) == (der(pki.below), der(pki.below, 1))


def test_the_last_element_is_the_nearest_proxys(pki: Pki) -> None:
    """What a client writes there itself comes first."""
    forged, own = (f'Subject="CN=a,b";Cert="{quote(pem(one))}"' for one in (pki.stranger, pki.good))
    assert read_chain(XFCC, [f"{forged},{own}"]) == (der(pki.good),)
    assert read_chain(XFCC, [forged, own]) == (der(pki.good),)
    without = read_chain(XFCC, [f"{forged},By=x;Hash=12"])
    assert isinstance(without, NotThere)
    assert "only by, hash" in without.message


@pytest.mark.parametrize("values", [[], [""], ["  "], ["-"], ["(null)"]])
def test_no_certificate(values: list[str]) -> None:
    assert isinstance(read_chain("X-Cert", values), NotThere)


@pytest.mark.parametrize("value", ["", "Hash=ab", 'Subject="CN=x"', "Cert="])
def test_no_certificate_in_envoys_element(value: str) -> None:
    assert isinstance(read_chain(XFCC, [value]), NotThere)


@pytest.mark.parametrize(
    "value",
    [
        "garbage!", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE----- MIIB", "%", "%%%",
        "-----BEGIN CERTIFICATE-----%0A-----END CERTIFICATE-----", "ü", "a,b", "::", ",".join(["AAAA"] * 17),
        "-----BEGIN PRIVATE KEY-----%0AAAAA%0A-----END PRIVATE KEY-----",
    ],
)  # fmt: skip
def test_garbled(value: str) -> None:
    found = read_chain("X-Cert", [value])
    assert isinstance(found, Garbled)
    assert found.message.endswith(".")


@pytest.mark.parametrize("value", ['Cert="abc', "hello", 'Cert="%"', "Cert=a b!"])
def test_garbled_by_envoy(value: str) -> None:
    assert isinstance(read_chain(XFCC, [value]), Garbled)


def test_two_fields_are_one_too_many(pki: Pki) -> None:
    """A proxy that adds its field leaves the one that the client has sent."""
    found = read_chain("X-Cert", [quote(pem(pki.stranger)), quote(pem(pki.good))])
    assert isinstance(found, Garbled)
    assert "2 fields X-Cert" in found.message


@given(
    st.sampled_from(["X-Cert", XFCC]),
    st.lists(
        st.one_of(st.text(max_size=80), st.text(alphabet='Cert=";,\\%0A-BEGIN :', max_size=80)), max_size=3
    ),
)
def test_no_value_raises(name: str, values: list[str]) -> None:
    assert isinstance(read_chain(name, values), tuple | NotThere | Garbled)
