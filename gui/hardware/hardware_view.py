"""This machine: what the processor can do, what the kernels use of it, memory, measurements."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from engine.api import report_text
from engine.base.events import HardwareReport
from gui.desk import Desk
from gui.hardware.cards import (
    bandwidth_card,
    headline_card,
    memory_card,
    models_card,
    processor_card,
)
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.frames import page
from gui.widgets.labels import label
from gui.workers import Feed


class HardwareView(QWidget):
    """Asks for a report when it is first shown; Measure again also times the memory."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.report: HardwareReport | None = None
        self._feed = Feed(self)
        self._feed.report.connect(self.show_report)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(lambda: self._measuring(False))
        view, header, self._content = page("This machine")
        self._copy = Button(
            "Copy report",
            "copy",
            small=True,
            tip="Copy the report as text",
            shortcut="Ctrl+Shift+R",
            on_click=self._copy_report,
        )
        self._measure = Button(
            "Measure",
            "",
            "primary",
            True,
            "Measure the memory's speed",
            on_click=lambda: self.ask(True),
        )
        header.box.addWidget(self._copy)
        header.box.addWidget(self._measure)
        self._bar = Bar(3)
        self._bar.hide()
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self._body = QWidget()
        self._content.addWidget(self._bar)
        self._content.addWidget(self._error)
        self._content.addWidget(self._body)
        self._content.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view)
        self._copy.setEnabled(False)

    def ask(self, measure: bool) -> None:
        if self._feed.running:
            return
        self._error.hide()
        self._measuring(True)
        self._feed.follow(lambda listener: self._desk.engine.hardware(listener, measure))

    def first_shown(self) -> None:
        if self.report is None:
            self.ask(False)

    def show_report(self, report: HardwareReport) -> None:
        self.report = report
        self._desk.set_hardware(report)
        self._copy.setEnabled(True)
        self._measure.set_words("Measure again" if report.bandwidth else "Measure")
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(current().px(16))
        grid.addWidget(headline_card(report), 0, 0, 1, 2)
        grid.addWidget(processor_card(report), 1, 0)
        grid.addWidget(memory_card(report), 1, 1)
        grid.addWidget(bandwidth_card(report), 2, 0)
        grid.addWidget(models_card(report), 2, 1)
        for side in (0, 1):
            grid.setColumnStretch(side, 1)
        self._content.replaceWidget(self._body, fresh)
        self._body.deleteLater()
        self._body = fresh

    def _measuring(self, on: bool) -> None:
        self._measure.setEnabled(not on)
        self._bar.setVisible(on)
        self._bar.set_fraction(None if on else 1.0)

    def _on_failed(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.show()

    def _copy_report(self) -> None:
        if self.report is not None:
            QGuiApplication.clipboard().setText(report_text(self.report))
            self._copy.set_words("Copied")
