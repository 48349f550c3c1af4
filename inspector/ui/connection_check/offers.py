"""What is offered to do about a step of a check. Pure; imports the records of the check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.sender.connection_check import ConnectionCheck, Link, Step, StepState
from inspector.ui.connection_check.checking import Checked

_MOST_IDENTITIES = 3
_ABOUT_US = ("client_certificate", "acceptance")


class Deed(StrEnum):
    """What a button does."""

    PIN = "pin"
    TRUST = "trust"
    USE = "use"
    CHOOSE = "choose"
    ADDRESS = "address"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: what it says, what it does, with what (a fingerprint, a place in the chain, an identity)."""

    deed: Deed
    words: str
    value: str = ""
    tip: str = ""


def offers(checked: Checked, step: Step) -> tuple[Offer, ...]:
    """The buttons of a step; none where nothing is wrong with it."""
    if step.state not in (StepState.FAILED, StepState.WARNING):
        return ()
    check = checked.check
    failed = step.state is StepState.FAILED
    if step.key == "trust" and check.chain:
        return (*_issuer(check, step), _pin(check.chain[0]))
    if step.key in ("name", "expiry") and failed and check.chain:
        return (_pin(check.chain[0]),)
    if step.key in _ABOUT_US and _is_about_us(check, step):
        return _identities(checked)
    if step.key in ("resolve", "connect") and failed:
        return (Offer(Deed.ADDRESS, "Change the address"), *_proxy_settings(checked))
    if step.key in ("proxy", "tls") and failed:
        return (Offer(Deed.SETTINGS, "Open the settings"),)
    return ()


def _pin(leaf: Link) -> Offer:
    return Offer(
        Deed.PIN,
        "Pin this certificate",
        leaf.fingerprint_sha256,
        f"From now on take only the certificate that begins with {leaf.fingerprint_sha256[:16]}",
    )


def _issuer(check: ConnectionCheck, step: Step) -> tuple[Offer, ...]:
    """To trust the last certificate of the chain, where that is what others were issued by, or issued itself."""
    last = len(check.chain) - 1
    if step.state is not StepState.FAILED or not (last or check.chain[0].self_signed):
        return ()
    if any(link.issued_by_next is False for link in check.chain):
        return ()
    words = "Trust this issuer" if last else "Trust this certificate"
    return (
        Offer(
            Deed.TRUST,
            words,
            str(last),
            f"Keep {check.chain[last].subject} in the vault, and trust servers by it",
        ),
    )


def _is_about_us(check: ConnectionCheck, step: Step) -> bool:
    """Whether another identity may help: they asked for one, or have refused ours."""
    asked = check.client_auth is not None and check.client_auth.asked
    earlier = check.step("client_certificate")
    doubled = step.key == "acceptance" and earlier is not None and offered_at(earlier)
    return asked and not doubled


def offered_at(step: Step) -> bool:
    """Whether a step about our certificate has the offers, so that the next one need not repeat them."""
    return step.state in (StepState.FAILED, StepState.WARNING)


def _identities(checked: Checked) -> tuple[Offer, ...]:
    fitting = [name for name in checked.fitting if name != checked.request.identity][:_MOST_IDENTITIES]
    uses = tuple(
        Offer(Deed.USE, f"Use {name}", name, f"{name} was issued by one of the CAs that they take")
        for name in fitting
    )
    return (*uses, Offer(Deed.CHOOSE, "Choose another identity" if uses else "Choose an identity"))


def _proxy_settings(checked: Checked) -> tuple[Offer, ...]:
    return (Offer(Deed.SETTINGS, "Open the settings"),) if checked.request.proxy else ()
