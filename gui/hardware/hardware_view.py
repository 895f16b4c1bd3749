"""This machine: what the processor can do, what the kernels use of it, memory, measurements."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from engine.base.events import HardwareReport
from gui.desk import Desk
from gui.hardware.words import memory_rows, processor_line, rate, report_text
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.charts import LineChart
from gui.widgets.flow import FlowLayout
from gui.widgets.frames import Card, frame, page
from gui.widgets.labels import Pill, label
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
        self._copy.setEnabled(True)
        self._measure.setText("Measure again" if report.bandwidth else "Measure")
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(current().px(16))
        grid.addWidget(_processor_card(report), 0, 0)
        grid.addWidget(_memory_card(report), 0, 1)
        if report.bandwidth_by_threads:
            grid.addWidget(_bandwidth_card(report), 1, 0)
        grid.addWidget(
            _meaning_card(report),
            1,
            1 if report.bandwidth_by_threads else 0,
            1,
            1 if report.bandwidth_by_threads else 2,
        )
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


def _processor_card(report: HardwareReport) -> Card:
    card = Card("Processor")
    card.box.addWidget(label(report.cpu_name, "strong", wrap=True))
    card.box.addWidget(label(processor_line(report), "muted", wrap=True))
    pills = QWidget()
    flow = FlowLayout(pills, current().px(4))
    for feature in report.simd:
        tone = "good" if feature.used else "neutral" if feature.present else "off"
        tip = {
            "good": "Used by Chaski's kernels",
            "neutral": "Present, not used",
            "off": "This processor does not have it",
        }[tone]
        flow.addWidget(Pill(f"{feature.name} ✓" if feature.used else feature.name, tone, tip))
    card.box.addWidget(pills)
    card.box.addWidget(
        label("✓ used by Chaski's kernels, compiled for this processor", "small", wrap=True)
    )
    for note in report.notes:
        card.box.addWidget(label(note, "small", wrap=True))
    card.box.addStretch(1)
    return card


def _memory_card(report: HardwareReport) -> Card:
    card = Card("Memory and disk")
    rows = memory_rows(report)
    px = current().px
    table = QVBoxLayout()
    table.setSpacing(px(9))
    for i, (name, words) in enumerate(rows):
        line = QHBoxLayout()
        caption = label(name, "muted")
        caption.setFixedWidth(px(150))
        line.addWidget(caption)
        line.addWidget(label(words, wrap=True), 1)
        table.addLayout(line)
        if i < len(rows) - 1:
            table.addWidget(frame("rule"))
    card.box.addSpacing(px(4))
    card.box.addLayout(table)
    card.box.addStretch(1)
    return card


def _bandwidth_card(report: HardwareReport) -> Card:
    card = Card("Memory bandwidth by threads")
    card.box.addWidget(label("GB/s", "small"))
    chart = LineChart("Memory bandwidth by threads")
    chart.set_points([(float(n), b / 1e9) for n, b in report.bandwidth_by_threads])
    card.box.addWidget(chart)
    return card


def _meaning_card(report: HardwareReport) -> Card:
    """The arithmetic behind every speed: each token reads all weights once."""
    card = Card("What this means for models")
    if not report.bandwidth:
        words = (
            "For each token the processor reads every weight of the model once, so the speed "
            "of the memory is the limit. Measure it, and Chaski can tell how fast a model "
            "will be here."
        )
        card.box.addWidget(label(words, "muted", wrap=True))
        return card
    words = f"Each token reads every weight once; the memory gives {rate(report.bandwidth)}."
    card.box.addWidget(label(words, "small", wrap=True))
    card.box.addWidget(_limits(report))
    card.box.addStretch(1)
    return card


def _limits(report: HardwareReport) -> QWidget:
    """For well-known sizes at about 4.85 bits a weight: fits or not, and the limit of speed."""
    table = QWidget()
    grid = QGridLayout(table)
    px = current().px
    grid.setContentsMargins(0, px(6), 0, 0)
    grid.setVerticalSpacing(px(9))
    for i, billions in enumerate((1, 4, 8, 14, 32)):
        weights = billions * 1e9 * 4.85 / 8
        fits = weights * 1.15 + (1 << 30) < report.ram_available
        speed = report.bandwidth / weights
        grid.addWidget(label(f"{billions}B at Q4_K_M"), i, 0)
        grid.addWidget(label(f"{weights / 1e9:.1f} GB", "muted"), i, 1)
        grid.addWidget(label(f"up to {speed:.0f} tok/s" if fits else "–", "muted"), i, 2)
        tone = "bad" if not fits else "good" if speed >= 7 else "warn"
        text = {"bad": "Does not fit", "good": "Runs well", "warn": "Runs slowly"}[tone]
        grid.addWidget(Pill(text, tone), i, 3)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(2, 1)
    return table
