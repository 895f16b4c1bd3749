"""Files and long texts that go with the next message: read, counted, shown as chips, sent.

What is attached and not sent stays with its chat, also in the next run. The engine reads files in
its helper process and counts tokens in its own thread; nothing here waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.api import ATTACHABLE, Ticket
from engine.base.attachments import Attachment
from engine.base.events import Listener
from gui.chat.attachment_sheet import show_attachment, told_of
from gui.chat.chats import Chats
from gui.chat.composer import Composer
from gui.desk import Desk
from gui.language import marked, tr
from gui.widgets.bars import thousands
from gui.widgets.buttons import Button
from gui.widgets.file_chip import FileChip
from gui.workers import Feed

MOST = 20  # files with one message
LETTERS_A_TOKEN = 4  # where no model is open that could count
PASTED = marked("Pasted text")
MODELS = (".gguf", ".safetensors")
TIP = marked("Attach files: text, code, PDF, DOCX, EPUB, spreadsheets")
DOCUMENTS = " ".join(f"*.{suffix}" for kind in ATTACHABLE for suffix in kind.suffixes)


@dataclass(eq=False)
class Held:
    """One attachment that is not sent yet; without a text while it is being read."""

    name: str
    attachment: Attachment | None = None
    tokens: int = 0
    is_counted: bool = False
    chip: FileChip | None = None
    feed: Feed | None = None


class Attaching(QObject):
    """Of the chat that is shown; `take` gives what goes with its next message."""

    said = Signal(str)
    undoable = Signal(str, object)  # words, what takes it back
    changed = Signal()  # how many tokens wait to be sent

    def __init__(self, desk: Desk, chats: Chats, composer: Composer, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._chats, self._composer, self._parent = desk, chats, composer, parent
        self._kept: dict[int, list[Held]] = {}  # of chats that are not shown
        self._held: list[Held] = []
        self._meter = Feed(self)
        self._counted: list[Held] = []  # by the meter
        self._meter.done.connect(self._on_counted)
        composer.add_chip(
            Button(
                tr("Attach"), "paperclip", "tool", True, tr(TIP), "Ctrl+Shift+A", self.ask_for_files
            )
        )
        composer.edit.files_given.connect(self.add_files)
        composer.edit.long_given.connect(self.add_text)

    # What is attached

    def read(self, path: str, listener: Listener) -> Ticket:
        """In the engine's helper process. Raises ChaskiError."""
        return self._desk.engine.attach(path, listener)

    def ask_for_files(self) -> None:
        folder = self._desk.preferences.attach_folder
        start = folder if folder and Path(folder).is_dir() else str(Path.home())
        dialog = QFileDialog(self._parent, tr("Attach files"), start, files_filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._take_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_chosen(self, paths: list[str]) -> None:
        if paths:
            self._desk.remember_attach_folder(str(Path(paths[0]).parent))
        self.add_files(paths)

    def add_files(self, paths: Sequence[str]) -> None:
        """Read these; each has its chip at once."""
        room = MOST - len(self._held)
        if len(paths) > room:
            self.said.emit(
                tr("A message can have {n} attachments; the others were left out.", n=MOST)
            )
        for path in paths[: max(0, room)]:
            held = Held(Path(path).name)
            held.feed = Feed(self)
            held.feed.done.connect(partial(self._on_read, held))
            held.feed.failed.connect(partial(self._on_bad, held))
            self._add(held)
            held.feed.follow(partial(self.read, path))
        self._update()
        self._composer.take_focus()

    def add_text(self, text: str) -> None:
        """A long text from the clipboard."""
        if len(self._held) >= MOST:
            self.said.emit(tr("A message can have {n} attachments.", n=MOST))
            return
        pasted = as_attachment(text, [held.name for held in self._held])
        self._add(Held(pasted.name, pasted))
        self._count()

    def _add(self, held: Held) -> None:
        self._held.append(held)
        self._show_chip(held)
        self.keep()

    def _on_read(self, held: Held, found: object) -> None:
        if isinstance(found, Attachment):
            held.attachment, held.feed = found, None
            if held in self._held:
                self.keep()
            self._count()

    def _on_bad(self, held: Held, words: str) -> None:
        self._drop(held)
        self.said.emit(words)

    def _drop(self, held: Held) -> None:
        for each in (self._held, *self._kept.values()):
            if held in each:
                each.remove(held)
        if held.feed is not None:
            held.feed.close()
        if held.chip is not None:
            self._composer.attached.take(held.chip)
            held.chip = None
        self._update()

    def _remove(self, held: Held) -> None:
        self._drop(held)
        self.keep()
        pasted = held.attachment
        if pasted is not None and not pasted.n_bytes:  # a file can be attached again
            back = partial(self.add_text, pasted.text)
            self.undoable.emit(tr("“{file}” was taken away", file=held.name), back)
        self._composer.take_focus()

    # What is sent, and which chat it belongs to

    @property
    def reading(self) -> str:
        """The name of a file that is still being read, or ""."""
        return next((held.name for held in self._held if held.attachment is None), "")

    @property
    def tokens(self) -> int:
        """That what is attached will take, as far as it is known."""
        return sum(held.tokens for held in self._held)

    @property
    def ready(self) -> tuple[Attachment, ...]:
        """What is read by now."""
        return tuple(held.attachment for held in self._held if held.attachment is not None)

    def take(self) -> tuple[Attachment, ...]:
        """All of it: it is part of a message from now on."""
        found = self.ready
        for held in list(self._held):
            self._drop(held)
        self.keep()
        return found

    def give_back(self, attached: Sequence[Attachment]) -> None:
        """It is part of no message yet."""
        for attachment in attached:
            self._add(Held(attachment.name, attachment))
        self._count()

    def keep(self) -> None:
        """What is read waits with its chat on the disk, too; of a temporary one nothing does."""
        record, kept = self._chats.talk.record, self._desk.attached
        number = str(record.id)
        if record.temporary or self._desk.attached_by.setdefault(number, self) is not self:
            return
        if self.ready and kept.all.get(number) != self.ready:
            kept.put(number, self.ready)
        elif not self.ready:
            kept.take(number)

    def set_aside(self, chat_id: int) -> None:
        """Its chat is deleted: what waited with it is off the disk, and there again while the
        program runs if the chat comes back."""
        there = self._desk.attached.take(str(chat_id))
        if there and chat_id not in self._kept:
            self._kept[chat_id] = [Held(each.name, each) for each in there]

    def leave(self) -> None:
        """Another chat is shown: what was attached waits with this one."""
        if self._held:
            self._kept[self._chats.talk.record.id] = self._held
        for held in self._held:
            if held.chip is not None:
                self._composer.attached.take(held.chip)
                held.chip = None
        self._held = []
        self._give_up()

    def _give_up(self) -> None:
        """Another window may show what is attached here."""
        number = str(self._chats.talk.record.id)
        if self._desk.attached_by.get(number) is self:
            del self._desk.attached_by[number]

    def enter(self) -> None:
        record = self._chats.talk.record
        self._held = self._kept.pop(record.id, [])
        number = str(record.id)
        if not record.temporary and self._desk.attached_by.setdefault(number, self) is self:
            there = () if self._held else self._desk.attached.all.get(number, ())
            self._held += [Held(each.name, each) for each in there]
        for held in self._held:
            self._show_chip(held)
        if self._held:
            self.keep()
        self.count_anew()

    def takes(self, path: str) -> bool:
        """Whether a dropped file is to be attached; models and folders are opened."""
        is_model = path.lower().endswith(MODELS) or Path(path).is_dir()
        if is_model or self._composer.isHidden():
            return False
        self.add_files([path])
        return True

    # What it costs

    def count_anew(self) -> None:
        """Another model may count otherwise."""
        for held in self._held:
            held.is_counted = False
        self._count()

    def _count(self) -> None:
        """Ask the model that is open; without one, letters are the measure."""
        waiting = [h for h in self._held if h.attachment is not None and not h.is_counted]
        for held in waiting:
            assert held.attachment is not None
            held.tokens = max(1, len(held.attachment.text) // LETTERS_A_TOKEN)
        talk = self._chats.talk
        if waiting and talk.model is not None:
            self._counted = waiting
            texts = [held.attachment.told for held in waiting if held.attachment is not None]
            self._meter.follow(partial(talk.count, texts))
        self._update()

    def _on_counted(self, found: object) -> None:
        if isinstance(found, tuple) and len(found) == len(self._counted):
            for held, n in zip(self._counted, found, strict=True):
                held.tokens, held.is_counted = n, True
        self._counted = []
        self._update()
        if any(h.attachment is not None and not h.is_counted for h in self._held):
            self._count()  # what came meanwhile

    def _show_chip(self, held: Held) -> None:
        chip = held.chip = FileChip(held.name)
        chip.opened.connect(partial(self._open, held))
        chip.removed.connect(partial(self._remove, held))
        self._composer.attached.add(chip)

    def _open(self, held: Held) -> None:
        if held.attachment is not None:
            sheet = show_attachment(self._parent, held.attachment, _cost(held))
            if not held.attachment.n_bytes:
                sheet.offer(tr("Put into the message"), partial(self._put_back, held))

    def _put_back(self, held: Held) -> None:
        """A text that was pasted shall stand in the box after all."""
        text = held.attachment.text if held.attachment is not None else ""
        self._drop(held)
        self.keep()
        self._composer.edit.insertPlainText(text)
        self._composer.take_focus()

    def _update(self) -> None:
        for held in self._held:
            if held.chip is None:
                continue
            if held.attachment is None:
                held.chip.show_detail(tr("reading…"), tr("{file} is being read", file=held.name))
            else:
                held.chip.show_detail(_brief(held), f"{told_of(held.attachment)} · {_cost(held)}")
        self._composer.show_reading(tr("Reading {file}", file=self.reading) if self.reading else "")
        self.show_cost()
        self.changed.emit()

    def show_cost(self) -> None:
        """Under the chips; how much room is left may have changed."""
        self._composer.attached.show_cost(*self._words())

    def _words(self) -> tuple[str, str]:
        """What all of it costs, and whether that is too much."""
        ready = [held for held in self._held if held.attachment is not None]
        if not ready:
            return "", ""
        n, talk = self.tokens, self._chats.talk
        exact = all(held.is_counted for held in ready)
        words = tr("{n:,} tokens", n=n) if exact else tr("About {n:,} tokens", n=n)
        used, size = talk.context_fill
        if size and n > size:
            return tr(
                "{tokens}: more than the {size:,} that this model can look back on",
                tokens=words,
                size=size,
            ), "warn"
        if size and used + n > size:
            room = max(0, size - used)
            words = tr(
                "{tokens}, but only {n:,} of {size:,} are free", tokens=words, n=room, size=size
            )
            return words, "warn"
        seconds = self._seconds(n, used)
        if seconds:
            words = tr("{tokens}, about {time:duration} to read", tokens=words, time=seconds)
        return words, ""

    def _seconds(self, n: int, used: int) -> float:
        """By what this chat's model has shown here, else by what is foretold; 0: not known."""
        talk = self._chats.talk
        if talk.model is None:
            return 0.0
        if talk.read_rate:
            return n / talk.read_rate
        return self._desk.seconds_to_read(str(talk.model.path), n, used)

    def close(self) -> None:
        self._meter.close()
        self._give_up()
        for held in (*self._held, *(each for kept in self._kept.values() for each in kept)):
            if held.feed is not None:
                held.feed.close()


def as_attachment(text: str, names: Sequence[str]) -> Attachment:
    """A text that was pasted, beside attachments of these names."""
    n = 1 + sum(1 for name in names if name.startswith(tr(PASTED)))
    name = f"{tr(PASTED)}.txt" if n == 1 else f"{tr(PASTED)} {n}.txt"
    return Attachment(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def files_filter() -> str:
    return tr("Documents and text ({patterns});;All files (*)", patterns=DOCUMENTS)


def _brief(held: Held) -> str:
    n = thousands(held.tokens)
    return tr("{n} tokens", n=n) if held.is_counted else tr("≈ {n} tokens", n=n)


def _cost(held: Held) -> str:
    n = held.tokens
    return tr("{n:,} tokens", n=n) if held.is_counted else tr("about {n:,} tokens", n=n)
