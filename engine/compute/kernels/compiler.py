"""Python functions to machine code with a C signature: numba types them and writes IR, LLVM does
the rest. The only file that knows numba's insides, and loaded only where something is compiled.

numba alone would give each inner function two wrappers for callers in Python, and machine code of
its own, which nobody calls: all of it is compiled into the kernels that use it. Here inner
functions stay IR, and all of a kernel but its entry is private to it, so that what was inlined
everywhere is dropped: half the time of a first start, half the bytes on disk.

    entry (C)  ->  the function as numba calls it (status, place for an exception, arguments)
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numba
from llvmlite import ir
from numba.core import compiler, registry
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.typing.typeof import typeof_impl

from engine.compute.kernels import jit
from engine.compute.kernels.machine_code import MachineCode
from engine.compute.simd import numba_types as _numba_types  # noqa: F401 - told by being loaded
from engine.compute.simd.isa import target

# Compiled code never gives up half way: division by zero gives what the processor gives, as numba's
# usual model would return early and leave older numbers where results belong.
OPTIONS = {"nopython": True, "error_model": "numpy"}
INLINED = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
TRAP = "llvm.trap"


class _Library(JITCodeLibrary):
    """IR, until the address of a function in it is wanted: then it is optimized and becomes machine
    code. What is compiled into others is optimized there.

    entry: the only function that others shall call, if it is a kernel's.
    """

    entry, _is_made = "", False

    def _optimize_final_module(self) -> None:
        """Not yet."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        self._ensure_finalized()
        if not self._is_made and any(each.name == name for each in self.get_defined_functions()):
            self._is_made = True
            self._make()
        return int(super().get_pointer_to_function(name))

    def _make(self) -> None:
        for each in (*self._final_module.functions, *self._final_module.global_variables):
            if self.entry and not each.is_declaration and each.name != self.entry:
                each.linkage = "internal"
        super()._optimize_final_module()
        super()._finalize_final_module()


class _Codegen(JITCPUCodegen):
    """For the processor that `isa` was told of."""

    _library_class = _Library

    def _get_host_cpu_name(self) -> str:
        return target().cpu

    def _get_host_cpu_features(self) -> str:
        return target().features

    def set_env(self, env_name: str, env: Any) -> None:
        """What numba reads when a function raises. One without machine code has no place for it."""
        if self._engine.get_global_value_address(env_name):
            super().set_env(env_name, env)


def compiled(function: Callable[..., Any], n_args: int, returns: bool) -> tuple[MachineCode, int]:
    """Machine code of a function of int64s that returns such a one or nothing, and its address.
    Takes up to some seconds. Raises TypeError where an address of this process is in the code."""
    library, address = _made(function, n_args, returns)
    if library.has_dynamic_globals:
        raise TypeError(f"{function.__qualname__} holds an object of this process")
    raises = any(each.name == TRAP for each in library._final_module.functions)
    return MachineCode(library.entry, library._get_compiled_object(), raises), address


def assembly(function: Callable[..., Any], n_args: int = 3) -> str:
    """What a kernel looks like to the processor, for reading."""
    return str(_made(function, n_args, returns=False)[0].get_asm_str())


@global_compiler_lock
def _made(function: Callable[..., Any], n_args: int, returns: bool) -> tuple[Any, int]:
    context = _target()
    library = context.codegen().create_library(function.__qualname__)
    library.enable_object_caching()
    made = compiler.compile_extra(
        registry.cpu_target.typing_context,
        context,
        _translated(function),
        (numba.int64,) * n_args,
        numba.int64 if returns else numba.void,
        _flags(),
        {},
        library=library,
    )
    library.entry = f"entry.{made.fndesc.mangled_name}"
    library.add_ir_module(_entry(context, made.fndesc, library.entry))
    return library, library.get_pointer_to_function(library.entry)


@typeof_impl.register(jit.Inline)
def _type_of_inline(value: jit.Inline, context: Any) -> Any:
    if value.dispatcher is None:
        value.dispatcher = numba.njit(**INLINED)(_translated(value.function))
    return numba.types.Dispatcher(value.dispatcher)


def _translated(function: Any) -> Any:
    """The function with numba's own `literally`, which its passes know by identity."""
    known = function.__globals__
    names = [name for name in function.__code__.co_names if known.get(name) is jit.literally]
    if not names:
        return function
    known = {**known, **dict.fromkeys(names, numba.literally)}
    parts = function.__name__, function.__defaults__, function.__closure__
    made = FunctionType(function.__code__, known, *parts)
    made.__qualname__ = function.__qualname__
    return made


def _target() -> Any:
    """numba's context, which makes the libraries above."""
    context = registry.cpu_target.target_context
    if not isinstance(context.codegen(), _Codegen):
        context._internal_codegen = _Codegen("chaski.kernels")
    return context


def _flags() -> compiler.Flags:
    flags = compiler.Flags()
    registry.cpu_target.options.parse_as_flags(flags, dict(OPTIONS))
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = flags.no_compile = True
    flags.enable_pyobject = False
    return flags


def _entry(context: Any, function: Any, name: str) -> ir.Module:
    """A C function that calls numba's. What can raise ends the program instead of going on."""
    module = context.create_module(name)
    convention, returned, args = context.call_conv, function.restype, function.argtypes
    inner_type = convention.get_function_type(returned, args)
    inner = ir.Function(module, inner_type, function.llvm_func_name)
    result = ir.VoidType() if returned == numba.void else context.get_value_type(returned)
    outer_type = ir.FunctionType(result, [context.get_value_type(each) for each in args])
    outer = ir.Function(module, outer_type, name)
    builder = ir.IRBuilder(outer.append_basic_block("entry"))
    status, value = convention.call_function(builder, inner, returned, args, outer.args)
    with builder.if_then(status.is_error, likely=False):
        builder.call(module.declare_intrinsic(TRAP, (), ir.FunctionType(ir.VoidType(), ())), ())
        builder.unreachable()
    if returned == numba.void:
        builder.ret_void()
    else:
        builder.ret(value)
    return module
