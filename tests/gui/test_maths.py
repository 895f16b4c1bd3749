"""Formulas and the rest of Markdown in a document: pictures, copies, tables, rules."""

import pytest
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.prose import maths
from gui.prose.prose import Prose
from gui.prose.prose_writer import RULE
from gui.prose.rich_text import RichText
from gui.theme.theme import Theme, current

ANY = ("#111111", False)


@pytest.fixture
def shown(qapp: QApplication, qtbot: QtBot) -> RichText:
    Theme(qapp)
    made = RichText()
    qtbot.addWidget(made)
    return made


def prose(text: RichText) -> Prose:
    return text.findChildren(Prose)[0]


def copied(text: RichText) -> str:
    part = prose(text)
    part.selectAll()
    return part.createMimeDataFromSelection().text()


@pytest.mark.parametrize(
    "tex",
    [
        r"E=mc^2",
        r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}",
        r"\int_0^\infty e^{-x^2}\,dx",
        r"\begin{pmatrix}a & b\\ c & d\end{pmatrix}",
        r"\begin{cases} 1 & x>0\\ 0 & \text{otherwise}\end{cases}",
        r"\begin{align}a &= b \\ c &= d\end{align}",
    ],
)
def test_a_formula_is_drawn(qapp: QApplication, tex: str) -> None:
    found = maths.formula(tex, 16.0, *ANY)
    assert found is not None
    assert found.width > 10
    assert found.ascent > 5
    image = maths.picture(found, 8.0, 2.0)
    assert image.devicePixelRatio() == 2.0
    assert _ink(image) > 50, "something is drawn"


def _ink(image: QImage) -> int:
    return sum(
        image.pixelColor(x, y).alpha() > 128
        for x in range(image.width())
        for y in range(image.height())
    )


@pytest.mark.parametrize(
    "tex", ["", r"\frac{", "{" * 500, "x" * 100_000, r"\left(" * 40, "\\", "^", "&&&", "\0"]
)
def test_what_cannot_be_drawn_has_no_picture_or_a_sane_one(tex: str) -> None:
    found = maths.formula(tex, 16.0, *ANY)
    assert found is None or found.width < 20_000


def test_the_baseline_is_the_lines(qapp: QApplication) -> None:
    """Ascent and descent of the padded picture are those that AlignMiddle gives it."""
    for tex in ("x", "y", r"\frac{a}{b}", "x^2"):
        found = maths.formula(tex, 16.0, *ANY)
        assert found is not None
        height, top = found.padded(8.0)
        ascent = (height + 4.0) / 2
        assert ascent == pytest.approx(top + found.ascent)
        assert height - ascent >= found.descent - 1e-9


def test_formulas_are_copied_as_they_were_written(shown: RichText) -> None:
    text = r"Euler: $e^{i\pi}$ and \(a\)."
    shown.set_source(text)
    assert copied(shown) == text
    assert "\ufffc" in prose(shown).toPlainText(), "they are pictures"


def test_a_broken_formula_stays_as_written(shown: RichText) -> None:
    shown.set_source(r"Broken: $\frac{$ here.")
    assert prose(shown).toPlainText() == r"Broken: $\frac{$ here."


def test_a_displayed_formula_has_a_line_of_its_own(shown: RichText) -> None:
    shown.set_source("Before\n\\[ x \\]\nafter")
    assert prose(shown).toPlainText() == "Before\n\ufffc\nafter"


def test_formulas_follow_the_theme(shown: RichText, qapp: QApplication) -> None:
    def pictures(document: QTextDocument) -> set[str]:
        formats = document.allFormats()
        return {f.toImageFormat().name() for f in formats if f.isImageFormat()}

    shown.set_source("$x$")
    before = pictures(prose(shown).document())
    current().choose("dark")
    shown.rewrite()
    assert pictures(prose(shown).document()) - before


def test_tables_keep_their_alignment_and_breaks(shown: RichText) -> None:
    shown.set_source("| a | b |\n|:-:|--:|\n| x<br>y | H<sub>2</sub>O |")
    document = prose(shown).document()
    blocks = {}
    block = document.begin()
    while block.isValid():
        blocks[block.text()] = block
        block = block.next()
    assert "x\u2028y" in blocks
    assert "H2O" in blocks
    assert blocks["a"].blockFormat().alignment().name == "AlignHCenter"
    assert blocks["b"].blockFormat().alignment().name == "AlignRight"


def test_a_rule_stays_between_its_neighbours(shown: RichText) -> None:
    shown.set_source("above\n\n---\n\nbelow")
    document = prose(shown).document()
    rules = []
    block = document.begin()
    while block.isValid():
        rules.append(block.blockFormat().hasProperty(RULE))
        block = block.next()
    assert rules == [False, True, False]
    assert copied(shown) == "above\n---\nbelow"


def test_tasks_have_boxes(shown: RichText) -> None:
    shown.set_source("- [ ] to do\n- [x] done\n- plain")
    document = prose(shown).document()
    markers, words = [], []
    block = document.begin()
    while block.isValid():
        markers.append(block.blockFormat().marker().name)
        words.append(block.text())
        block = block.next()
    assert words == ["to do", "done", "plain"]
    assert markers == ["Unchecked", "Checked", "NoMarker"]


def test_a_picture_is_a_link_and_nothing_is_loaded(shown: RichText) -> None:
    shown.set_source("![a chart](https://example.com/x.png) ![b](file:///etc/passwd)")
    assert prose(shown).toPlainText() == "a chart ![b](file:///etc/passwd)"
    formats = [f.toCharFormat() for f in prose(shown).document().allFormats() if f.isCharFormat()]
    assert "https://example.com/x.png" in {f.anchorHref() for f in formats}


def test_numbers_of_thoughts_are_as_quiet_as_their_words(qapp: QApplication, qtbot: QtBot) -> None:
    Theme(qapp)
    quiet = RichText(muted=True, pixels=13.0)
    qtbot.addWidget(quiet)
    quiet.set_source("1. one\n2. two")
    block = prose(quiet).document().begin()
    words = block.begin().fragment().charFormat()
    assert block.charFormat().foreground().color() == words.foreground().color()
    assert block.charFormat().fontPointSize() == words.fontPointSize()
