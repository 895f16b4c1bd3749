"""Writes the short protobuf that a sentencepiece model is: numbered fields, one after the other."""

import struct


def piece_entry(text: str, score: float, kind: int) -> bytes:
    spelling = message(1, text.encode("utf-8", "replace"))
    return spelling + b"\x15" + struct.pack("<f", score) + b"\x18" + bytes([kind])


def varint(field: int, value: int) -> bytes:
    return number(field << 3) + number(value & 0xFFFFFFFFFFFFFFFF)


def message(field: int, content: bytes) -> bytes:
    return number(field << 3 | 2) + number(len(content)) + content


def number(value: int) -> bytes:
    """A protobuf variable-length integer: seven bits a byte, the last without the top bit."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
