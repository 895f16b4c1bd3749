"""The pretended engine has the real one's surface: what the tests call, the program has."""

import inspect

import pytest
from helpers.fake_engine import FakeChat, FakeEngine, FakeLibrary

from engine.api import Chat, Engine
from engine.library import Library

# What only a test asks of the pretended ones: how they shall behave, what was asked of them.
TESTS_OWN = {
    FakeEngine: {"start", "script", "hold", "chats_made"},
    FakeChat: {"closed"},
    FakeLibrary: {"models", "guide"},
}


def surface(kind: type) -> dict[str, object]:
    return {n: v for n, v in inspect.getmembers(kind) if not n.startswith("_")}


def parameters(function: object) -> list[tuple[str, object]]:
    """Names in their order, and whether each may be left out."""
    found = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    return [(p.name, p.default is p.empty) for p in found]


@pytest.mark.parametrize(
    ("fake", "real"), [(FakeEngine, Engine), (FakeChat, Chat), (FakeLibrary, Library)]
)
def test_the_surface_is_the_real_one(fake: type, real: type) -> None:
    known = surface(real)
    for name, value in surface(fake).items():
        if name in TESTS_OWN[fake]:
            continue
        assert name in known, f"{real.__name__} has no {name}"
        if callable(value):
            assert parameters(value) == parameters(known[name]), f"{fake.__name__}.{name}"
