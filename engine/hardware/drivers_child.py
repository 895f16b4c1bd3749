"""What drivers of graphics tell, asked in a process of its own: one may hang, or end its process.

Run with the name of what to ask; prints one line of JSON, or nothing. Only the standard library
and nvidia-ml-py here; `graphics.py` reads the answers.
"""

import json
import sys
from collections.abc import Sequence

MOST = 64  # devices
DXGI_DESCRIPTION = 312  # bytes of DXGI_ADAPTER_DESC1
FACTORY1 = bytes.fromhex("78ae0a776ff2ba4da829253c83d1b387")  # IDXGIFactory1, as it lies in memory


def main(arguments: Sequence[str]) -> int:
    """`nvml` or `dxgi`; returns the exit code."""
    answers = {"nvml": nvml, "dxgi": dxgi}
    for name in arguments[:1]:
        if name in answers:
            sys.stdout.write(json.dumps(answers[name]()) + "\n")
            sys.stdout.flush()
    return 0


def nvml() -> object:
    """NVIDIA's own library: name, bytes and place of each device, and the driver's version."""
    import pynvml

    pynvml.nvmlInit()
    devices = []
    for i in range(min(pynvml.nvmlDeviceGetCount(), MOST)):
        handle = pynvml.nvmlDeviceGetHandleByIndex(i)
        device: dict[str, str | int] = {"name": _text(pynvml.nvmlDeviceGetName(handle))}
        try:  # boards that share the machine's memory tell none
            device["memory"] = int(pynvml.nvmlDeviceGetMemoryInfo(handle).total)
            device["place"] = _text(pynvml.nvmlDeviceGetPciInfo(handle).busId)
        except pynvml.NVMLError:
            pass
        devices.append(device)
    return {"driver": _text(pynvml.nvmlSystemGetDriverVersion()), "devices": devices}


def dxgi() -> object:
    """Windows: the description of each adapter, as it lies in memory, in hexadecimal."""
    found: list[str] = []
    if sys.platform == "win32":
        import ctypes
        from typing import Any

        def method(thing: Any, number: int, *kinds: Any) -> Any:
            """A function of a COM object, by its place in the table the object begins with."""
            table = ctypes.cast(thing, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
            return ctypes.WINFUNCTYPE(ctypes.c_long, ctypes.c_void_p, *kinds)(table[number])

        pointer = ctypes.POINTER(ctypes.c_void_p)
        factory = ctypes.c_void_p()
        ident = ctypes.create_string_buffer(FACTORY1, 16)
        if ctypes.windll.dxgi.CreateDXGIFactory1(ident, ctypes.byref(factory)):
            return found
        for i in range(MOST):
            adapter = ctypes.c_void_p()
            enum_adapters = method(factory, 12, ctypes.c_uint, pointer)
            if enum_adapters(factory, i, ctypes.byref(adapter)):
                break
            description = ctypes.create_string_buffer(DXGI_DESCRIPTION)
            if not method(adapter, 10, ctypes.c_char_p)(adapter, description):
                found.append(description.raw.hex())
    return found


def _text(word: str | bytes) -> str:
    return word.decode("utf-8", "replace") if isinstance(word, bytes) else word
