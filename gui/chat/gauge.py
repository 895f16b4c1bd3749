"""The gauge of the context: what takes it, what happens where it is full, and a larger one."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.api import Fit, ModelInfo, Verdict, WhenFull
from gui.chat.attaching import Attaching
from gui.chat.chats import Chats
from gui.chat.composer import Composer
from gui.chat.transcript import Transcript
from gui.chat.typed import Typed
from gui.desk import Desk
from gui.language import figures, tr
from gui.parameter_list import WHEN_FULL
from gui.widgets.bars import Filling, thousands
from gui.widgets.menus import drop_up, round_menu

STEPS = 3  # larger contexts that are offered: twice, four and eight times as much
Grown = tuple[int, Fit]


class Gauge(QObject):
    """Of the chat that is shown."""

    prompt_wanted = Signal()
    opening_wanted = Signal()
    larger_wanted = Signal(int)  # tokens
    policy_chosen = Signal()

    def __init__(
        self,
        desk: Desk,
        chats: Chats,
        composer: Composer,
        transcript: Transcript,
        attaching: Attaching,
    ) -> None:
        super().__init__(composer)
        self._desk, self._chats, self._attaching = desk, chats, attaching
        self._bar, self._transcript = composer.context, transcript
        self._larger: dict[tuple[str, int], list[Grown]] = {}  # that would fit, by model
        self._bar.wanted.connect(self.show_menu)
        attaching.changed.connect(self.update)
        self.typed = Typed(chats, composer)
        self.typed.changed.connect(self.update)
        desk.hardware_changed.connect(self.look_for_room)  # it is not known from the first moment

    def update(self, *_: object) -> None:
        """The figures of the chat, and what waits to be sent."""
        talk, shares = self._chats.talk, self._chats.talk.shares
        used, size = talk.context_fill
        history = max(0, used - shares.system - shares.attached - shares.answer)
        pending = self._attaching.tokens + self.typed.tokens
        self._bar.show_filling(
            Filling(shares.system, shares.attached, history, shares.answer, pending, size)
        )
        self._offer()

    # A larger context

    def look_for_room(self) -> None:
        """Ask, once for each model that is open, which larger contexts would fit."""
        model = self._chats.talk.model
        if model is None or self._desk.hardware is None or _key(model) in self._larger:
            self._offer()
            return
        self._larger[_key(model)] = []
        sizes_of = [model.n_ctx << i for i in range(1, STEPS + 1)]
        wanted = sorted({min(n, model.n_ctx_train) for n in sizes_of if model.n_ctx_train})
        wanted = [n for n in wanted if n > model.n_ctx]
        if wanted:
            work = partial(self._fits, model, wanted)
            self._desk.in_background(work, partial(self._on_fits, model))

    def _fits(self, model: ModelInfo, wanted: list[int]) -> object:
        found = [(n, self._desk.judge_at(model, n)) for n in wanted]
        return [(n, fit) for n, fit in found if fit is not None and fit.verdict != Verdict.NOT]

    def _on_fits(self, model: ModelInfo, found: object) -> None:
        if isinstance(found, list):
            self._larger[_key(model)] = found
            self._offer()

    @property
    def larger(self) -> list[Grown]:
        """Contexts that this chat's model could have here, and what they would need."""
        model = self._chats.talk.model
        return self._larger.get(_key(model), []) if model is not None else []

    def _offer(self) -> None:
        if self.larger:
            n, fit = self.larger[0]
            tip = tr("The model opens again and needs {size:memory} then", size=fit.needed)
            self._transcript.offer_larger(tr("Reopen with {n} context", n=thousands(n)), tip)
        else:
            self._transcript.offer_larger("")

    # The menu

    def show_menu(self) -> None:
        menu = round_menu(self._bar)
        filling = self._bar.filling
        for words, n in filling.parts:
            if n:
                menu.addAction(f"{words}\t{figures(f'{n:,}')}").setEnabled(False)
        free = max(0, filling.size - filling.used - filling.pending)
        left = tr("Free\t{n:,} of {size:,}", n=free, size=filling.size)
        menu.addAction(left).setEnabled(False)
        menu.addSeparator()
        menu.addAction(tr("When it is full:")).setEnabled(False)
        now = self._chats.talk.record.generation.when_full
        for policy, words in WHEN_FULL:
            action = menu.addAction(tr(words))
            action.setCheckable(True)
            action.setChecked(policy == now)
            action.triggered.connect(partial(self._choose, policy))
        menu.addSeparator()
        for n, fit in self.larger:
            words = tr("Reopen with {n} context\t{size:memory}", n=thousands(n), size=fit.needed)
            menu.addAction(words).triggered.connect(partial(self._grow, n))
        if self._chats.talk.model is not None:
            opening = menu.addAction(tr("Context, threads, cache…"))
            opening.triggered.connect(lambda: self.opening_wanted.emit())
            prompt = menu.addAction(tr("Show the prompt…"))
            prompt.triggered.connect(lambda: self.prompt_wanted.emit())
        drop_up(menu, self._bar)

    def _choose(self, policy: WhenFull, *_: object) -> None:
        self._chats.talk.choose_when_full(policy)
        self.policy_chosen.emit()

    def _grow(self, n: int, *_: object) -> None:
        self.larger_wanted.emit(n)


class Growing(QObject):
    """Opens a chat's model again in another way, and goes on where it was."""

    def __init__(self, desk: Desk, chats: Chats, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._chats = desk, chats

    def reopen(self, n_ctx: int, threads: int | None = None, cache_type: str | None = None) -> None:
        """With these wishes from now on. What is not given stays as it was wished."""
        model = self._chats.talk.model
        if model is None:
            return
        others: dict[str, object] = {}
        if threads is not None:
            others["threads"] = threads
        if cache_type is not None:
            others["cache_type"] = cache_type
        self._desk.wish(
            model,
            lambda wishes: replace(wishes, n_ctx=n_ctx, **others),  # type: ignore[arg-type]
            lambda: self._desk.reopen_model(model),
        )


def _key(model: ModelInfo) -> tuple[str, int]:
    return str(model.path), model.n_ctx
