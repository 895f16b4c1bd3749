"""What an Arm processor can do beyond plain NEON, as its system tells it.

LLVM knows the instructions of a processor by its name, and asks the system for none of these: for a
name that is new to it, or on a Mac, it would say that there is no byte dot product.
"""

import ctypes
import sys

# LLVM's names. Linux: bits of AT_HWCAP and AT_HWCAP2 (arch/arm64/include/uapi/asm/hwcap.h).
_AT_HWCAP, _AT_HWCAP2 = 16, 26
_LINUX = {"fullfp16": (_AT_HWCAP, 10), "dotprod": (_AT_HWCAP, 20), "bf16": (_AT_HWCAP2, 14)}
# macOS: names of sysctl (developer.apple.com, "Determining instruction set characteristics").
_MACOS = {"fullfp16": "FEAT_FP16", "dotprod": "FEAT_DotProd", "bf16": "FEAT_BF16"}
# Windows: IsProcessorFeaturePresent's numbers (winnt.h).
_WINDOWS = {"dotprod": 43}


def arm_features(system: str = sys.platform) -> frozenset[str]:
    """Of this processor; where the system does not answer, none: plain NEON serves all."""
    try:
        if system == "linux":
            return _linux()
        if system == "darwin":
            return frozenset(name for name, key in _MACOS.items() if _sysctl(key))
        if system == "win32":
            return _windows()
    except (OSError, AttributeError):
        pass
    return frozenset()


def _linux() -> frozenset[str]:
    ask = ctypes.CDLL(None).getauxval
    ask.restype, ask.argtypes = ctypes.c_ulong, (ctypes.c_ulong,)
    return frozenset(name for name, (word, bit) in _LINUX.items() if ask(word) >> bit & 1)


def _sysctl(key: str) -> bool:
    value, size = ctypes.c_int(0), ctypes.c_size_t(ctypes.sizeof(ctypes.c_int))
    name = f"hw.optional.arm.{key}".encode()
    ask = ctypes.CDLL(None).sysctlbyname
    ask.argtypes = (ctypes.c_char_p, *(ctypes.c_void_p,) * 3, ctypes.c_size_t)
    failed = ask(name, ctypes.byref(value), ctypes.byref(size), None, 0)
    return not failed and bool(value.value)


def _windows() -> frozenset[str]:
    ask = getattr(ctypes, "windll").kernel32.IsProcessorFeaturePresent  # noqa: B009 (typeshed)
    return frozenset(name for name, number in _WINDOWS.items() if ask(number))
