"""Compare: one question, two models or two ways of choosing words, side by side.

The chat goes on with the answer that is kept; the other one is its variant. Nothing is written into
the chat before that. With one model both sides share its passes, and the question is read once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout, QWidget

from engine.api import ChatSettings, ModelInfo, SamplingParams, Verdict
from engine.base.attachments import Attachment
from engine.base.conversation import Turn
from gui.chat.compare_column import SideColumn, right_of, warmth_words
from gui.chat.compare_side import Side
from gui.chat.conversation import Conversation
from gui.chat.question import Question
from gui.desk import Desk, KnownModel
from gui.language import marked, tr
from gui.presets import BUILT_IN, shown
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import Header, frame, row
from gui.widgets.labels import ElidedLabel, Pill
from gui.widgets.menus import drop_down, round_menu, unmarked

WARMTHS = (0.0, 0.4, 0.8, 1.2)  # temperatures to choose among
HINT = marked("Choose another model above, or another temperature; then let both sides answer.")
BOTH = marked(
    "Both models do not fit into memory at once. This one answers when the other has, in its room."
)


@dataclass(frozen=True)
class Asked:
    """What is compared: `turn` is the chat's own question, or None for one that is new."""

    talk: Conversation
    text: str
    attached: tuple[Attachment, ...] = ()
    turn: Turn | None = None


