"""Models that are open, and those whose memory was given back because nobody asked for them.

Such a model is asleep: weights, caches and threads are gone, its name stays. With the next question
it opens again, as it was. All of this happens in the compute thread.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from engine.base.errors import CancelledError, UsageError
from engine.base.events import Done, Event, Listener, Reloaded, TemplateNotice, Unloaded
from engine.base.jobs import Job, Rest
from engine.base.models import ModelInfo
from engine.base.paths import Paths
from engine.base.settings import LoadOptions
from engine.hardware.fits import Kept, Taken
from engine.hardware.quiet import Quiet
from engine.hardware.report import chosen_threads

if TYPE_CHECKING:
    from engine.model import Model

LOOK_SECONDS = 30.0  # at most between two looks at what is idle
WAIT_SECONDS = 0.05


class Guest(Protocol):
    """A conversation with a model."""

    @property
    def busy(self) -> bool: ...

    def doze(self) -> None:
        """Give the cache back; the model goes."""

    def go_on_with(self, model: "Model") -> None:
        """The model is open again."""


@dataclass
class _Entry:
    """A model by its name; `used`: when it was last asked, by time.monotonic."""

    model: "Model"
    options: LoadOptions
    told: Callable[[ModelInfo], ModelInfo]
    used: float
    asleep: bool = False
    opening: bool = False  # again


class OpenModels:
    """By name. `guests` finds the conversations with a model; `submit` queues a job for the compute
    thread; `listener` hears of Unloaded and Reloaded there."""

    def __init__(
        self,
        paths: Paths,
        quiet: Quiet,
        guests: Callable[[str], Iterable[Guest]],
        submit: Callable[[Job], object],
    ) -> None:
        self._paths, self._quiet, self._guests, self._submit = paths, quiet, guests, submit
        self._entries: dict[str, _Entry] = {}
        self._minutes = 0.0
        self._watched = False
        self.listener: Listener | None = None

    # Opening and closing

    def opening(
        self,
        path: Path,
        options: LoadOptions,
        ident: str,
        told: Callable[[ModelInfo], ModelInfo] = lambda info: info,
    ) -> Generator[Event | None, None, "Model"]:
        """Open a file under a name. The threads that were measured as best are used where none are
        asked for. `told`: what is told of the model instead of its own words."""
        model = yield from self._opened(path, options, ident)
        model.info = told(model.info)
        try:
            if model.template.notice:
                yield TemplateNotice(model.template.notice)
        except BaseException:  # stopped in the last step: nobody would know the model
            model.close()
            raise
        self._entries[ident] = _Entry(model, options, told, monotonic())
        self._watch()
        return model

    def _opened(
        self, path: Path, options: LoadOptions, ident: str
    ) -> Generator[Event | None, None, "Model"]:
        from engine.model import open_model
        from engine.shelf import shelf_of

        self._clear_shelves()  # what they keep for later is needed now: see `kept`
        threads = chosen_threads(options.threads, self._paths.rates_file)
        model = yield from open_model(
            path,
            replace(options, threads=threads),
            ident,
            promised=self._promised(),
        )
        model.others = lambda: self._promised(ident)
        shelf_of(model)  # made in this thread, so that any may ask what it keeps
        model.backend.allowed_threads = self._quiet.threads
        return model

    def _promised(self, but: str = "") -> int:
        """Bytes that conversations with all open models, but one, may still fill."""
        others = (e for ident, e in list(self._entries.items()) if ident != but and not e.asleep)
        return sum(entry.model.backend.promised for entry in others)

    def taken(self) -> Taken:
        """What all that are awake have of the memory; from any thread."""
        loaded = sum(entry.model.info.memory.total for _, entry in self._awake_ones())
        loaded = max(0, loaded - self.kept().nbytes)  # which is counted as free already
        try:
            return Taken(loaded, self._promised())
        except RuntimeError:  # a conversation begins just now, in the compute thread
            return Taken(loaded)

    def kept(self) -> Kept:
        """Of conversations that nobody has open, for when one comes back: given up as soon as
        another model is opened. From any thread."""
        awake = self._awake_ones()
        if not awake:
            return Kept()
        from engine.shelf import shelf_of

        shelves = [shelf_of(entry.model) for _, entry in awake]
        return Kept(sum(shelf.nbytes for shelf in shelves), sum(s.n_kept for s in shelves))

    def forgetting_kept(self) -> Job:
        """Give all of that up. Tells Done(Kept) with what it was."""
        kept = self.kept()
        self._clear_shelves()
        yield Done(kept)
        return kept

    def _clear_shelves(self) -> None:
        from engine.shelf import shelf_of

        for _, entry in self._awake_ones():
            shelf_of(entry.model).clear()

    def close(self, ident: str) -> None:
        entry = self._entries.pop(ident, None)
        if entry is not None and not entry.asleep:
            entry.model.close()

    def close_all(self) -> None:
        for ident in list(self._entries):
            self.close(ident)

    # Asking for them

    def infos(self) -> list[ModelInfo]:
        """Of all, those that are asleep among them."""
        return [entry.model.info for entry in list(self._entries.values())]

    def is_asleep(self, ident: str) -> bool:
        entry = self._entries.get(ident)
        return entry is not None and entry.asleep

    def named(self, ident: str) -> "Model":
        """The model of that name; one that is asleep computes nothing, see `awake`."""
        try:
            entry = self._entries[ident]
        except KeyError:
            raise UsageError(
                "model {ident} is not open (any more); open it again", ident=ident
            ) from None
        entry.used = monotonic()
        return entry.model

    def note_use(self, ident: str) -> None:
        if ident in self._entries:
            self._entries[ident].used = monotonic()

    def awake(self, ident: str) -> Generator[Event | None, None, None]:
        """Opens it again if it is asleep, and tells how far it is; else takes no step."""
        entry = self._entries.get(ident)
        while entry is not None and entry.opening:  # for another conversation
            yield Rest(WAIT_SECONDS)
        if entry is None or not entry.asleep or self._entries.get(ident) is not entry:
            return
        entry.opening = True
        info = entry.model.info
        try:
            # The context stays what conversations were promised, whatever is free by now.
            options = replace(entry.options, n_ctx=info.n_ctx)
            model = yield from self._opened(info.path, options, ident)
        finally:
            entry.opening = False
        if self._entries.get(ident) is not entry:  # it was closed meanwhile
            model.close()
            raise CancelledError("stopped")
        model.info = entry.told(model.info)
        entry.model, entry.asleep, entry.used = model, False, monotonic()
        for guest in self._guests(ident):
            guest.go_on_with(model)
        self._tell(Reloaded(ident, model.info.name))
        self._watch()

    # Giving memory back

    @property
    def unload_after_minutes(self) -> float:
        """Idle minutes after which a model's memory is given back; 0: never. From any thread."""
        return self._minutes

    @unload_after_minutes.setter
    def unload_after_minutes(self, minutes: float) -> None:
        if not 0 <= minutes <= 60 * 24 * 365:
            raise UsageError(
                "a model cannot be unloaded after {minutes} minutes; choose 0 or more",
                minutes=minutes,
            )
        self._minutes = minutes
        if self._entries:
            self._submit(self._beginning())

    def _beginning(self) -> Job:
        self._watch()
        yield None
        return None

    def _watch(self) -> None:
        """One job watches all models while there is something to watch; it rests between looks."""
        if not self._watched and self._minutes > 0 and self._awake_ones():
            self._watched = True
            self._submit(self._watching())

    def _watching(self) -> Job:
        try:
            while self._minutes > 0 and self._awake_ones():
                yield Rest(self._pause())
                for ident, entry in self._awake_ones():
                    if self._is_idle(ident, entry):
                        self._put_to_sleep(ident, entry)
        except CancelledError:  # the program ends
            pass
        finally:
            self._watched = False
        return None

    def _awake_ones(self) -> list[tuple[str, _Entry]]:
        return [(ident, e) for ident, e in list(self._entries.items()) if not e.asleep]

    def _pause(self) -> float:
        """Seconds until the first could be idle for long enough."""
        due = min(entry.used for _, entry in self._awake_ones()) + 60 * self._minutes
        return min(max(due - monotonic(), 0.01), LOOK_SECONDS)

    def _is_idle(self, ident: str, entry: _Entry) -> bool:
        if any(guest.busy for guest in self._guests(ident)):
            entry.used = monotonic()
        return self._minutes > 0 and monotonic() - entry.used >= 60 * self._minutes

    def _put_to_sleep(self, ident: str, entry: _Entry) -> None:
        entry.asleep = True
        for guest in self._guests(ident):
            guest.doze()
        entry.model.close()
        self._tell(Unloaded(ident, entry.model.info.name, self._minutes))

    def _tell(self, event: Event) -> None:
        if self.listener is not None:
            with suppress(Exception):  # a broken listener must not keep memory from being freed
                self.listener(event)
