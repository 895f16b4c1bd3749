"""Models: the files this program knows and what can be done with them."""

import time

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui.desk import Desk
from gui.known import KnownModel
from gui.language import tr
from gui.library.deeds import Deeds
from gui.library.detail import Detail
from gui.library.duplicates import Duplicates
from gui.library.kind import KIND
from gui.library.menus import Menus
from gui.library.model_list import ModelRows
from gui.library.parts import ListSide, Top
from gui.library.shown import UNUSED_MONTHS, Wish, items, tally
from gui.theme.theme import current
from gui.view import View
from gui.widgets.frames import frame
from gui.workers import Feed

ROOMY = 940  # of the view, from which on list and details stand side by side
TYPING_MS, MOVING_MS = 120, 60


class LibraryView(View):
    """Shows `desk.known`; what is done with a model goes through its deeds."""

    kind = KIND

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown: object = None  # the list that was shown last, and how
        self._wish = Wish()
        self._wants_details = True
        self._is_roomy = True
        self.deeds = Deeds(desk, self)
        self.rows = ModelRows(desk.judge, desk.model_at, lambda info: info.id in desk.resting)
        self._side = ListSide(self.rows, self._discover, self.file_wanted.emit)
        self.list, self.search, self.sort = self._side.list, self._side.search, self._side.sort
        self.menus = Menus(
            desk,
            self.deeds,
            {
                "chat": self._chat,
                "details": self.show_details,
                "inspect": self._look_inside,
                "rename": lambda model: self.list.rename(model.path),
            },
            self.said.emit,
        )
        self._top = Top(self._show_duplicates, self.file_wanted.emit, self._show_menu_of_list)
        self.detail = Detail()
        self.detail.hide()
        self.duplicates = Duplicates(desk)
        self._reading = Feed(self)  # of all headers, so that all can be searched
        self._was_read = False
        self._typing = _timer(self, TYPING_MS, self.refresh)
        self._moving = _timer(self, MOVING_MS, self._show_detail)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.list)
        self.refresh()

    # How it is put together

    def _lay_out(self) -> None:
        self._page = frame("page")
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._side, 1)
        body.addWidget(self.detail)
        column.addLayout(body, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page)
        self._stack.addWidget(self.duplicates)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._stack)

    def _connect(self) -> None:
        desk, deeds = self._desk, self.deeds
        desk.known_changed.connect(self.refresh)
        desk.known_more.connect(self._show_more)
        for signal in (desk.models_changed, desk.load_ended, desk.loading):
            signal.connect(self._repaint)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.textChanged.connect(lambda text: self._read_all() if text else None)
        self.search.stepped.connect(lambda _step: self._into_list())
        self.sort.currentIndexChanged.connect(self.refresh)
        self._side.unused.toggled.connect(self.refresh)
        self._reading.progress.connect(lambda event: self._tell(event.done, event.total))
        self._reading.ended.connect(self._tell)
        self._reading.ended.connect(desk.refresh_known)
        self._connect_list()
        self._connect_detail()
        deeds.said.connect(self.said)
        deeds.undoable.connect(self.undoable)
        deeds.marked.connect(self.rows.mark)
        deeds.marked.connect(self._show_marked)
        deeds.verified.connect(self.detail.show_verdict)
        deeds.refused.connect(self.detail.show_kept)
        deeds.gone.connect(self.duplicates.take_out)
        deeds.came.connect(self.duplicates.put_back)
        self.duplicates.closed.connect(self._hide_duplicates)
        self.duplicates.trash_wanted.connect(deeds.trash)
        find = QShortcut(QKeySequence("Ctrl+F"), self._page, self.search.setFocus)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _connect_list(self) -> None:
        models = self.list
        models.chat_wanted.connect(self._chat)
        models.details_wanted.connect(self.show_details)
        models.trash_wanted.connect(self._trash)
        models.menu_wanted.connect(self._show_menu)
        models.renamed.connect(self._rename)
        models.seen.connect(self._desk.look_into)
        models.chosen.connect(lambda _model: self._moving.start())
        models.clicked.connect(self._clicked)
        models.resized.connect(self._side.align)

    def _connect_detail(self) -> None:
        detail, deeds = self.detail, self.deeds
        detail.closed.connect(self._close_detail)
        detail.chat_wanted.connect(self._chat)
        detail.inspect_wanted.connect(self._look_inside)
        detail.menu_wanted.connect(self._show_rest)
        detail.renamed.connect(deeds.rename)
        detail.tagged.connect(deeds.tag)
        detail.noted.connect(deeds.note)
        detail.wished.connect(deeds.set_defaults)
        detail.reopen_wanted.connect(self._reopen)

    # What is shown

    def refresh(self) -> None:
        desk = self._desk
        wish = self._side.wish()
        state = (desk.known, desk.hardware, desk.expecting, wish)
        if self._shown is not None and _same(state, self._shown):
            return
        self._shown, self._wish = state, wish
        self._typing.stop()
        now = time.time()
        self.list.show_items(items(desk.known, wish, now, self._rate), wish.sort)
        own = sum(not m.source and not m.built_in for m in desk.known)
        has_any = any(not m.built_in for m in desk.known)
        is_empty = not has_any and not desk.expecting
        self._top.show_for(own, has_any=has_any, is_empty=is_empty)
        self._side.show_for(has_any=has_any, is_empty=is_empty)
        self._tell()
        self._side.align()
        self._show_detail()

    def _rate(self, model: KnownModel) -> float:
        if model.tokens_per_second:
            return model.tokens_per_second
        fit = self._desk.judge(model)
        return fit.tokens_per_second if fit is not None else 0.0

    def _tell(self, done: int = 0, total: int = 0) -> None:
        """What was found, or what is still awaited."""
        desk, wish, words = self._desk, self._wish, ""
        if total:
            words = tr(
                "Reading the heads of the files: {done:,} of {total:,}", done=done, total=total
            )
        elif wish.is_narrow:
            found = self.rows.models()
            words = tr("{models} found", models=tally(found)) if found else self._nothing(wish)
        elif desk.expecting:
            words = tr("Looking for models…")
        self._side.say(words)

    def _nothing(self, wish: Wish) -> str:
        if wish.words.strip():
            return tr(
                "No model has “{words}” in its name, tags, type or family",
                words=wish.words.strip(),
            )
        return tr("Every model was used or added in the last {n} months", n=UNUSED_MONTHS)

    def _show_more(self, paths: set[str]) -> None:
        """More is known of some."""
        for path in paths:
            model = self._desk.known_at(path)
            if model is not None:
                self.rows.put(model)
        if self.detail.model is not None and self.detail.model.path in paths:
            self._show_detail()

    def _show_marked(self, path: str, _words: str) -> None:
        """A method, and no lambda: it ends with the view, and the deeds go on."""
        self._show_more({path})

    def _repaint(self) -> None:
        self.rows.renew()
        self._show_detail()

    def _read_all(self) -> None:
        """What is looked for may stand in a head that was not read yet."""
        if not self._was_read and any(not model.is_described for model in self._desk.known):
            self._was_read = True
            self._reading.follow(lambda listener: self._desk.engine.describe_models(listener))

    def _into_list(self) -> None:
        if self._typing.isActive():
            self.refresh()
        self.list.step_in()

    # Details

    def show_details(self, model: KnownModel) -> None:
        self._wants_details = True
        self.list.choose(model.path)
        self._open_detail(model)

    def _clicked(self) -> None:
        model = self.list.current()
        if model is not None and self._wants_details and self._is_roomy:
            self._open_detail(model)

    def _open_detail(self, model: KnownModel) -> None:
        self._fill(model)
        self.detail.show()
        self._fit()
        self.list.scrollTo(self.rows.index_of(model.path))

    def _show_detail(self) -> None:
        """What is chosen in the list stands on the panel."""
        if self.detail.isHidden():
            return
        model = self.list.current()
        if model is None and self.detail.model is not None:
            model = self._desk.known_at(self.detail.model.path)
        if model is None:
            self.detail.model = None  # what was typed was of one that is gone
            self.detail.hide()
            self._fit()
        else:
            self._fill(self._desk.known_at(model.path) or model)

    def _fill(self, model: KnownModel) -> None:
        info = self._desk.model_at(model.path)
        stale = info is not None and (
            info in self._desk.to_reopen()
            or info.default_system != model.defaults.system
            or model.defaults.sampled(info.default_sampling) != info.default_sampling
        )
        pill = self.rows.pill(model)
        self.detail.show_model(model, info, self._desk.judge(model), pill, is_stale=stale)

    def _close_detail(self) -> None:
        if self.detail.isHidden():
            return
        self._wants_details = False
        self.detail.leave()
        self.detail.hide()
        self._fit()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        self._is_roomy = self.width() >= current().px(ROOMY)
        opened = not self.detail.isHidden()
        self.detail.stand(alone=not self._is_roomy)
        self._top.make_way(opened)
        self._side.setVisible(self._is_roomy or not opened)
        QTimer.singleShot(0, self._side, self._side.align)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.deeds.renew([str(info.path) for info in self._desk.models()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self._into_list()
        elif event.key() == Qt.Key.Key_Escape and not self.detail.isHidden():
            self._close_detail()
        else:
            super().keyPressEvent(event)

    # Deeds

    def _chat(self, model: KnownModel) -> None:
        self.detail.leave()
        self.chat_wanted.emit(model.path)

    def _look_inside(self, model: KnownModel) -> None:
        self.view_wanted.emit("workshop", model.path)

    def _discover(self) -> None:
        self.view_wanted.emit("discover", "")

    def _trash(self, model: KnownModel) -> None:
        if model.built_in:
            self.said.emit(tr("{model} comes with Chaski and stays", model=model.name))
        else:
            self.deeds.trash(model)

    def _rename(self, path: str, name: str) -> None:
        model = self._desk.known_at(path)
        if model is not None:
            self.deeds.rename(model, name)

    def _reopen(self, model: KnownModel) -> None:
        info = self._desk.model_at(model.path)
        if info is not None:
            self._desk.reopen_model(info)

    def _show_menu(self, model: KnownModel, spot: QPoint) -> None:
        self.menus.show_at(self, model, spot)

    def _show_rest(self, model: KnownModel) -> None:
        self.menus.show_rest(self.detail.more, model)

    def _show_menu_of_list(self) -> None:
        self.menus.show_of_list(self._top.more)

    def close_work(self) -> None:
        """Its window is closed: nobody waits for what was looked for."""
        self._reading.close()
        self.duplicates.end()

    def _show_duplicates(self) -> None:
        self._stack.setCurrentWidget(self.duplicates)
        self.duplicates.begin()

    def _hide_duplicates(self) -> None:
        self.duplicates.end()
        self._stack.setCurrentWidget(self._page)


def _timer(parent: QWidget, milliseconds: int, act: object) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer


def _same(one: object, other: object) -> bool:
    """The same list, not an equal one: to compare ten thousand takes longer than to show them."""
    assert isinstance(one, tuple)
    assert isinstance(other, tuple)
    return one[0] is other[0] and one[1] is other[1] and one[2:] == other[2:]
