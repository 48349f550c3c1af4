"""Draws the cells of the table of rules. Imports PySide6, the theme and the model."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from inspector.listener.rule import Rule
from inspector.listener.rule_trial import Trial, Verdict
from inspector.ui import icons
from inspector.ui.answers.judgement import Judgement
from inspector.ui.answers.rule_model import COLUMNS, JUDGEMENT_ROLE, RULE_ROLE, TRIAL_ROLE
from inspector.ui.answers.wording import fails
from inspector.ui.theme import ROW_HEIGHT, Colors, Theme

PADDING = 8
ICON = 14
BOX = 14
_Index = QModelIndex | QPersistentModelIndex


class RuleDelegate(QStyledItemDelegate):
    """One painter for every column. A click into the first one switches a rule on or off."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(100, ROW_HEIGHT)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        if (
            index.column() == 0
            and isinstance(event, QMouseEvent)
            and event.type() is QEvent.Type.MouseButtonRelease
            and event.button() is Qt.MouseButton.LeftButton
        ):
            on = index.data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
            state = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
            return model.setData(index, state, Qt.ItemDataRole.CheckStateRole)
        return super().editorEvent(event, model, option, index)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colors = self._theme.colors
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            focus = self._view.hasFocus()
            painter.fillRect(rect, QColor(colors.selection if focus else colors.selection_inactive))
        rule: Rule = index.data(RULE_ROLE)
        judgement: Judgement = index.data(JUDGEMENT_ROLE)
        trial: Trial | None = index.data(TRIAL_ROLE)
        key = COLUMNS[index.column()]
        if key == "on":
            self._paint_switch(painter, rect, index, colors, trial)
            return
        left = rect.left() + PADDING
        mark, color = self._mark(key, rule, judgement, trial, colors)
        if mark:
            picture = icons.pixmap(mark, color, ICON, self._view.devicePixelRatioF())
            painter.drawPixmap(left, rect.center().y() - ICON // 2 + 1, picture)
            left += ICON + 6
        font = QFont(self._view.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        if key == "name":
            font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(QColor(self._color(key, rule, judgement, trial, colors)))
        cell = QRect(QPoint(left, rect.top()), QPoint(rect.right() - PADDING, rect.bottom()))
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, cell.width())
        painter.drawText(cell, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    @staticmethod
    def _mark(
        key: str, rule: Rule, judgement: Judgement, trial: Trial | None, colors: Colors
    ) -> tuple[str, str]:
        """The icon beside a cell's text, and its colour."""
        if key == "name":
            if not judgement.sound:
                return "x-circle", colors.red
            if rule.enabled and (judgement.doubts or judgement.place):
                return "warning-circle", colors.amber
        if key == "trial" and trial is not None:
            return {
                Verdict.FIRES: ("check-circle", colors.green),
                Verdict.MAY_FIRE: ("question", colors.amber),
            }.get(trial.verdict, ("x", colors.muted))
        return "", ""

    @staticmethod
    def _color(key: str, rule: Rule, judgement: Judgement, trial: Trial | None, colors: Colors) -> str:
        if not rule.enabled or not judgement.sound:
            return colors.muted
        if trial is not None and trial.verdict not in (Verdict.FIRES, Verdict.MAY_FIRE):
            return colors.muted
        if key == "answer" and fails(rule):
            return colors.red
        return colors.muted if key == "when" else colors.text

    def _paint_switch(
        self, painter: QPainter, rect: QRect, index: _Index, colors: Colors, trial: Trial | None
    ) -> None:
        """The place in the order and the check mark; the rule that fires has a bar at its edge."""
        if trial is not None and trial.fires:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(colors.green))
        on = index.data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
        box = QRectF(rect.left() + 12.5, rect.center().y() - BOX // 2 + 0.5, BOX + 1, BOX + 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.accent if on else colors.strong_border), 1))
        painter.setBrush(QColor(colors.accent if on else colors.surface))
        painter.drawRoundedRect(box, 3, 3)
        painter.restore()
        if on:
            picture = icons.pixmap("check", colors.on_accent, 12, self._view.devicePixelRatioF())
            painter.drawPixmap(round(box.left() + 1), round(box.top() + 1), picture)
        font = QFont(self._view.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        painter.setFont(font)
        painter.setPen(QColor(colors.muted))
        cell = QRect(QPoint(round(box.right()) + 6, rect.top()), rect.bottomRight())
        painter.drawText(
            cell, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(index.row() + 1)
        )
