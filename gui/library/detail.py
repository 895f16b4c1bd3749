"""One model on a panel: what is known of it, what is said of it, and what can be done with it."""

import time
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from engine.api import Fit, ModelDefaults, ModelInfo, discover, sizes
from gui.known import KnownModel, title_of
from gui.language import figures, marked, said, tr
from gui.library.defaults_form import DefaultsForm
from gui.library.words import Pill, ago, second_line, type_sentence
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.flow import FlowLayout
from gui.widgets.frames import frame, row, scroller
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.labels import Pill as PillLabel

WIDTH = 348
PRECEDENCE = marked("They come before Settings; what a chat chooses comes before them.")
STALE = marked("Opened with other values; they count once it is opened anew.")


class NoteField(QPlainTextEdit):
    """Tells its text when the focus leaves it."""

    left = Signal(str)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit(self.toPlainText())


class Detail(QFrame):
    """Shows what it is given; what is wanted goes out as signals."""

    closed = Signal()
    chat_wanted = Signal(object)  # KnownModel
    menu_wanted = Signal(object)
    inspect_wanted = Signal(object)
    renamed = Signal(object, str)
    tagged = Signal(object, list)
    noted = Signal(object, str)
    wished = Signal(object, ModelDefaults)
    reopen_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.model: KnownModel | None = None
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name in the list"))
        self.name.setToolTip(tr("Its name in the list; the file keeps its own"))
        self.name.editingFinished.connect(self._rename)
        self.pill = PillLabel("", "neutral")
        self.given = label("", "small", wrap=True)
        self.chat = Button(tr("Chat"), "message-square", "primary", True)
        self.chat.clicked.connect(lambda: self.chat_wanted.emit(self.model))
        self.look = Button(
            tr("Look inside"), "file", "plain", True, tr("Metadata and tensors of the file")
        )
        self.look.clicked.connect(lambda: self.inspect_wanted.emit(self.model))
        self.more = Button(
            tr("More"), "ellipsis", "plain", True, tr("Verify, move, show in folder, …")
        )
        self.more.clicked.connect(lambda: self.menu_wanted.emit(self.model))
        self.fit = label("", "small", wrap=True)
        self.special = label("", "small", wrap=True)
        self.checked = label("", "small", wrap=True)
        self.facts = QGridLayout()
        self.tags = QLineEdit()
        self.tags.setAccessibleName(tr("Tags"))
        self.tags.setPlaceholderText(tr("coding, French, small"))
        self.tags.setProperty("small", True)
        self.tags.editingFinished.connect(self._tag)
        self.notes = NoteField()
        self.notes.setAccessibleName(tr("Notes"))
        self.notes.setPlaceholderText(tr("What it is good at, where it came from"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(current().px(72))
        self.notes.left.connect(self._note)
        self.form = DefaultsForm()
        self.form.changed.connect(lambda wish: self.wished.emit(self.model, wish))
        self.stale = QWidget()
        self._verdicts: dict[str, str] = {}  # by path: what came of looking at it
        self._lay_out()
        self._measure()
        current().follow(self, self._measure)

    def _lay_out(self) -> None:
        px = current().px
        close = icon_button("x", tr("Close the details"), self.closed.emit)
        head = row(label(tr("Details"), "section"), None, close)
        head.setContentsMargins(px(16), px(12), px(12), px(4))
        canvas = QWidget()
        canvas.setProperty("role", "canvas")
        box = QVBoxLayout(canvas)
        box.setContentsMargins(px(16), px(4), px(16), px(16))
        box.setSpacing(px(8))
        box.addWidget(self.name)
        box.addWidget(self.given)
        actions = QWidget()
        flow = FlowLayout(actions, px(6))
        for button in (self.chat, self.look, self.more):
            flow.addWidget(button)
        box.addWidget(actions)
        box.addLayout(row(self.pill, None))
        box.addWidget(self.fit)
        box.addWidget(self.special)
        box.addWidget(self.checked)
        box.addWidget(frame("rule"))
        self.facts.setHorizontalSpacing(px(12))
        self.facts.setVerticalSpacing(px(5))
        self.facts.setColumnStretch(1, 1)
        box.addLayout(self.facts)
        self._own = QWidget()
        own = QVBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(px(8))
        for part in (frame("rule"), label(tr("Tags"), "group"), self.tags):
            own.addWidget(part)
        for part in (label(tr("Notes"), "group"), self.notes, frame("rule")):
            own.addWidget(part)
        own.addWidget(label(tr("Defaults of this model"), "group"))
        own.addWidget(label(tr(PRECEDENCE), "small", wrap=True))
        own.addLayout(self._stale())
        own.addWidget(self.form)
        box.addWidget(self._own)
        box.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(scroller(canvas), 1)

    def _stale(self) -> QVBoxLayout:
        px = current().px
        again = Button(
            tr("Reopen"), "refresh-cw", "plain", True, tr("Open it anew with these values")
        )
        again.clicked.connect(lambda: self.reopen_wanted.emit(self.model))
        box = QVBoxLayout(self.stale)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(6))
        box.addWidget(label(tr(STALE), "small", wrap=True))
        box.addLayout(row(again, None))
        outer = QVBoxLayout()
        outer.addWidget(self.stale)
        return outer

    def _measure(self) -> None:
        self._room = current().px(WIDTH)

    def stand(self, alone: bool) -> None:
        """Beside the list, or in its place."""
        if alone:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
        else:
            self.setFixedWidth(self._room)

    # What is shown

    def show_model(
        self,
        model: KnownModel,
        info: ModelInfo | None,
        fit: Fit | None,
        pill: Pill,
        *,
        is_stale: bool = False,
    ) -> None:
        """What is being typed for this model is not rewritten."""
        is_other = self.model is None or model.path != self.model.path
        if is_other:
            self.leave()
        self.model = model
        self.chat.describe(tr("Chat with {model}", model=title_of(model)))
        if is_other or not self.name.hasFocus():
            self.name.setText(title_of(model))
            self.name.setCursorPosition(0)
        self.name.setReadOnly(model.built_in)
        given = model.name if model.name != title_of(model) else ""
        self.given.setText(tr("It calls itself {name}", name=given) if given else "")
        self.given.setVisible(bool(given))
        self.pill.set_state(*pill)
        self.pill.setVisible(bool(pill[0]))
        words = said(fit.text) if fit is not None and not model.built_in else ""
        words = second_line(model) if model.problem else words
        self.fit.setText(words[:1].upper() + words[1:])
        self.fit.setVisible(bool(words))
        self._show_special(model)
        self._show_checked()
        self._show_facts(model, info, fit)
        self._own.setVisible(not model.built_in)
        if is_other or not self.tags.hasFocus():
            self.tags.setText(", ".join(model.tags))
            self.tags.setCursorPosition(0)  # of many, the first are seen
        if is_other or not self.notes.hasFocus():
            with QSignalBlocker(self.notes):
                self.notes.setPlainText(model.notes)
        self.form.show_values(model.defaults, model.n_ctx_train)
        self.stale.setVisible(is_stale)

    def show_verdict(self, path: str, words: str) -> None:
        """What came of verifying the file."""
        self._verdicts[path] = words
        self._show_checked()

    def _show_special(self, model: KnownModel) -> None:
        """How it computes, unlike others."""
        found = model.forecast.special if model.forecast is not None else ()
        lines = [said(words) for words in found]
        self.special.setText("\n".join(line[:1].upper() + line[1:] for line in lines))
        self.special.setVisible(bool(lines))

    def _show_checked(self) -> None:
        words = self._verdicts.get(self.model.path, "") if self.model is not None else ""
        self.checked.setText(words)
        self.checked.setVisible(bool(words))

    def _show_facts(self, model: KnownModel, info: ModelInfo | None, fit: Fit | None) -> None:
        while (item := self.facts.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.deleteLater()
        for line, (name, words, tip) in enumerate(facts(model, info, fit, time.time())):
            value = ElidedLabel(words, "smallText")
            value.explain(tip)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.facts.addWidget(label(name, "tiny"), line, 0)
            self.facts.addWidget(value, line, 1)

    def show_kept(self) -> None:
        """What was typed was refused: what is kept stands there again."""
        if self.model is not None:
            self.name.setText(title_of(self.model))
            self.tags.setText(", ".join(self.model.tags))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in a field gives up what was typed there, and only then closes the panel."""
        typed = any(field.hasFocus() and field.isModified() for field in (self.name, self.tags))
        if event.key() == Qt.Key.Key_Escape and typed:
            self.show_kept()
        else:
            super().keyPressEvent(event)

    # What is typed

    def leave(self) -> None:
        """Tell what was typed and not told yet; another model, or none, is shown next."""
        if self.model is not None:
            self.form.tell_now()
            self._note(self.notes.toPlainText())
            self._tag()
            self._rename()

    def _rename(self) -> None:
        model, name = self.model, self.name.text().strip()
        is_typed = self.name.isModified() and model is not None and name != title_of(model)
        if is_typed and model is not None and not model.built_in:
            if name:
                self.renamed.emit(model, name)
            else:
                self.name.setText(title_of(model))

    def _tag(self) -> None:
        tags = [tag.strip().removeprefix("#") for tag in self.tags.text().split(",")]
        tags = list(dict.fromkeys(tag for tag in tags if tag))
        is_typed = self.tags.isModified()
        if is_typed and self.model is not None and tuple(tags) != self.model.tags:
            self.tagged.emit(self.model, tags)

    def _note(self, text: str) -> None:
        if self.model is not None and text.strip() != self.model.notes.strip():
            self.noted.emit(self.model, text.strip())


def facts(
    model: KnownModel, info: ModelInfo | None, fit: Fit | None, now: float
) -> list[tuple[str, str, str]]:
    """Names, values, and what explains them; only what is known."""
    weights = figures(sizes.parameters(model.parameters))
    measured = figures(sizes.speed(model.tokens_per_second, is_measured=True))
    trained = tr("{n:,} tokens", n=model.n_ctx_train) if model.n_ctx_train else ""
    opened = tr("{n:,} tokens", n=info.n_ctx) if info is not None else ""
    foretold = fit.tokens_per_second if fit is not None and not model.built_in else 0.0
    rows = [
        (tr("Family"), said(discover.family_name(model.architecture)), model.architecture),
        (tr("Parameters"), weights, ""),
        (tr("Type"), model.type_name, type_sentence(model.type_name)),
        (tr("File"), figures(model.size), tr("{n:,} {n:byte|bytes}", n=model.file_bytes)),
        (tr("Trained context"), trained, ""),
        (tr("Open with"), opened, ""),
        (tr("Kept by"), model.source, tr("Its file is read where it lies, and never changed")),
        (tr("Reads pictures"), Path(model.pictures).name if model.pictures else "", model.pictures),
        (tr("Speed, measured"), measured if model.tokens_per_second else "", tr("At its last use")),
        (tr("Speed, foretold"), f"≈ {figures(sizes.speed(foretold))}" if foretold else "", ""),
        (tr("Last used"), "" if model.built_in else ago(model.last_used, now), ""),
        (tr("Added"), ago(model.added, now) if model.added > 1 else "", ""),
        ("SHA-256", model.sha256, tr("Of the whole file, when it was last verified")),
        (tr("Folder"), "" if model.built_in else str(Path(model.path).parent), str(model.path)),
        (tr("File name"), "" if model.built_in else Path(model.path).name, str(model.path)),
    ]
    return [(name, words, tip or words) for name, words, tip in rows if words]
