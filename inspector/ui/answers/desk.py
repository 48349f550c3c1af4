"""Where rules and window meet: the rules of the profile go to the page and back, pushes go to be tried.

Rules and page are made once the window stands: importing what they need must not delay its first picture. Files are
read and written in the worker's thread.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from inspector.history.model import Event, Kind, Row
from inspector.listen_request import ListenRequest
from inspector.listener.rule import Answer, Rule

if TYPE_CHECKING:
    from inspector.ui.answers.drafts import Draft
    from inspector.ui.answers.page import AnswersPage
    from inspector.ui.answers.rule_model import RuleModel
    from inspector.ui.answers.tried import Tried
    from inspector.ui.main_window import MainWindow

PAUSE_MILLISECONDS = 250
_log = logging.getLogger(__name__)


class AnswersDesk(QObject):
    """The rules of a window. `model` holds them; `page` is where they are changed."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._model: RuleModel | None = None
        self._page: AnswersPage | None = None
        self._loaded = False
        self._written: tuple[Draft, ...] = ()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._keep)
        window.setup.changed.connect(self._setup_changed)
        window.toolbar.rules.clicked.connect(window.show_answers)
        window.pushes.table.selected.connect(self._row_selected)
        window.pushes.table.try_wanted.connect(self.try_row)
        window.pushes.table.rule_wanted.connect(self.answer_like)

    @property
    def model(self) -> RuleModel:
        """The rules: made after the window stands, as what tells right rules from wrong ones is not needed before."""
        if self._model is None:
            from inspector.ui.answers.rule_model import RuleModel

            self._model = RuleModel(self)
            self._model.rules_changed.connect(self._rules_changed)
        return self._model

    @property
    def page(self) -> AnswersPage:
        """The page: made when it is first asked for."""
        if self._page is None:
            from inspector.ui.answers.page import AnswersPage

            window = self._window
            page = self._page = AnswersPage(self.model, window.theme, window)
            window.pages.addWidget(page)
            page.try_wanted.connect(self._try_selected)
            page.show_push_wanted.connect(self._show_push)
            page.otherwise_wanted.connect(self._choose_otherwise)
            page.file_dropped.connect(self._read_file)
            page.message.connect(window.status_line.say)
            self._row_selected(window.pushes.table.current_row)
            self._setup_changed(window.setup.request)
        return self._page

    @property
    def loaded(self) -> bool:
        """Whether what was kept is there."""
        return self._loaded

    def begin(self) -> None:
        """Read what was kept."""
        self._window.setup.when_loaded(self._read_drafts)

    def close(self) -> None:
        """Hand over what is not kept yet; call before the worker ends."""
        self._pause.stop()
        if not self._loaded:
            return
        from inspector.ui.answers.drafts import write_drafts

        drafts = self._hand_over()
        if drafts != self._written:
            try:
                write_drafts(self._window.workbench.home, drafts)
            except OSError as error:
                self._not_kept(error)

    # from the profile and back

    def _read_drafts(self) -> None:
        from inspector.ui.answers.drafts import read_drafts

        home = self._window.workbench.home
        self._window.worker.submit("", lambda: read_drafts(home), self._take)

    def _take(self, drafts: tuple[Draft, ...]) -> None:
        from inspector.ui.answers.drafts import with_drafts

        typed = self.model.rules  # before all was read, which takes a moment
        self._written = drafts
        self._loaded = True
        self.model.replace_all((*with_drafts(self._window.setup.request.rules, drafts), *typed))

    @Slot()
    def _rules_changed(self) -> None:
        self._window.toolbar.rules.show_rules(self.model.active)
        if self._loaded:
            self._pause.start()

    @Slot()
    def _keep(self) -> None:
        from inspector.ui.answers.drafts import write_drafts

        home, drafts = self._window.workbench.home, self._hand_over()
        if drafts == self._written:
            return

        def job() -> tuple[Draft, ...]:
            write_drafts(home, drafts)
            return drafts

        self._window.worker.submit("rule drafts", job, self._note_written, self._not_kept)

    def _hand_over(self) -> tuple[Draft, ...]:
        """What can be followed goes to the profile and to the listener; the rest is for the file beside it."""
        from inspector.ui.answers.drafts import Draft

        sound, drafts = [], []
        for place, rule in enumerate(self.model.rules):
            if self.model.judgement(place).sound:
                sound.append(rule)
            else:
                drafts.append(Draft(place, rule))
        self._window.setup.change(rules=tuple(sound))
        return tuple(drafts)

    def _note_written(self, drafts: tuple[Draft, ...]) -> None:
        self._written = drafts

    @staticmethod
    def _not_kept(error: BaseException) -> None:
        _log.warning("unfinished rules can't be kept: %s", error)

    @Slot(object)
    def _setup_changed(self, request: ListenRequest) -> None:
        if self._page is not None:
            from inspector.ui.answers.wording import answer_words

            usual = Answer(request.status, request.delay_ms / 1000, request.fail_first, drop=request.drop)
            self._page.show_otherwise(answer_words(usual))

    @Slot(object)
    def _read_file(self, path: Path) -> None:
        def take(data: bytes) -> None:
            self.page.deeds.take_json(data.decode("utf-8-sig", "replace"), path.name)

        self._window.worker.submit("", path.read_bytes, take, self._window.show_failure)

    # pushes

    @Slot(object)
    def _row_selected(self, row: Row | None) -> None:
        if self._page is not None:
            self._page.head.set_push_at_hand(there=row is not None and row.kind is Kind.PUSH)

    @Slot()
    def _try_selected(self) -> None:
        self.try_row(self._window.pushes.table.current_row)

    @Slot(object)
    def try_row(self, row: Row | None) -> None:
        """Show which rule would fire for a push."""
        if row is not None and row.kind is Kind.PUSH:
            from inspector.ui.answers.tried import tried

            self._window.feed.read(row.id, tried, self._try, lane="rule trial")

    @Slot(object)
    def answer_like(self, row: Row | None) -> None:
        """Begin a rule for pushes like this one."""
        if row is not None and row.kind is Kind.PUSH:
            self._window.feed.read(row.id, _rule_like, self._add_rule, lane="rule trial")

    def _try(self, push: Tried | None) -> None:
        if push is not None:
            self._window.show_answers()
            self.page.try_push(push)

    def _add_rule(self, rule: Rule | None) -> None:
        if rule is not None:
            self._window.show_answers()
            self.page.add_narrowed(rule)

    @Slot(object)
    def _show_push(self, identifier: int) -> None:
        self._window.show_pushes()
        if not self._window.pushes.table.select_id(identifier):
            self._window.toolbar.set_filter("")

    @Slot()
    def _choose_otherwise(self) -> None:
        self._window.toolbar.answer.setFocus()
        self._window.toolbar.answer.showPopup()


def _rule_like(event: Event | None) -> Rule | None:
    """In the worker's thread."""
    from inspector.ui.answers.tried import rule_like, tried

    push = tried(event)
    return None if push is None else rule_like(push.subject)
