"""How long a keystroke takes in the composer with a payload of 200 KB: in the text with the form beside it, and in a
field of the form with the text beside it.

Run it with `python tests/benchmarks/composer_typing.py [KEYS]` under a display (or `xvfb-run -a`). Prints p50, p99 and
the most milliseconds from the key to the end of what it caused, painting included; each should be at most 30. The
checks of a pause run in between, as they do for a person.
"""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from inspector.ui.composer.push_form import PushForm
from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker

REACH_MS = 30.0
_PAUSE_EVERY = 20
_PAUSE_MS = 900


def body(rows: list[object]) -> dict[str, object]:
    """A push with much beside it."""
    return {
        "aps": {"alert": "Hello", "sound": "default"},
        "push-service": 1,
        "notificationType": "apn",
        "device-token": "01408800000259",
        "sequence": 8,
        "rows": rows,
    }


def laid_out() -> str:
    rows: list[object] = [{"id": n, "name": f"value {n}", "on": True} for n in range(2600)]
    return json.dumps(body(rows), indent=2)


def long_lines() -> str:
    """Lines of 15,000 characters: longer ones are laid out when a body is opened."""
    return json.dumps(body(["word " * 3000 for _ in range(13)]), indent=2)


def one_line() -> str:
    """As it comes from the clipboard, with no line break at all."""
    rows: list[object] = [{"id": n, "name": f"value {n}", "on": True} for n in range(4200)]
    return json.dumps(body(rows))


def wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def typed(target: QWidget, count: int) -> list[float]:
    """Milliseconds of each key."""
    spent = []
    for number in range(count):
        begun = time.perf_counter()
        QTest.keyClicks(target, "abcde fghi"[number % 10])
        QApplication.processEvents()
        spent.append((time.perf_counter() - begun) * 1000)
        wait(_PAUSE_MS if number % _PAUSE_EVERY == _PAUSE_EVERY - 1 else 5)
    return sorted(spent)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    application = QApplication(sys.argv)
    theme = Theme(application, Scheme.LIGHT)
    worker = Worker("typing")
    for name, make in (("laid out", laid_out), ("long lines", long_lines), ("one line", one_line)):
        text = make()
        pane = QSplitter()
        editor = JsonEditor(theme, worker, variables=True)
        editor.setPlainText(text)
        form = PushForm(editor, worker, theme)
        pane.addWidget(form)
        pane.addWidget(editor)
        pane.resize(1000, 800)
        theme.dress()
        pane.show()
        wait(1500)
        row = form.row(("aps", "alert"))
        assert row is not None
        for where in ("text", "field"):
            target = editor if where == "text" else row.input.main()
            target.setFocus()
            if where == "text":
                editor.show_place(text.index("a" if name != "long lines" else "w", len(text) // 2))
            wait(200)
            spent = typed(target, count)
            p50, p99, most = spent[len(spent) // 2], spent[len(spent) * 99 // 100 - 1], spent[-1]
            mark = "reached" if most <= REACH_MS else "MISSED"
            print(  # noqa: T201 - a benchmark's output
                f"{name:<12} {len(text) // 1000} KB  key in the {where:<6} "
                f"p50 {p50:6.1f}  p99 {p99:6.1f}  max {most:6.1f} ms  [{REACH_MS:.0f}: {mark}]"
            )
        form.close_down()
        pane.close()
        pane.deleteLater()
        wait(10)
    worker.close()


if __name__ == "__main__":
    main()
