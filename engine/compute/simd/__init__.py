"""Vectors for numba over LLVM IR: the only room that knows the names of instructions.

`isa` says what the CPU offers, `emit` writes IR, `dot` and `floats` lower what differs between
CPUs, `vectors` and `memory` make it all usable from compiled Python.
"""
