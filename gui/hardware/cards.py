"""The cards of the hardware view, each built from a report."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from engine.api import HardwareReport, headline, sizes, typical_fits
from gui.desk import TONES
from gui.hardware.words import memory_rows, processor_line, rate_words
from gui.theme.theme import current
from gui.widgets.charts import LineChart
from gui.widgets.flow import FlowLayout
from gui.widgets.frames import Card, frame
from gui.widgets.labels import Pill, label

TIPS = {
    "good": "Used by Chaski's kernels",
    "neutral": "Present, not used",
    "off": "This processor does not have it",
}


def headline_card(report: HardwareReport) -> Card:
    """What people want to know first: which models run here."""
    first, second = headline(report)
    card = Card(first)
    card.box.setSpacing(current().px(4))
    card.box.addWidget(label(second, "muted", wrap=True))
    return card


def processor_card(report: HardwareReport) -> Card:
    px = current().px
    card = Card("Processor")
    card.box.addWidget(label(report.cpu_name, "strong", wrap=True))
    card.box.addWidget(label(processor_line(report), "muted", wrap=True))
    card.box.addSpacing(px(4))
    pills = QWidget()
    flow = FlowLayout(pills, px(5))
    for feature in report.simd:
        tone = "good" if feature.used else "neutral" if feature.present else "off"
        text = f"{feature.name} ✓" if feature.used else feature.name
        flow.addWidget(Pill(text, tone, TIPS[tone], height=26))
    card.box.addWidget(pills)
    words = "✓ used by Chaski's kernels, compiled for this processor"
    if not any(feature.used for feature in report.simd):
        words = "What the kernels use is known once a model has been opened"
    card.box.addWidget(label(words, "small", wrap=True))
    for note in report.notes:
        card.box.addWidget(label(note, "small", wrap=True))
    card.box.addStretch(1)
    return card


def memory_card(report: HardwareReport) -> Card:
    card = Card("Memory and disk")
    px = current().px
    rows = memory_rows(report)
    table = QVBoxLayout()
    table.setSpacing(px(9))
    for i, (name, words) in enumerate(rows):
        line = QHBoxLayout()
        caption = label(name, "muted")
        caption.setFixedWidth(px(160))
        line.addWidget(caption)
        line.addWidget(label(words, wrap=True), 1)
        table.addLayout(line)
        if i < len(rows) - 1:
            table.addWidget(frame("rule"))
    card.box.addSpacing(px(4))
    card.box.addLayout(table)
    card.box.addStretch(1)
    return card


def bandwidth_card(report: HardwareReport) -> Card:
    card = Card("Memory bandwidth by threads")
    card.box.setSpacing(current().px(2))
    if len(report.bandwidth_by_threads) > 1:
        card.box.addWidget(label("GB/s", "small"))
        chart = LineChart("Memory bandwidth by threads")
        chart.set_points([(float(n), b / 1e9) for n, b in report.bandwidth_by_threads])
        card.box.addWidget(chart)
    else:
        words = "Not measured yet. Measure, and the speeds beside become exact for this machine."
        if report.bandwidth:
            words = f"{sizes.rate(report.bandwidth)}, measured with one thread."
        card.box.addWidget(label(words, "muted", wrap=True))
    card.box.addStretch(1)
    return card


def models_card(report: HardwareReport) -> Card:
    """Well-known sizes at Q4_K_M: the arithmetic that stands behind every fit label."""
    card = Card("What models of each size need")
    card.box.setSpacing(current().px(2))
    words = "At Q4_K_M (about 4 bits a weight), with a context of 4,096 tokens"
    card.box.addWidget(label(words, "small", wrap=True))
    px = current().px
    grid = QGridLayout()
    grid.setContentsMargins(0, px(10), 0, 0)
    grid.setVerticalSpacing(px(8))
    grid.setHorizontalSpacing(px(16))
    for i, (billions, found) in enumerate(typical_fits(report)):
        speed = rate_words(found.tokens_per_second)
        grid.addWidget(label(f"{billions}B", "strong"), i, 0)
        grid.addWidget(label(sizes.memory(found.needed)), i, 1)
        grid.addWidget(label(speed, "muted"), i, 2)
        grid.addWidget(Pill(found.label, TONES[found.verdict], found.text), i, 3)
    for column in (1, 2):
        grid.setColumnStretch(column, 1)
    card.box.addLayout(grid)
    card.box.addStretch(1)
    return card
