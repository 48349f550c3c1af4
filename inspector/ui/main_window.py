"""The main window: puts the parts together and carries what one says to the other. Imports all of this room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow

from inspector.errors import InspectorError, VaultError
from inspector.history.query import Query
from inspector.ui import window_state
from inspector.ui.answers.desk import AnswersDesk
from inspector.ui.certificates_desk import CertificatesDesk
from inspector.ui.compare.desk import CompareDesk
from inspector.ui.composer.composer import Composer
from inspector.ui.conversations.desk import ConversationsDesk
from inspector.ui.dropped_files import take_files
from inspector.ui.exchange.copying import Copying
from inspector.ui.exchange.desk import ExchangeDesk
from inspector.ui.feed import HistoryFeed
from inspector.ui.filter_box.filtering import Filtering
from inspector.ui.first_steps import FirstSteps
from inspector.ui.helping import Helping
from inspector.ui.history_files.desk import FilesDesk
from inspector.ui.keeping import Keeping
from inspector.ui.keys import install, show_keys
from inspector.ui.listen_setup import ListenSetup
from inspector.ui.listen_switch import ListenSwitch
from inspector.ui.listening import ListeningControl
from inspector.ui.long_tasks import LongTasks
from inspector.ui.marking import Marking
from inspector.ui.notice_bar import NoticeBar
from inspector.ui.passphrase_prompt import PassphrasePrompt
from inspector.ui.push_model import PushModel
from inspector.ui.pushes_page import PushesPage
from inspector.ui.rail import Rail
from inspector.ui.resending import Resending
from inspector.ui.runs.desk import RunsDesk
from inspector.ui.settings import Settings
from inspector.ui.status_line import StatusLine
from inspector.ui.theme import Scheme, Theme
from inspector.ui.toolbar import Toolbar
from inspector.ui.vault_line import VaultLine, read_vault_line
from inspector.ui.window_layout import lay_out
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.ui.certificates.page import CertificatesPage

PUSHES, CONVERSATIONS, RUNS, CERTIFICATES, ANSWERS = range(5)
WIDE_ENOUGH = 1100


class MainWindow(QMainWindow):
    """The one window of a home. `ready` is emitted once the history is read and shown."""

    ready = Signal()

    def __init__(self, workbench: Workbench, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 480)
        self.workbench = workbench
        self.theme = theme
        self._settings = settings
        self._closed = False
        self._prompt = PassphrasePrompt(self)
        workbench.ask_with(self._prompt.ask)
        workbench.what = "window"
        self.worker = Worker("window-worker", self, held=True)
        self.model = PushModel(self)
        self.feed = HistoryFeed(workbench, self.model, self.worker, self)
        self.setup = ListenSetup(workbench, self.worker, self)
        self.listening = ListeningControl(workbench, self.worker, self.feed, self)
        self.toolbar = Toolbar(theme, self)
        self.rail = Rail(theme, self)
        self.notice = NoticeBar(theme, self)
        self.tasks = LongTasks(self)
        self.exchange = ExchangeDesk(self)
        self.pushes = PushesPage(self.model, self.feed, self.worker, theme, self)
        self.composer = Composer(workbench, self.worker, theme, self)
        self.status_line = StatusLine(theme, self)
        self.keeping = Keeping(workbench, self.worker, self.feed, self.listening, self)
        self._filtering = Filtering(self)
        self.files = FilesDesk(self)
        self._resending = Resending(self)
        self._copying = Copying(self)
        self._switch = ListenSwitch(self)
        self._first_steps = FirstSteps(self)
        self.answers = AnswersDesk(self)
        self.conversations = ConversationsDesk(self)
        self.runs = RunsDesk(self)
        self.comparing = CompareDesk(self)
        self._helping = Helping(self)
        self._marking = Marking(self)
        self.vault_desk = CertificatesDesk(self, settings)
        self.pages, self.splitter = lay_out(self)
        self._connect()
        install(self)
        window_state.restore(self, settings)

    def _connect(self) -> None:
        self.toolbar.filter_changed.connect(self._filter)
        self.toolbar.compose_toggled.connect(self._show_composer)
        self.toolbar.said.connect(self.status_line.say)
        self.feed.counted.connect(self.status_line.show_counts)
        self.feed.appended.connect(self.status_line.count_arrivals)
        self.feed.replaced.connect(self.ready)
        self.rail.chosen.connect(self.show_page)
        self.rail.scheme_chosen.connect(self._choose_scheme)
        self.rail.help_wanted.connect(self.show_help)
        table, detail = self.pushes.table, self.pushes.detail
        for source in (table, detail):
            source.filter_wanted.connect(self.toolbar.set_filter)
            source.resend_wanted.connect(self._resending.resend)
            source.edit_wanted.connect(self._resending.edit)
        table.compare_wanted.connect(self.comparing.with_the_one_before)
        table.compare_composer_wanted.connect(self.comparing.with_the_composer)
        detail.revealed.connect(self.composer.result.set_revealed)
        self.composer.sent.connect(self._sent)
        self.composer.message.connect(self.status_line.say)
        self.composer.close_requested.connect(self._close_composer)
        self.composer.spread_requested.connect(self._give_room)
        self.composer.create_dev_requested.connect(self._create_dev)
        self.composer.vault_changed.connect(self.identities_changed)

    @property
    def certificates(self) -> CertificatesPage:
        """The page of certificates, made when first needed."""
        return self.vault_desk.page

    # starting

    def begin(self) -> None:
        """Read the history and the vault; call once the window is shown."""
        self.worker.release()
        self.setup.load()
        self.answers.begin()
        self.keeping.open()
        self._read_vault()
        self.composer.refresh_identities()
        self.vault_desk.begin()
        self.composer.load_kept()
        QTimer.singleShot(0, self._make_the_rest)

    @Slot()
    def _make_the_rest(self) -> None:
        _ = self.certificates, self.answers.page

    def _read_vault(self) -> None:
        self.worker.submit(
            "vault", lambda: read_vault_line(self.workbench.vault), self._show_vault, self._vault_failed
        )

    def _show_vault(self, line: VaultLine) -> None:
        self.status_line.show_vault(line.text, line.tip)

    def _vault_failed(self, error: BaseException) -> None:
        if isinstance(error, VaultError):
            self.notice.show_error(error)

    # listening

    @Slot(bool)
    def toggle_listening(self, wanted: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        """Switch the listener on or off."""
        self._switch.toggle(wanted)

    @Slot()
    def switch_listening(self) -> None:
        """Listen, or stop listening."""
        self.toggle_listening(not self.listening.state.on)

    @Slot()
    def show_listener_settings(self) -> None:
        """Open, or close, the sheet with the listener's settings."""
        self._switch.settings.toggle()

    # pages, filter, composer

    @Slot()
    def show_pushes(self) -> None:
        self.show_page(PUSHES)

    @Slot()
    def show_conversations(self) -> None:
        self.show_page(CONVERSATIONS)

    @Slot()
    def show_runs(self) -> None:
        self.show_page(RUNS)

    @Slot()
    def show_certificates(self) -> None:
        self.show_page(CERTIFICATES)

    @Slot()
    def show_answers(self) -> None:
        self.show_page(ANSWERS)

    @Slot()
    def focus_filter(self) -> None:
        self.toolbar.filter.setFocus()
        self.toolbar.filter.selectAll()

    @Slot()
    def go_to_newest(self) -> None:
        self.pushes.table.go_to_newest()

    @Slot()
    def send_composed(self) -> None:
        if self.runs.has_focus:
            self.runs.page.begin()
        else:
            self.composer.send()

    @Slot(int)
    def show_page(self, place: int) -> None:
        """Show one of the rail's pages."""
        if place == CERTIFICATES:
            self.pages.setCurrentWidget(self.certificates)
            self.certificates.refresh()
            self.certificates.list.setFocus()
        elif place == CONVERSATIONS:
            self.pages.setCurrentWidget(self.conversations.page)
            self.conversations.page.take_focus()
        elif place == RUNS:
            self.pages.setCurrentWidget(self.runs.page)
            self.runs.page.take_focus()
        else:
            self.pages.setCurrentWidget(self.answers.page if place == ANSWERS else self.pushes)
        self.rail.choose(place)
        self.composer.spread.setChecked(False)
        if self.narrow and self.composer.isVisible():
            self._close_composer()

    @Slot(object)
    def _filter(self, query: Query | None) -> None:
        self.pushes.show_filtered(filtered=query is not None)
        self.feed.show_query(query)
        if self.pages.currentIndex() != PUSHES and not self.conversations.shown:
            self.show_page(PUSHES)

    @property
    def narrow(self) -> bool:
        """Whether the composer takes the page's place by itself."""
        return self.width() < WIDE_ENOUGH

    @Slot(bool)
    def _show_composer(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self.composer.setVisible(shown)
        self._give_room()
        if shown:
            self.composer.focus_editor()

    @Slot()
    def _give_room(self) -> None:
        covered = self.toolbar.compose.isChecked() and (self.narrow or self.composer.spread.isChecked())
        self.pages.setVisible(not covered)

    def set_composer_shown(self, *, shown: bool) -> None:
        """Show or hide the composer, and the button that does so with it."""
        self.toolbar.compose.setChecked(shown)
        self._show_composer(shown)

    @Slot()
    def open_composer(self) -> None:
        """Show the composer and put the cursor in it."""
        self.set_composer_shown(shown=True)

    @Slot()
    def _close_composer(self) -> None:
        self.set_composer_shown(shown=False)
        self.pushes.table.view.setFocus()

    @Slot()
    def go_back(self) -> None:
        """What Esc does: stop a run that is looked at, clear the filter, leave the composer on a narrow window,
        return to the table."""
        if self.runs.stop():
            return
        if self.toolbar.filter.hasFocus() and self.toolbar.filter.text():
            self.toolbar.set_filter("")
        elif self.composer.isVisible() and self.composer.spread.isChecked():
            self.composer.spread.setChecked(False)
        elif self.narrow and self.composer.isVisible():
            self._close_composer()
        elif self.pages.currentIndex() != PUSHES:
            self.show_page(PUSHES)
        else:
            self.pushes.table.view.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    # sending again

    @Slot()
    def resend_current(self) -> None:
        """Send the row looked at again, byte for byte; of several that are selected, all."""
        if self.pushes.table.selected_pushes > 1:
            self.runs.resend_selected()
        else:
            self._resending.resend(self.pushes.table.current_row)

    @Slot()
    def edit_current(self) -> None:
        """Put the row looked at into the composer."""
        self._resending.edit(self.pushes.table.current_row)

    @Slot()
    def compare_selected(self) -> None:
        """Compare the two selected rows."""
        self.comparing.compare_selected()

    @Slot(object)
    def _sent(self, _result: object) -> None:
        self.feed.poke()

    # identities

    @Slot()
    def _create_dev(self) -> None:
        def done(_entries: object) -> None:
            self.status_line.say("Made dev-ca, dev-server and dev-client")
            self.identities_changed()

        self.worker.submit("", lambda: self.workbench.vault.create_dev(force=False), done, self.show_failure)

    @Slot()
    def identities_changed(self) -> None:
        """Read the vault again wherever it is shown."""
        self.composer.refresh_identities()
        self._switch.take_identities()
        self.vault_desk.refresh()
        self._read_vault()

    def show_failure(self, error: BaseException) -> None:
        """Say what went wrong in a background job."""
        if not isinstance(error, InspectorError):
            error = InspectorError(str(error), "The log has the details.")
        self.notice.show_error(error)

    # the rest

    @Slot(object)
    def _choose_scheme(self, scheme: Scheme) -> None:
        self.theme.choose(scheme)

    @Slot()
    def show_help(self) -> None:
        """The keys."""
        show_keys(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        take_files(self, [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.shut_down()
        event.accept()

    def shut_down(self) -> None:
        """Stop in order: what comes in, what goes out, what reads, what writes. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._prompt.close()
        self.tasks.close()
        self.vault_desk.close()
        self.answers.close()
        self.conversations.close()
        window_state.save(self, self._settings)
        self.hide()  # what is in flight may take seconds, and nobody looks at it
        self.listening.close()
        self.runs.close()
        self.composer.close_down()
        self.feed.close()
        self.keeping.close()
        self.worker.close()
        self._marking.close()
        self.setup.close()
        self.listening.close()
        self.workbench.close()
