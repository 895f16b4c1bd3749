"""Machine code as an object file, and how it comes into this process: by LLVM's loader alone.

head: JSON on one line, then the object file as it is (ELF, Mach-O or COFF)
"""

import json
from dataclasses import dataclass
from typing import Any

import llvmlite.binding as llvm

from engine.compute.simd.isa import target

# ELF, Mach-O of 64 bits, COFF for x86-64 and Arm: LLVM does not survive anything else.
_BEGINNINGS = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\x64\x86", b"\x64\xaa")
_loaded: list[Any] = []  # engines; they own the pages that code lies in


@dataclass(frozen=True)
class MachineCode:
    """A C function of int64s; it calls nothing that is not in here."""

    entry: str
    code: bytes
    raises: bool = False  # whether there is a way through it that ends the program

    def to_bytes(self) -> bytes:
        head = {"entry": self.entry, "raises": self.raises}
        return json.dumps(head).encode() + b"\n" + self.code

    @classmethod
    def from_bytes(cls, raw: bytes) -> "MachineCode":
        """Raises ValueError, KeyError or TypeError for what to_bytes has not written."""
        head, line, code = raw.partition(b"\n")
        about = json.loads(head)
        if not line or not code.startswith(_BEGINNINGS):
            raise ValueError("no object file behind its head")
        return cls(str(about["entry"]), code, bool(about["raises"]))


def load(code: MachineCode) -> int:
    """The address of its entry. Raises ValueError where this loader finds none in it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    us = target()
    machine = llvm.Target.from_triple(us.triple).create_target_machine(
        cpu=us.cpu, features=us.features, jit=True
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    try:
        engine.add_object_file(llvm.ObjectFileRef.from_data(code.code))
    except Exception as error:  # of llvmlite's own kinds
        raise ValueError(f"no object file: {error}") from error
    engine.finalize_object()
    address = engine.get_function_address(code.entry)
    if not address:
        raise ValueError(f"{code.entry} is not in it")
    _loaded.append(engine)
    return int(address)
