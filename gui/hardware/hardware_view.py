"""This machine: what it has, what the kernels make of it, how fast models run, how it is doing."""

import json

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.api import report_json, report_text
from engine.base.events import HardwareReport
from gui.desk import Desk
from gui.hardware.cards import (
    bandwidth_card,
    headline_card,
    memory_card,
    not_measured_card,
    processor_card,
    sizes_card,
)
from gui.hardware.columns import Columns
from gui.hardware.kind import KIND
from gui.hardware.models_card import FEW, MORE, ModelsCard
from gui.hardware.rates_card import RatesCard
from gui.hardware.words import busy_words
from gui.language import tr
from gui.pulse import KeptLine, LiveStrip
from gui.theme.theme import current
from gui.view import View
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.frames import CONTENT, Card, page
from gui.widgets.help_button import help_button
from gui.widgets.labels import label
from gui.widgets.work_list import WorkList
from gui.workers import Feed


class HardwareView(View):
    """Shows the desk's report, and asks for a new one whenever it comes up. Measuring is a job of
    the list: it goes on while other views are looked at, and every window shows what came of it."""

    kind = KIND

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown = ""  # the report in words: of an equal one nothing is drawn anew
        self._all_types, self._most_models = False, FEW  # that are shown
        self._feed = Feed(self)
        self._feed.report.connect(desk.set_hardware)
        self._feed.done.connect(self._on_done)
        self._feed.failed.connect(self._on_failed)
        self._feed.ended.connect(self._bare_bar)
        view, header, self._content = page(tr("This machine"), CONTENT)
        self._make_buttons()
        for button in (self.copy, self.copy_json, self.measure):
            header.box.addWidget(button)
        header.box.addWidget(help_button("speed", tr("What decides speed and memory")))
        self._bar = Bar(3)
        self._bar.hide()
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self._work = WorkList()
        self._work.stopped.connect(desk.works.stop)
        self._work.hide()
        self.live = LiveStrip(desk.pulse)
        self._live_card = Card(tr("Right now"))
        self._live_card.box.addWidget(self.live)
        self.kept = KeptLine(desk.engine)
        self._live_card.box.addWidget(self.kept)
        self.live.looked.connect(self.kept.look)
        self._head, self._body = QWidget(), QWidget()
        for part in (self._bar, self._error, self._work, self._head, self._live_card, self._body):
            self._content.addWidget(part)
        self._content.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view)
        self._pixels = 0  # of the text that all of this was made for
        self._measure_text()
        current().follow(self, self._measure_text)
        desk.hardware_changed.connect(self.refresh)
        desk.works.changed.connect(self._show_work)
        self._show_work()

    def _make_buttons(self) -> None:
        tip = tr("Copy the report as text, for a letter or a forum")
        self.copy = Button(
            tr("Copy as text"), "copy", "plain", True, tip, "Ctrl+Shift+R", self._copy_text
        )
        tip = tr("Copy the report as JSON, for a program")
        self.copy_json = Button("JSON", "copy", "plain", True, tip, on_click=self._copy_json)
        tip = tr("Measure memory, disks and kernels, for half a minute")
        self.measure = Button(tr("Measure"), "", "primary", True, tip, on_click=self._measure)

    @property
    def report(self) -> HardwareReport | None:
        return self._desk.hardware

    # Asking

    def shown(self) -> None:
        """The view is looked at: what is free, what there is and how fast it came may be others."""
        self.refresh()  # Settings may want other threads by now
        self.ask(False)

    def ask(self, measure: bool) -> None:
        if self._feed.running:
            return
        self._error.hide()
        self._bar.setVisible(self.report is None and not measure)
        self._bar.set_fraction(None)
        engine = self._desk.engine
        self._feed.follow(lambda listener: engine.hardware(listener, measure, predict=True))

    def _measure(self) -> None:
        """A look at what there is gives way."""
        self._feed.close()
        self.ask(True)

    def _on_done(self, report: object) -> None:
        if isinstance(report, HardwareReport):
            self._desk.set_hardware(report, whole=True)

    def _on_failed(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.show()

    def _bare_bar(self) -> None:
        self._bar.hide()

    # Showing

    def _show_work(self) -> None:
        work = self._desk.works.measuring
        self._work.show_works([] if work is None else [work])
        self._work.setVisible(work is not None)
        self.measure.setEnabled(work is None)

    def refresh(self) -> None:
        """Draw the desk's report, where it says anything new."""
        report = self.report
        for button in (self.copy, self.copy_json):
            button.setEnabled(report is not None)
        if report is None:
            return
        words = f"{report_text(report)}\n{self._desk.preferences.threads}"
        if words != self._shown:
            self._shown = words
            self._draw(report)

    def _measure_text(self) -> None:
        """Cards are made for one size of text."""
        theme = current()
        if theme.font_pixels != self._pixels:
            self._pixels, self._shown = theme.font_pixels, ""
            px = theme.px
            self._live_card.box.setContentsMargins(px(16), px(16), px(16), px(16))
            self._live_card.box.setSpacing(px(4))
            self.refresh()

    def _draw(self, report: HardwareReport) -> None:
        measured = bool(report.bandwidth)
        self.measure.set_words(tr("Measure again") if measured else tr("Measure"))
        self.measure.set_kind("plain" if measured else "primary")
        self._head = self._put(self._head, headline_card(report, self._find_models))
        self._body = self._put(self._body, Columns(self._rows(report)))

    def _find_models(self) -> None:
        """Such as run here."""
        self.view_wanted.emit("discover", "")

    def _put(self, old: QWidget, fresh: QWidget) -> QWidget:
        self._content.replaceWidget(old, fresh)
        fresh.show()  # Qt would later, and lay out and draw the view as if there were none
        old.hide()
        old.deleteLater()
        return fresh

    def _rows(self, report: HardwareReport) -> list[list[QWidget]]:
        threads = self._desk.preferences.threads
        rows: list[list[QWidget]] = [
            [processor_card(report, threads), memory_card(report)],
        ]
        measured: list[QWidget] = []
        if report.bandwidth:
            measured.append(bandwidth_card(report))
        if report.rates.types:
            rates = RatesCard(report, self._all_types)
            rates.more.clicked.connect(self._show_all_types)
            measured.append(rates)
        if busy_words(report):
            rows.append([_warning(busy_words(report))])
        rows.append(measured or [not_measured_card()])
        measured_here = bool(report.rates.types)
        models = ModelsCard(report.predictions, measured_here, self._most_models)
        models.more.clicked.connect(self._show_more_models)
        return [*rows, [models], [sizes_card(report)]]

    def _show_all_types(self) -> None:
        self._all_types, self._shown = True, ""
        self.refresh()

    def _show_more_models(self) -> None:
        self._most_models, self._shown = self._most_models + MORE, ""
        self.refresh()

    # Copying

    def _copy_text(self) -> None:
        if self.report is not None:
            QGuiApplication.clipboard().setText(report_text(self.report))
            self.copy.confirm()

    def _copy_json(self) -> None:
        if self.report is not None:
            text = json.dumps(report_json(self.report), indent=1, ensure_ascii=False)
            QGuiApplication.clipboard().setText(text)
            self.copy_json.confirm()


def _warning(words: str) -> Card:
    card = Card(role="cardWarn")
    card.box.addWidget(label(words, wrap=True))
    return card
