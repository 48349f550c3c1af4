"""One run as it goes, or as it went: a line that says how, figures, plots, how the pushes ended. Imports PySide6 and
its own room."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.ui import icons
from inspector.ui.advice import in_window
from inspector.ui.certificates.note import ElidedLabel, Note
from inspector.ui.runs.axes import duration
from inspector.ui.runs.driver import Seen
from inspector.ui.runs.failure_notes import FailureNotes
from inspector.ui.runs.figure_row import FigureRow
from inspector.ui.runs.histogram_plot import HistogramPlot
from inspector.ui.runs.outcome_bars import OutcomeBars
from inspector.ui.runs.time_plots import LatencyPlot, RatePlot
from inspector.ui.runs.wording import figures, headline, outcomes, trouble
from inspector.ui.theme import Theme

TWO_COLUMNS_FROM = 640
_ICON = 20
_DESCRIBE_EVERY = 10  # looks; saying the figures aloud ten times a second helps nobody


class RunView(QScrollArea):
    """`save_wanted` carries the ending of the file (`.json`, `.html`), `copy_wanted` and `again_wanted` are buttons."""

    save_wanted = Signal(str)
    copy_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_view_scroll")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._seen: Seen | None = None
        self._looks = 0
        inner = self._inner = QWidget(self)
        self._make_head(inner)
        self.remark = Note(theme, inner)
        self.trouble = Note(theme, inner)
        self.figures = FigureRow(inner)
        self.latency = LatencyPlot(theme, inner)
        self.histogram = HistogramPlot(theme, inner)
        self.rate = RatePlot(theme, inner)
        self.outcomes = OutcomeBars(theme, inner)
        self.failures = FailureNotes(theme, inner)
        self._lay_out(inner)
        self.setWidget(inner)
        theme.changed.connect(self._recolor)

    def _make_head(self, inner: QWidget) -> None:
        self._icon = QLabel(inner)
        self._icon.setFixedSize(_ICON, _ICON)
        self.headline = ElidedLabel(inner, Qt.TextElideMode.ElideRight)
        self.headline.setObjectName("runs_headline")
        self.headline.setProperty("role", "heading")
        self.about = ElidedLabel(inner, Qt.TextElideMode.ElideMiddle)
        self.about.setProperty("role", "muted")
        self.bar = QProgressBar(inner)
        self.bar.setObjectName("runs_progress")
        self.bar.setAccessibleName("Progress")
        self.bar.setTextVisible(False)
        self.save = QPushButton("Sa&ve", inner)
        self.save.setObjectName("runs_save")
        self.save.setAccessibleName("Save the summary")
        self.save.setToolTip("Save what came of it as a file")
        menu = QMenu(self.save)
        for words, ending in (("As JSON, for programs…", ".json"), ("As an HTML page, for people…", ".html")):
            menu.addAction(words).setData(ending)
        menu.triggered.connect(self._save_chosen)
        self.save.setMenu(menu)
        self.copy = QPushButton("&Copy", inner)
        self.copy.setObjectName("runs_copy")
        self.copy.setAccessibleName("Copy the summary")
        self.copy.setToolTip("Copy what came of it as text")
        self.copy.clicked.connect(self.copy_wanted)
        self.again = QPushButton("Run &again", inner)
        self.again.setObjectName("runs_again")
        self.again.setAccessibleName("Run again")
        self.again.setToolTip("Send the same to the same target once more")
        self.again.clicked.connect(self.again_wanted)

    def _lay_out(self, inner: QWidget) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.headline)
        words.addWidget(self.about)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 0)
        head.setSpacing(8)
        head.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        for button in (self.save, self.copy, self.again):
            head.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 12, 4)
        bar.addWidget(self.bar)
        notes = QVBoxLayout()
        notes.setContentsMargins(12, 0, 12, 0)
        notes.setSpacing(4)
        notes.addWidget(self.remark)
        notes.addWidget(self.trouble)
        ends = QWidget(inner)
        ended = QVBoxLayout(ends)
        ended.setContentsMargins(0, 0, 0, 8)
        ended.setSpacing(4)
        title = QLabel("How they ended", ends)
        title.setFont(self.latency.small)
        title.setProperty("role", "muted")
        title.setContentsMargins(12, 4, 12, 0)
        ended.addWidget(title)
        ended.addWidget(self.outcomes)
        ended.addWidget(self.failures)
        ended.addStretch()
        self._ends = ends
        self._plots = QGridLayout()
        self._plots.setContentsMargins(0, 0, 0, 0)
        self._plots.setSpacing(0)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(bar)
        column.addLayout(notes)
        column.addWidget(self.figures)
        line = QFrame(inner)
        line.setProperty("role", "line")
        column.addWidget(line)
        column.addLayout(self._plots, 1)
        self._columns = 0
        self._arrange(2)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        parts = (self.latency, self.histogram, self.rate, self._ends)
        for part in parts:
            self._plots.removeWidget(part)
        for place, part in enumerate(parts):
            self._plots.addWidget(part, place // columns, place % columns)
        for column in range(2):
            self._plots.setColumnStretch(column, 1 if column < columns else 0)
        for row in range(4):
            self._plots.setRowStretch(row, 1 if row < 4 // columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if event.size().width() >= TWO_COLUMNS_FROM else 1)

    # what is shown

    @property
    def seen(self) -> Seen | None:
        """The run that is shown."""
        return self._seen

    def show_seen(self, seen: Seen) -> None:
        """Show a run at a moment."""
        progress = seen.progress
        fresh = self._seen is None or self._seen.number != seen.number
        self._seen = seen
        self._looks = 0 if fresh else self._looks + 1
        if fresh:
            self.verticalScrollBar().setValue(0)
        self.headline.setText(headline(progress))
        self.about.setText(f"{seen.order.source.title} to {seen.order.where}")
        self.bar.setMaximum(max(1, progress.planned))
        self.bar.setValue(progress.sent)
        self.bar.setVisible(progress.running)
        for button in (self.save, self.copy, self.again):
            button.setVisible(not progress.running)
        self.remark.say(seen.remark, severity="info")
        self._show_trouble(seen)
        self.figures.show_figures(figures(progress))
        self.latency.show_stretches(seen.stretches)
        self.histogram.show_histogram(progress.latencies)
        self.rate.show_stretches(seen.stretches, seen.order.source.rate)
        self.outcomes.show_outcomes(outcomes(progress))
        self.failures.show_failures(progress.first_failures)
        if self._looks % _DESCRIBE_EVERY == 0 or not progress.running:
            self._describe(seen)
        self._recolor()

    def _show_trouble(self, seen: Seen) -> None:
        if seen.error is not None:
            self.trouble.say(seen.error.message, in_window(seen.error.next_step))
        elif seen.recorded is not None and seen.recorded.error is not None:
            error = seen.recorded.error
            lost = f"{seen.recorded.lost:,} of the pushes are not in the history: {error.message}"
            self.trouble.say(lost, in_window(error.next_step), "warning")
        else:
            self.trouble.say("")

    def _describe(self, seen: Seen) -> None:
        latencies = seen.progress.latencies
        at = ", ".join(
            f"{name} {duration(latencies.at(share))}"
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        )
        words = (
            f"{at}, longest {duration(latencies.highest)}" if latencies.count else "Nothing was answered yet"
        )
        self.latency.describe(words)
        self.histogram.describe(f"{latencies.count:,} pushes: {words}")
        wanted = seen.order.source.rate
        asked = f", {wanted:,.6g} wanted" if wanted is not None else ""
        self.rate.describe(f"{seen.progress.rate:,.0f} a second{asked}")
        self.outcomes.describe()

    def text(self) -> str:
        """What is shown, in words."""
        shown = (self.remark, self.trouble)
        notes = [f"{one.message.text()} {one.advice.text()}" for one in shown if not one.isHidden()]
        return "\n".join(
            [self.headline.text(), self.about.text(), *notes, self.figures.text(), self.failures.text()]
        )

    @Slot(object)
    def _save_chosen(self, action: object) -> None:
        self.save_wanted.emit(action.data())  # type: ignore[attr-defined] # a QAction

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        if self._seen is not None:
            progress = self._seen.progress
            if progress.running:
                name, color = "speedometer", colors.accent
            elif self._seen.error is not None or trouble(progress) * 2 > max(1, progress.sent):
                name, color = "x-circle", colors.red
            elif progress.cancelled or trouble(progress):
                name, color = "warning-circle", colors.amber
            else:
                name, color = "check-circle", colors.green
            self._icon.setPixmap(icons.pixmap(name, color, _ICON, self.devicePixelRatioF()))
        for button, icon in ((self.save, "floppy-disk"), (self.copy, "copy"), (self.again, "repeat")):
            icons.set_on(button, icon, colors.text, colors.muted)
