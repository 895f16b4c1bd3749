"""Reads the pickles inside PyTorch files without running anything in them.

A pickle is a little program. Here its opcodes are walked by our own hands: names of functions are
only looked up in a short table of meanings, and everything else in it is refused with its name.
"""

import pickletools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.base.errors import FormatError
from engine.base.words import quoted, shown
from engine.weights.formats.open_file import Window

MAX_STEPS = 1_000_000  # opcodes; the largest models need some ten thousand
MAX_MADE = 4_000_000  # items handed to calls, all of them together
MAX_BYTES = 64 << 20  # of all pickles of a file
MAX_BITS = 256  # of a number; PyTorch's own mark has 77
MAX_LINE = 65_535  # bytes of a name or a number that is spelled


class PickleBudget:
    """What the pickles of one file may cost together: each step small, their sum for ever."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.steps, self.made, self.bytes = MAX_STEPS, MAX_MADE, MAX_BYTES

    def step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise FormatError("{where} has too many steps for a table of tensors", where=self.where)

    def make(self, values: tuple[Any, ...]) -> None:
        """A call with these values copies them, and what is directly in them."""
        sized = (list, tuple, dict, str, bytes)
        self.made -= len(values) + sum(len(v) for v in values if isinstance(v, sized))
        if self.made < 0:
            raise FormatError("{where} makes more than a table of tensors needs", where=self.where)

    def read(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise FormatError(
                "{where} is larger than {max_bytes:,} bytes; no table needs it",
                where=self.where,
                max_bytes=MAX_BYTES,
            )


class PickleSource:
    """Bytes that a pickle is read from; every read is counted before it is made."""

    def __init__(self, data: Window | bytes, budget: PickleBudget, at: int = 0) -> None:
        self.data, self.at, self._budget = data, at, budget

    def read(self, size: int) -> bytes:
        size = min(size, len(self.data) - self.at)
        self._budget.read(size)
        self.at += size
        return self.data[self.at - size : self.at]

    def readline(self) -> bytes:
        end = self.data.find(b"\n", self.at, self.at + MAX_LINE + 1)
        if end < 0:
            raise ValueError("a line without an end")
        return self.read(end + 1 - self.at)


@dataclass(frozen=True)
class Name:
    """A global that the pickle mentions, such as torch.FloatStorage: a word, never the thing."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Opaque:
    """Stands for an object whose content does not matter."""


Meaning = Callable[..., Any]
_MARK = object()

