"""The cards of the hardware view that tell what there is, each built from a report."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from engine.api import HardwareReport, headline, sizes, typical_fits
from gui.desk import TONES
from gui.hardware.words import (
    best_line,
    caches_line,
    glued,
    memory_rows,
    processor_line,
    rate_words,
)
from gui.language import figures, marked, said, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.charts import LineChart
from gui.widgets.flow import FlowLayout
from gui.widgets.frames import Card, frame
from gui.widgets.labels import ElidedLabel, Pill, label

TIPS = {
    "good": marked("Used by Chaski's kernels"),
    "neutral": marked("Present, not used"),
    "off": marked("This processor does not have it"),
}
NOT_MEASURED = marked(
    "Measuring takes about half a minute: memory by number of threads, the disks, and how fast "
    "each type of weights is computed. Until then the speeds on this page are estimates."
)


def headline_card(report: HardwareReport, find: Callable[[], object]) -> Card:
    """What people want to know first: which models run here; `find` shows such models."""
    first, second = headline(report)
    card = Card()
    card.box.setSpacing(current().px(4))
    words = QVBoxLayout()
    words.setSpacing(current().px(4))
    words.addWidget(label(said(first), "section", wrap=True))
    words.addWidget(label(glued(said(second)), "muted", wrap=True))
    # One filled action in a view: what was not measured yet is measured first.
    kind = "primary" if report.bandwidth else "plain"
    button = Button(
        tr("Find models that fit"), "search", kind, tip=tr("Look for models"), on_click=find
    )
    line = QHBoxLayout()
    line.setSpacing(current().px(16))
    line.addLayout(words, 1)
    line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
    card.box.addLayout(line)
    return card


def not_measured_card() -> Card:
    card = Card(tr("Not measured yet"))
    card.box.setSpacing(current().px(4))
    card.box.addWidget(label(tr(NOT_MEASURED), "muted", wrap=True))
    return card


def processor_card(report: HardwareReport, asked_threads: int = 0) -> Card:
    px = current().px
    card = Card(tr("Processor"))
    card.box.addWidget(label(report.cpu_name, "strong", wrap=True))
    card.box.addWidget(label(processor_line(report), "muted", wrap=True))
    card.box.addWidget(label(best_line(report, asked_threads), "muted", wrap=True))
    card.box.addSpacing(px(4))
    pills = QWidget()
    flow = FlowLayout(pills, px(5))
    for feature in report.simd:
        tone = "good" if feature.used else "neutral" if feature.present else "off"
        text = f"{feature.name} ✓" if feature.used else feature.name
        flow.addWidget(Pill(text, tone, tr(TIPS[tone]), height=26))
    card.box.addWidget(pills)
    words = tr("✓ used by Chaski's kernels, compiled for this processor")
    if not any(feature.used for feature in report.simd):
        words = tr("What the kernels use is known once a model has been opened")
    for line in (words, caches_line(report), *map(said, report.notes)):
        if line:
            card.box.addWidget(label(line, "small", wrap=True))
    card.box.addStretch(1)
    return card


def memory_card(report: HardwareReport) -> Card:
    card = Card(tr("Memory, disk, graphics"))
    px = current().px
    table = QVBoxLayout()
    table.setSpacing(px(9))
    for i, (name, words) in enumerate(memory_rows(report)):
        if i:
            table.addWidget(frame("rule"))
        line = QHBoxLayout()
        caption = label(name, "muted", wrap=True)
        caption.setFixedWidth(px(140))
        line.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(words, wrap=True), 1)
        table.addLayout(line)
    card.box.addSpacing(px(4))
    card.box.addLayout(table)
    card.box.addStretch(1)
    return card


def bandwidth_card(report: HardwareReport) -> Card:
    card = Card(tr("Memory bandwidth by threads"))
    card.box.setSpacing(current().px(2))
    if len(report.bandwidth_by_threads) > 1:
        words = tr("{unit} that so many threads read together", unit=figures(sizes.RATE))
        card.box.addWidget(label(words, "small", wrap=True))
        chart = LineChart(tr("Memory bandwidth by threads"))
        chart.set_points([(float(n), b / sizes.RATE_BYTES) for n, b in report.bandwidth_by_threads])
        card.box.addWidget(chart)
    else:
        words = tr("{speed:rate}, measured with one thread.", speed=report.bandwidth)
        card.box.addWidget(label(words, "muted", wrap=True))
    card.box.addStretch(1)
    return card


def sizes_card(report: HardwareReport) -> Card:
    """Well-known sizes at Q4_K_M: the arithmetic that stands behind every fit label."""
    card = Card(tr("What models of each size need"))
    card.box.setSpacing(current().px(2))
    words = tr("At Q4_K_M (about 4 bits a weight), with a context of {n:,} tokens", n=4096)
    card.box.addWidget(label(words, "small", wrap=True))
    px = current().px
    grid = QGridLayout()
    grid.setContentsMargins(0, px(10), 0, 0)
    grid.setVerticalSpacing(px(8))
    grid.setHorizontalSpacing(px(16))
    for i, (billions, found) in enumerate(typical_fits(report)):
        speed = rate_words(found.tokens_per_second)
        grid.addWidget(label(f"{billions}B", "strong"), i, 0)
        grid.addWidget(label(figures(sizes.memory(found.needed))), i, 1)
        grid.addWidget(label(speed, "muted"), i, 2)
        grid.addWidget(ElidedLabel(said(found.text), "small"), i, 3)
        grid.addWidget(Pill(said(found.label), TONES[found.verdict], said(found.text)), i, 4)
    grid.setColumnStretch(3, 1)
    card.box.addLayout(grid)
    card.box.addStretch(1)
    return card
