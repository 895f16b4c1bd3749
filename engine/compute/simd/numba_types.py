"""Tells numba what our intrinsics and vectors are. Loaded with the compiler, never without it."""

import functools
import operator
from collections.abc import Callable
from typing import Any

from numba import types
from numba.core import registry
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.core.typing.typeof import typeof_impl
from numba.extending import intrinsic, lower_builtin, models, register_model

from engine.compute.simd import intrinsics
from engine.compute.simd.emit import F32X16, Args, Builder, Context, NumbaType, Signature, Value
from engine.compute.simd.intrinsics import Declared, Intrinsic, Kind


class VectorType(types.Type):
    """float32 x 16; passed and returned in registers."""

    def __init__(self) -> None:
        super().__init__(name="f32x16")


_VECTOR = VectorType()
_TYPES = {
    intrinsics.int64: types.int64,
    intrinsics.float32: types.float32,
    intrinsics.void: types.void,
    intrinsics.f32x16: _VECTOR,
}


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    """A bare LLVM vector."""

    def __init__(self, manager: Any, kind: NumbaType) -> None:
        super().__init__(manager, kind, F32X16)


def _operator(function: Callable[..., Any], instruction: str) -> None:
    class Template(AbstractTemplate):
        """Two vectors in, one out."""

        def generic(self, args: Any, keywords: Any) -> Any:
            if len(args) == 2 and all(isinstance(a, VectorType) for a in args):
                return signature(_VECTOR, _VECTOR, _VECTOR)
            return None

    infer_global(function)(Template)

    @lower_builtin(function, VectorType, VectorType)
    def lower(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return getattr(builder, instruction)(*args)


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operator(_function, _instruction)


@typeof_impl.register(Intrinsic)
def _type_of_intrinsic(value: Intrinsic, context: Any) -> Any:
    if value.type is None:
        value.type = _told(value)
    return value.type


def _told(value: Intrinsic) -> Any:
    """numba's type of an intrinsic of its own that declares the same."""

    @functools.wraps(value.define)
    def define(*args: Any) -> Any:
        declared, write = value.define(*args)
        return _signature(declared), write

    known = registry.cpu_target.typing_context
    made = intrinsic(prefer_literal=value.prefer_literal)(define)
    known.refresh()
    return known.resolve_value_type(made)


def _signature(declared: Declared) -> Any:
    args = (_TYPES[arg] if isinstance(arg, Kind) else arg for arg in declared.args)
    return _TYPES[declared.result](*args)
