"""Where Chaski keeps its files: one frozen record of folders that callers pass around.

Knows nothing of what is in them. CHASKI_HOME puts everything under one folder (portable, tests).
Nothing is created until somebody writes; `made()` creates a folder on demand.
"""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.errors import UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

APP_NAME = "Chaski"
HOME_VARIABLE = "CHASKI_HOME"
LONG = 240  # letters of a path, from which on Windows wants it written in another way


@dataclass(frozen=True)
class Paths:
    """The folders of one user. Each may be replaced; tests pass their own under a temporary one."""

    config: Path
    data: Path
    cache: Path
    models: Path  # the user may choose another disk for it

    @classmethod
    def default(cls) -> "Paths":
        """The folders this system wants, or those under CHASKI_HOME when that is set, or under the
        home that a portable program has beside it."""
        home = os.environ.get(HOME_VARIABLE, "").strip() or portable_home()
        return cls.under(user_path(home)) if home else cls._of_system()

    @classmethod
    def under(cls, home: Path) -> "Paths":
        """Everything below one folder."""
        home = user_path(home)
        return cls(home / "config", home / "data", home / "cache", home / "models")

    @classmethod
    def _of_system(cls) -> "Paths":
        import platformdirs  # only here, so that base stays importable with the standard library

        # Not the roaming profile: models and chats would travel over a company's network.
        own = platformdirs.PlatformDirs(APP_NAME, appauthor=False, roaming=False)
        try:
            config, data = Path(own.user_config_dir), Path(own.user_data_dir)
            cache = Path(own.user_cache_dir)
        except RuntimeError:
            config = data = cache = Path()
        if not (config.is_absolute() and data.is_absolute() and cache.is_absolute()):
            raise UsageError(
                "this system names no home folder for you, so there is no place for Chaski's "
                "files; set HOME, or {home_variable} to a folder",
                home_variable=HOME_VARIABLE,
            )
        return cls(config, data, cache, data / "models")

    def with_models(self, folder: str | Path) -> "Paths":
        """The same folders with models kept elsewhere."""
        return replace(self, models=user_path(folder))

    @property
    def kernels(self) -> Path:
        """Compiled kernels; safe to delete, they are compiled anew."""
        return self.cache / "kernels"

    @property
    def predictions(self) -> Path:
        """What a source predicts, for measuring what is made of it; safe to delete."""
        return self.cache / "predictions"

    @property
    def window_file(self) -> Path:
        """What the user chose for the window."""
        return self.config / "window.json"

    @property
    def window_state_file(self) -> Path:
        """What a window remembers from one start to the next."""
        return self.config / "window-state.json"

    @property
    def network_file(self) -> Path:
        return self.config / "network.json"

    @property
    def token_file(self) -> Path:
        """Where tokens lie if the system has no keyring; readable by the user alone."""
        return self.config / "hub-tokens.json"

    @property
    def library_file(self) -> Path:
        return self.data / "models.sqlite3"

    @property
    def losses_file(self) -> Path:
        return self.data / "losses.json"

    @property
    def rates_file(self) -> Path:
        """How fast this machine is, as it was measured; safe to delete."""
        return self.data / "rates.json"

    @property
    def runs_file(self) -> Path:
        """How fast models have answered; safe to delete."""
        return self.data / "runs.json"

    @property
    def downloads_file(self) -> Path:
        return self.data / "downloads.sqlite3"

    @property
    def updates_file(self) -> Path:
        """When updates were looked for last; safe to delete."""
        return self.data / "updates.json"

    @property
    def typed_file(self) -> Path:
        """What was typed in the terminal, for going back to it; safe to delete."""
        return self.data / "typed.json"

    @property
    def chats_file(self) -> Path:
        return self.data / "chats.sqlite3"

    @property
    def shown_folder(self) -> Path:
        """What of answers was shown before the chats' file had it; there while one is written."""
        return self.data / "shown"


def user_path(text: str | Path) -> Path:
    """The absolute path that a user means; `~` and `~name` are home folders."""
    try:
        os.fsencode(text)
        if "\0" in str(text):
            raise ValueError
        return Path(text).expanduser().absolute()
    except ValueError:  # half a letter, or a zero
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))
        raise UsageError(
            "{shown} cannot be the name of a file or folder", shown=shown[:300]
        ) from None
    except RuntimeError:  # Python's word for a home that is not known
        user = Path(text).parts[0]
        raise UsageError(
            "{user} is no home folder on this system; write the path out", user=user
        ) from None
    except OSError:  # only a relative path asks where we are
        raise UsageError(
            "the folder this program was started in is gone; start it in another one"
        ) from None


def portable_home() -> str:
    """The folder `home` beside a frozen program, as its portable archive has one; "" for none."""
    if not getattr(sys, "frozen", False):
        return ""
    home = Path(sys.executable).parent / "home"
    return str(home) if home.is_dir() else ""


def openable(path: Path | str, system: str = os.name) -> str:
    """A path as the system takes it: on Windows, long ones need a beginning of their own, and a
    network's another."""
    text = str(path)
    if system != "nt" or len(text) < LONG or text.startswith("\\\\?\\"):
        return text
    text = text.replace("/", "\\")
    return f"\\\\?\\UNC{text[1:]}" if text.startswith("\\\\") else f"\\\\?\\{text}"


def home_folder() -> Path | None:
    """The user's own, where the system knows one."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def made(folder: Path) -> Path:
    """The folder, created with its parents where it is missing; readable by its owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def private(folder: Path) -> Path:
    """The folder, made where it is missing; an existing one of ours is closed to other users.

    One that belongs to somebody else, or is a link to another place, stays as it is.
    """
    made(folder)
    if os.name != "nt" and not folder.is_symlink():
        found = folder.stat()
        if found.st_uid == os.geteuid() and found.st_mode & 0o077:
            with suppress(OSError):  # a disk that cannot be written, or that knows no rights
                folder.chmod(0o700)
    return folder


def folder_of(variable: str) -> Path | None:
    """The folder another program's environment variable names (OLLAMA_MODELS, HF_HOME, …)."""
    text = os.environ.get(variable, "").strip()
    try:
        return user_path(text) if text else None
    except UsageError:  # another program's affair
        return None


def resource(*names: str) -> "Traversable":
    """A file or folder that comes with the program. Raises ModuleNotFoundError where none do."""
    from importlib.resources import files  # a few milliseconds of every start otherwise

    found = files("resources")
    for name in names:  # of a folder without code Python 3.11 takes one name at a time
        found = found / name
    return found


def resource_path(*names: str) -> Path | None:
    """The same where it must be a file or folder of its own; None where it is in an archive, or
    was not packed."""
    try:
        found = resource(*names)
    except ModuleNotFoundError:
        return None
    return found if isinstance(found, Path) and found.exists() else None
