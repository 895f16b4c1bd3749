"""Kernels from templates: names to fill in are checked, and each kernel can be found again."""

import importlib
import inspect
from pathlib import Path

import pytest

from engine.compute import kernels
from engine.compute.kernels.jit import Kernel, from_template, template

pytestmark = pytest.mark.anywhere

NUMBER = 3


def _two(row: int, batch: int, thread: int) -> None:
    print(FIRST, max(SECOND, NUMBER), row.SIZE)  # type: ignore[name-defined, attr-defined]  # noqa: F821


def test_names_to_fill_in_are_those_that_the_module_does_not_know() -> None:
    assert template("FIRST", "SECOND")(_two) is _two


@pytest.mark.parametrize(
    ("names", "differ"),
    [
        (("FIRST",), "SECOND"),
        (("FIRST", "SECOND", "THIRD"), "THIRD"),
        (("FIRST", "SECNOD"), "SECNOD, SECOND"),
        (("FIRST", "SECOND", "NUMBER"), "NUMBER"),
    ],
)
def test_a_list_that_does_not_fit_is_refused(names: tuple[str, ...], differ: str) -> None:
    with pytest.raises(TypeError, match=f"fill in: {differ}$"):
        template(*names)(_two)
    with pytest.raises(TypeError, match=f"fill in: {differ}$"):
        from_template(_two, "filled", __name__, **dict.fromkeys(names, 1))


def test_a_filled_kernel_has_the_name_and_module_of_its_place() -> None:
    made = from_template(_two, "filled", "somewhere", FIRST=1, SECOND=2)
    assert (made.name, made.function.__module__) == ("filled", "somewhere")
    assert "FIRST" not in globals()


def test_no_two_kernels_share_a_name_in_a_module() -> None:
    """Compiled code is found by both; what fills a template is not looked at."""
    found: dict[tuple[str, str], Kernel] = {}
    for path in sorted(Path(inspect.getfile(kernels)).parent.glob("*.py")):
        module = importlib.import_module(f"{kernels.__name__}.{path.stem}")
        for made in vars(module).values():
            if isinstance(made, Kernel):
                key = made.function.__module__, made.name
                assert found.setdefault(key, made) is made, key
    assert len(found) > 20
