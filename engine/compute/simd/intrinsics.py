"""What compiled Python may call that is written in LLVM's terms, and the types it is declared by.

Nothing here needs the compiler: a start that finds its kernels on disk never loads it. numba is
told by `numba_types.py` when it meets one of these for the first time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Declared:
    """The types of a result and of what it is made from; those of literals are numba's own."""

    result: "Kind"
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Kind:
    """A type of compiled Python, by its name; called, the declaration of what returns it."""

    name: str

    def __call__(self, *args: Any) -> Declared:
        return Declared(self, args)


int64, float32, void = Kind("int64"), Kind("float32"), Kind("void")
f32x16 = Kind("f32x16")  # sixteen float32 in registers (vectors.py)


class Intrinsic:
    """`define`, given numba's typing context and the types of arguments, returns a declaration and
    who writes the IR.

    prefer_literal: arguments that are numbers in the source come as literal types.
    """

    def __init__(self, define: Callable[..., Any], prefer_literal: bool) -> None:
        self.define, self.prefer_literal = define, prefer_literal
        self.type: Any = None  # numba's, once it has met it

    def __call__(self, *args: Any) -> Any:
        raise TypeError(f"{self.define.__name__} is for compiled code")


def intrinsic(define: Callable[..., Any]) -> Any:
    """Decorator; see Intrinsic."""
    return Intrinsic(define, prefer_literal=False)


def intrinsic_of_literals(define: Callable[..., Any]) -> Any:
    """Decorator; see Intrinsic."""
    return Intrinsic(define, prefer_literal=True)
