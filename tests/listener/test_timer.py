"""A deadline that is moved often and passes rarely."""

from __future__ import annotations

import asyncio

from inspector.listener.timer import Timer


def test_it_passes_once() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        passed: asyncio.Queue[float] = asyncio.Queue()
        timer = Timer(loop, lambda: passed.put_nowait(loop.time() - began))
        began = loop.time()
        assert timer.set(0.01) >= began
        assert await passed.get() >= 0.01
        assert passed.empty()

    asyncio.run(scenario())


def test_it_moves_both_ways_and_stops() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        passed: asyncio.Queue[str] = asyncio.Queue()

        def timer(name: str) -> Timer:
            return Timer(loop, lambda: passed.put_nowait(name))

        later, sooner, cleared, stopped = map(timer, ("later", "sooner", "cleared", "stopped"))
        later.set(0.01)
        later.set(0.1)
        sooner.set(60)
        sooner.set(0.05)
        cleared.set(0.01)
        cleared.clear()
        stopped.set(0.01)
        stopped.stop()
        assert await passed.get() == "sooner"
        assert await passed.get() == "later"
        assert passed.empty()

    asyncio.run(scenario())