_NUMBERS = ("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4", "BINFLOAT", "FLOAT")
_TEXTS = ("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "UNICODE")
_BYTES = ("STRING", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8")
PLAIN = frozenset(_NUMBERS + _TEXTS + _BYTES)
CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
IGNORED = frozenset(("PROTO", "FRAME"))
BROKEN = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    RecursionError,
    ArithmeticError,
)


def load(
    source: PickleSource,
    budget: PickleBudget,
    meanings: Mapping[str, Meaning],
    persistent: Callable[[Any], Any],
) -> Any:
    """The object a pickle describes. `meanings` says what calls of which globals stand for,
    `persistent` what its outside references (storages) are."""
    where = budget.where
    machine = _Machine(budget, meanings, persistent)
    try:
        for opcode, arg, _ in pickletools.genops(source):  # type: ignore[arg-type]
            budget.step()
            machine.step(opcode.name, arg)
            if opcode.name == "STOP":
                return machine.result
    except FormatError:
        raise
    except BROKEN as error:
        raise FormatError(
            "{where} is broken: its pickle makes no sense ({error})", where=where, error=error
        ) from None
    raise FormatError("{where} is cut short: its pickle has no end", where=where)


class _Machine:
    """Stack and memo of one pickle."""

    def __init__(
        self,
        budget: PickleBudget,
        meanings: Mapping[str, Meaning],
        persistent: Callable[[Any], Any],
    ) -> None:
        self.budget, self.where = budget, budget.where
        self.meanings, self.persistent = meanings, persistent
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.result: Any = None

    def step(self, opcode: str, arg: Any) -> None:
        if opcode in PLAIN:
            if isinstance(arg, int) and arg.bit_length() > MAX_BITS:
                raise ValueError("a number that is larger than any of a table")
            self.stack.append(arg)
        elif opcode in CONSTANTS:
            self.stack.append(CONSTANTS[opcode])
        elif opcode not in IGNORED:
            act = getattr(self, "op_" + opcode.lower(), None)
            if act is None:
                raise FormatError(
                    "{where} uses the pickle opcode {opcode}, which a table of tensors has no "
                    "need of; it is refused",
                    where=self.where,
                    opcode=opcode,
                )
            act(arg)

    # Building: everything is a plain list, tuple or dict.

    def op_mark(self, arg: Any) -> None:
        self.stack.append(_MARK)

    def op_empty_dict(self, arg: Any) -> None:
        self.stack.append({})

    def op_empty_list(self, arg: Any) -> None:
        self.stack.append([])

    def op_empty_set(self, arg: Any) -> None:
        self.stack.append([])

    def op_tuple(self, arg: Any) -> None:
        self.stack.append(tuple(self._since_mark()))

    def op_tuple1(self, arg: Any) -> None:
        self.stack.append(tuple(self._popped(1)))

    def op_tuple2(self, arg: Any) -> None:
        self.stack.append(tuple(self._popped(2)))

    def op_tuple3(self, arg: Any) -> None:
        self.stack.append(tuple(self._popped(3)))

    def op_append(self, arg: Any) -> None:
        (item,) = self._popped(1)
        self._list().append(item)

    def op_appends(self, arg: Any) -> None:
        items = self._since_mark()
        self._list().extend(items)

    def op_additems(self, arg: Any) -> None:
        self.op_appends(arg)

    def op_setitem(self, arg: Any) -> None:
        self._store(self._popped(2))

    def op_setitems(self, arg: Any) -> None:
        self._store(self._since_mark())

    def _store(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if isinstance(target, Opaque):
            return
        if not isinstance(target, dict):
            raise ValueError("items of something that is no dictionary")
        for key, value in zip(items[::2], items[1::2], strict=True):
            # Only plain keys: the hash of a nested tuple may take for ever.
            if not isinstance(key, str | int | bool | float | None):
                raise ValueError("a dictionary key that is neither text nor number")
            target[key] = value

    # Memo and stack.

    def op_memoize(self, arg: Any) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def op_put(self, arg: Any) -> None:
        self.memo[int(arg)] = self.stack[-1]

    op_binput = op_long_binput = op_put

    def op_get(self, arg: Any) -> None:
        self.stack.append(self.memo[int(arg)])

    op_binget = op_long_binget = op_get

    def op_pop(self, arg: Any) -> None:
        self.stack.pop()

    def op_stop(self, arg: Any) -> None:
        (self.result,) = self._popped(1)

    # Names and calls: looked up, never imported.

    def op_global(self, arg: Any) -> None:
        module, _, name = str(arg).partition(" ")
        self.stack.append(Name(module, name))

    def op_stack_global(self, arg: Any) -> None:
        module, name = self._popped(2)
        if not (isinstance(module, str) and isinstance(name, str)):
            raise ValueError("a name that is no text")
        self.stack.append(Name(module, name))

    def op_binpersid(self, arg: Any) -> None:
        self.stack.append(self.persistent(self._popped(1)[0]))

    def op_reduce(self, arg: Any) -> None:
        function, values = self._popped(2)
        self.stack.append(self._called(function, values))

    op_newobj = op_reduce

    def op_build(self, arg: Any) -> None:
        self._popped(1)  # the state of an object: nothing in it is a tensor's content

    def _called(self, function: Any, values: Any) -> Any:
        meaning = self.meanings.get(str(function)) if isinstance(function, Name) else None
        if meaning is None or not isinstance(values, tuple):
            called = quoted(str(function)) if isinstance(function, Name) else shown(function)
            raise FormatError(
                "{where} wants to call {called}: a file of weights has no need to run code, and "
                "none of it is run; get the model as safetensors or from a source you trust",
                where=self.where,
                called=called,
            )
        self.budget.make(values)
        return meaning(*values)

    def _popped(self, count: int) -> list[Any]:
        if len(self.stack) < count or any(v is _MARK for v in self.stack[-count:]):
            raise ValueError("too few values on its stack")
        items = self.stack[-count:]
        del self.stack[-count:]
        return items

    def _since_mark(self) -> list[Any]:
        for at in range(len(self.stack) - 1, -1, -1):
            if self.stack[at] is _MARK:
                items = self.stack[at + 1 :]
                del self.stack[at:]
                return items
        raise ValueError("no mark on its stack")

    def _list(self) -> list[Any]:
        if not isinstance(self.stack[-1], list):
            raise ValueError("an item for something that is no list")
        return self.stack[-1]