class Comparison(QFrame):
    """The page; `closed` and `kept` when it is over."""

    closed = Signal()
    kept = Signal(object, object)  # Asked, the answers (Turn): the one that is kept comes last

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes to what is in it
        self.setAccessibleName(tr("Compare"))
        self._desk = desk
        self._asked: Asked | None = None
        self._shown_question: Question | None = None
        self._waits: dict[str, Side] = {}  # by the file of the model that is being opened
        self._after: Side | None = None  # answers when the other side has ended
        self._title = ElidedLabel("", "heading")
        self._start = Button(tr("Answer on both sides"), kind="primary", on_click=self.ask_both)
        self._keep = Button(tr("Keep one"), tip=tr("Put one of the answers into the chat"))
        self._keep.clicked.connect(self._show_keep)
        close = icon_button("x", tr("Leave the comparison: Esc"), self.leave, "", "plain", False)
        head = Header()
        head.box.insertWidget(0, self._title)
        head.box.insertWidget(1, Pill(tr("Compare"), height=24))
        for button in (self._start, self._keep, close):
            head.box.addWidget(button)
        self._question = QWidget()
        self._question_box = QVBoxLayout(self._question)
        px = current().px
        self._question_box.setContentsMargins(px(22), px(12), px(22), px(12))
        rule = frame("rule")
        self.sides = [Side(desk.engine, self) for _ in range(2)]
        self.columns = [SideColumn(side, self) for side in self.sides]
        right_of(self.columns[1])
        body = row(*self.columns, spacing=0)
        body.setStretch(0, 1)
        body.setStretch(1, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(head)
        outer.addWidget(self._question)
        outer.addWidget(rule)
        outer.addLayout(body, 1)
        for column in self.columns:
            self._connect(column)
        desk.loaded.connect(self._on_loaded)
        desk.load_failed.connect(self._on_load_failed)
        current().follow(self, self._rewrite)

    def _connect(self, column: SideColumn) -> None:
        side = column.side
        column.model_wanted.connect(lambda: self._show_models(column))
        column.ways_wanted.connect(lambda: self._show_ways(column))
        column.again.connect(lambda: self._ask(side))
        column.kept.connect(lambda: self._keep_side(side))
        side.ended.connect(lambda: self._on_ended(side))

    # What is compared

    def begin(self, asked: Asked, title: str) -> None:
        """Show the question; the first side is as the chat is, the other differs a little."""
        self.drop()
        self._asked = asked
        self._title.set_full(title or tr("A new question"))
        talk, record = asked.talk, asked.talk.record
        first, second = self.sides
        path = str(talk.model.path) if talk.model else record.model_path
        own = record.sampling or (talk.model.default_sampling if talk.model else SamplingParams())
        others = [m for m in self._desk.models() if str(m.path) != path]
        self._give(first, talk.model.name if talk.model else record.model, path, own)
        if others:
            self._give(second, others[-1].name, str(others[-1].path), None)
        else:
            warmer = replace(own, temperature=1.2 if own.temperature < 1 else 0.4)
            self._give(second, first.name, path, warmer)
        self._show_question(asked)
        for column in self.columns:
            column.side.turn = Turn(0, "assistant", "")
            column.say("")
            column.clear()
        self.columns[1].say(tr(HINT))
        self._show_state()

    def _give(self, side: Side, name: str, path: str, sampling: SamplingParams | None) -> None:
        model, known = self._desk.model_at(path), self._desk.known_at(path)
        side.name, side.path = name, path
        side.sampling, side.preset = sampling, ""
        side.system, side.system_name = None, ""
        side.kind = model.type_name if model else known.detail.split(" · ")[0] if known else ""

    def _show_question(self, asked: Asked) -> None:
        while (item := self._question_box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        turn = asked.turn or Turn(0, "user", asked.text, attachments=asked.attached)
        made = Question(turn, 0, 1)
        made.set_busy(True)
        made.setMaximumHeight(current().px(180))
        self._question_box.addWidget(made)
        made.show_between(0, current().px(180))
        self._shown_question = made

    def _show_state(self) -> None:
        busy = any(side.busy for side in self.sides) or bool(self._waits) or self._after is not None
        self._start.setEnabled(not busy and all(side.path for side in self.sides))
        self._start.setVisible(not all(side.turn.text for side in self.sides))
        self._keep.setEnabled(not busy and any(side.turn.text for side in self.sides))
        for column in self.columns:
            column.show_state()

    # Choosing

    def _show_models(self, column: SideColumn) -> None:
        menu = round_menu(self)
        for name, path, kind in self._models():
            action = menu.addAction(unmarked(f"{name}  ·  {kind}" if kind else name))
            action.setCheckable(True)
            action.setChecked(path == column.side.path)
            action.triggered.connect(partial(self._choose_model, column, name, path))
        drop_down(menu, column.model)

    def _models(self) -> list[tuple[str, str, str]]:
        """Names, files and tensor types: those that are open first."""
        found = {str(model.path): (model.name, model.type_name) for model in self._desk.models()}
        for known in self._desk.known:
            if not known.problem:
                found.setdefault(known.path, (known.name, known.detail.split(" · ")[0]))
        return [(name, path, kind) for path, (name, kind) in found.items()]

    def _choose_model(self, column: SideColumn, name: str, path: str, _on: bool = False) -> None:
        side = column.side
        if path != side.path:
            self._give(side, name, path, None)
        self._show_state()

    def _show_ways(self, column: SideColumn) -> None:
        """How this side shall answer: its temperature, a preset, another system prompt."""
        side = column.side
        menu = round_menu(self)
        own = menu.addAction(tr("The model's own values"))
        own.triggered.connect(partial(self._choose_sampling, column, None, ""))
        model = self._desk.model_at(side.path)
        base = side.sampling or (model.default_sampling if model else SamplingParams())
        for warmth in WARMTHS:
            sampling = replace(base, temperature=warmth)
            action = menu.addAction(warmth_words(sampling).capitalize())
            action.setCheckable(True)
            action.setChecked(side.sampling is not None and base.temperature == warmth)
            action.triggered.connect(partial(self._choose_sampling, column, sampling, ""))
        presets = menu.addMenu(tr("Preset"))
        for name, values in {**BUILT_IN, **self._desk.presets.all}.items():
            action = presets.addAction(unmarked(shown(name)))
            action.triggered.connect(partial(self._choose_sampling, column, values, shown(name)))
        self._add_prompts(menu, column)
        drop_down(menu, column.ways)

    def _add_prompts(self, menu: QMenu, column: SideColumn) -> None:
        side = column.side
        prompts = menu.addMenu(tr("System prompt"))
        choices: list[tuple[str, str | None]] = [(tr("As in the chat"), None), (tr("None"), "")]
        choices += self._desk.prompts.all.items()
        for name, text in choices:
            action = prompts.addAction(unmarked(name))
            action.setCheckable(True)
            action.setChecked(side.system == text)
            called = "" if text is None else tr("System prompt: {name}", name=name)
            action.triggered.connect(partial(self._choose_system, column, text, called))

    def _choose_sampling(
        self, column: SideColumn, sampling: SamplingParams | None, name: str, _on: bool = False
    ) -> None:
        column.side.sampling, column.side.preset = sampling, name
        self._show_state()

    def _choose_system(
        self, column: SideColumn, system: str | None, name: str, _on: bool = False
    ) -> None:
        column.side.system, column.side.system_name = system, name
        self._show_state()

    # Asking

    def ask_both(self) -> None:
        """At once where memory allows, and of one model in shared passes; else one after the
        other."""
        first, second = self.sides
        if not self._start.isEnabled():
            return
        if first.path == second.path:
            first.read.connect(self._ask_second, Qt.ConnectionType.SingleShotConnection)
            self._ask(first)
        elif self._fit_both():
            self._ask(first)
            self._ask(second)
        else:
            self._after = second
            self.columns[1].say(tr(BOTH))
            self._ask(first)

    def _ask_second(self) -> None:
        """What the first has read is lent to the second: it is read once."""
        self._ask(self.sides[1])

    def _fit_both(self) -> bool:
        """By what the headers foretell; what is not known is tried."""
        unopened = [side.path for side in self.sides if self._desk.model_at(side.path) is None]
        fits = [self._desk.judge(known) for path in unopened if (known := self._known(path))]
        return all(fit is None or fit.verdict is not Verdict.NOT for fit in fits)

    def _known(self, path: str) -> KnownModel | None:
        return self._desk.known_at(path)

    def _ask(self, side: Side) -> None:
        """With its model, which is opened first if need be."""
        model = self._desk.model_at(side.path)
        column = self.columns[self.sides.index(side)]
        if model is None:
            self._waits[side.path] = side
            column.say(tr("Opening {model}…", model=side.name))
            self._desk.open_model(side.path)
        else:
            self._begin(side, model)
        self._show_state()

    def _begin(self, side: Side, model: ModelInfo) -> None:
        asked = self._asked
        if asked is None:
            return
        record = asked.talk.record
        before = record.tree.path(asked.turn.parent) if asked.turn else record.tree.path()
        if asked.turn is not None and asked.turn.parent is None:
            before = []
        question = asked.turn or Turn(0, "user", asked.text, attachments=asked.attached)
        settings = ChatSettings(record.system, generation=record.generation)
        side.ask(model, [*before, question], settings)

    def _on_loaded(self, model: ModelInfo) -> None:
        side = self._waits.pop(str(model.path), None)
        if side is not None:
            self._begin(side, model)
            self._show_state()

    def _on_load_failed(self, name: str, words: str) -> None:
        for path, side in list(self._waits.items()):
            if not self._desk.is_coming(path):
                del self._waits[path]
                self.columns[self.sides.index(side)].say(words)
        self._show_state()

    def _on_ended(self, side: Side) -> None:
        after = self._after
        if after is not None and side is not after and not side.busy:
            self._after = None
            model = self._desk.model_at(side.path)
            side.drop()
            if model is not None:
                self._desk.close_model(model)
            self._ask(after)
        self._show_state()

    # The end

    def _show_keep(self) -> None:
        menu = round_menu(self)
        for where, side in zip((tr("Left"), tr("Right")), self.sides, strict=True):
            action = menu.addAction(unmarked(f"{where}: {side.name}"))
            action.setEnabled(bool(side.turn.text))
            action.triggered.connect(partial(self._keep_side, side))
        drop_down(menu, self._keep, right=True)

    def _keep_side(self, side: Side, _on: bool = False) -> None:
        asked = self._asked
        if asked is None or not side.turn.text or any(each.busy for each in self.sides):
            return
        others = [each.turn for each in self.sides if each is not side and each.turn.text]
        answers: Sequence[Turn] = [*others, side.turn]
        self.drop()
        self.kept.emit(asked, answers)

    def leave(self) -> None:
        for side in self.sides:
            side.stop()
        self.drop()
        self.closed.emit()

    def drop(self) -> None:
        """Give back what the sides hold; their texts stay until the next comparison."""
        self._waits.clear()
        self._after = None
        for side in self.sides:
            side.drop()

    @property
    def asked(self) -> Asked | None:
        return self._asked

    @property
    def answers(self) -> list[Turn]:
        """Those that there are."""
        return [side.turn for side in self.sides if side.turn.text]

    def show_again(self) -> None:
        """It was left by mistake: all that was written still stands there."""
        self._show_state()

    def _rewrite(self) -> None:
        if self._shown_question is not None:
            self._shown_question.rewrite()
        for column in self.columns:
            column.rewrite()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ask_both()
        else:
            super().keyPressEvent(event)
