"""What all scenes share: their names, and the same picture in the dark or in a smaller window."""

from collections.abc import Callable
from functools import partial
from typing import Any

WIDE = (1280, 800)
Scene = Callable[[Any, str], None]


def named(studio: Any, *scenes: Scene) -> dict[str, Callable[[str], None]]:
    """By their functions' names."""
    return {scene.__name__.replace("_", "-"): partial(scene, studio) for scene in scenes}


def in_dark(studio: Any, name: str) -> None:
    studio.shell.theme.choose("dark")
    studio.shoot(f"{name}-dark")
    studio.shell.theme.choose("light")


def in_both(studio: Any, name: str) -> None:
    studio.shoot(name)
    in_dark(studio, name)


def in_sizes(studio: Any, **sizes: tuple[int, int]) -> None:
    """A picture in a window of each size, under its name."""
    for name, size in sizes.items():
        studio.window.resize(*size)
        studio.shoot(name.replace("_", "-"))
    studio.window.resize(*WIDE)
