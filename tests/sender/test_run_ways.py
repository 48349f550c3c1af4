"""A run goes the same way as a single send: through a target's proxy, by its pin; it tells the time of each phase."""

from __future__ import annotations

from typing import Any

from inspector.certificates.mint import DevIdentities
from inspector.sender.model import Proxy, SendResult, Trust
from inspector.sender.run import run
from inspector.sender.run_plan import repeats
from inspector.sender.send import send
from tests.sender.proxies import TunnelProxy


def test_through_a_proxy(nginx: Any, serve: Any, target_for: Any, dev: DevIdentities) -> None:
    proxy, results = TunnelProxy(), list[SendResult]()
    target = target_for(nginx.required, dev.client, proxy=Proxy("localhost", serve(proxy)))
    summary = run(
        target,
        repeats(lambda _: b"{}", 40),
        concurrency=2,
        on_result=lambda result, _: results.append(result),
    )
    assert dict(summary.statuses) == {200: 40}
    assert 1 <= len(proxy.heads) <= 2
    assert {result.connection.via for result in results if result.connection} == {
        f"127.0.0.1:{target.proxy.port}"
    }


def test_a_proxy_that_is_not_there(nginx: Any, target_for: Any) -> None:
    summary = run(target_for(nginx.none, proxy=Proxy("127.0.0.1", 1)), repeats(lambda _: b"{}", 3))
    (failure,) = summary.progress.first_failures.values()
    assert "proxy" in failure.message


def test_the_first_push_tells_how_long_it_took_to_connect(
    nginx: Any, target_for: Any, dev: DevIdentities
) -> None:
    results = list[SendResult]()
    run(
        target_for(nginx.required, dev.client),
        repeats(lambda _: b"{}", 2),
        on_result=lambda result, _: results.append(result),
    )
    first, second = (result.timings for result in results)
    assert None not in (first.resolve, first.connect, first.tls, first.send, first.wait, first.read)
    assert (second.resolve, second.connect, second.tls) == (None, None, None)


def test_another_certificate_than_the_pinned_one(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    target = target_for(nginx.required, dev.client, trust=Trust(system=False, pin="0" * 64))
    results = list[SendResult]()
    run(target, repeats(lambda _: b"{}", 3), on_result=lambda result, _: results.append(result))
    alone = send(target, b"{}")
    assert {result.failure for result in results} == {alone.failure}
    assert alone.failure is not None
    for result in results:
        assert result.connection is not None
        assert alone.connection is not None
        assert result.connection.trusted == alone.connection.trusted
