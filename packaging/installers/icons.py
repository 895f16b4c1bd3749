#!/usr/bin/env python3
"""The mark in every size and form that systems ask for, drawn from its SVG.

    python3 packaging/installers/icons.py OUT

makes OUT/hicolor/ (PNG of 16 to 512 and the SVG, as icon themes have them), OUT/chaski.ico
(Windows) and OUT/chaski.icns (macOS). Nothing of it is kept in the repository: a build makes it in
a second.
"""

import os
import shutil
import struct
import sys
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from program import Program, facts  # noqa: E402

HICOLOR = (16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512)
ICO = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_RAW = (("ic04", 16), ("ic05", 32))  # kinds that hold bytes of each channel
ICNS_PNG = (
    ("ic11", 32),
    ("icp6", 64),
    ("ic12", 64),
    ("ic07", 128),
    ("ic13", 256),
    ("ic08", 256),
    ("ic14", 512),
    ("ic09", 512),
    ("ic10", 1024),
)
MARGIN = 0.1  # of the side, that icons of macOS keep free all around


def make(program: Program, out: Path) -> None:
    """Every form into a folder."""
    for side in HICOLOR:
        place = out / "hicolor" / f"{side}x{side}" / "apps" / f"{program.id}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(png(program, side))
    plain = out / "hicolor" / "scalable" / "apps" / f"{program.id}.svg"
    plain.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(program.icon.large, plain)
    (out / f"{program.package}.ico").write_bytes(ico(program))
    (out / f"{program.package}.icns").write_bytes(icns(program))


# Pixels


@cache
def _application() -> object:
    """Qt draws nothing without one; it needs no display."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication.instance() or QGuiApplication(["icons"])


def bgra(program: Program, side: int, margin: float = 0.0) -> bytes:
    """Rows from the top, four bytes a pixel: blue, green, red, opacity; colours not multiplied."""
    _application()
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    icon = program.icon
    drawing = icon.small if side <= icon.small_until else icon.large
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    free = side * margin
    wide = side - 2 * free
    QSvgRenderer(str(drawing)).render(painter, QRectF(free, free, wide, wide))
    painter.end()
    return bytes(image.constBits())


def png(program: Program, side: int, margin: float = 0.0) -> bytes:
    """Written by itself, so that it is the same bytes on every system."""
    import zlib

    raw = bgra(program, side, margin)
    rgba = bytearray(raw)
    rgba[0::4], rgba[2::4] = raw[2::4], raw[0::4]
    rows = b"".join(b"\0" + rgba[i : i + 4 * side] for i in range(0, len(rgba), 4 * side))
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


# Windows: a list of pictures, the small ones as bitmaps (installers read no others), 256 as PNG


def ico(program: Program) -> bytes:
    pictures = [
        (side, png(program, side) if side >= 256 else _bitmap(program, side)) for side in ICO
    ]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    for side, data in pictures:
        head += struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(data), at)
        at += len(data)
    return head + b"".join(data for _, data in pictures)


def _bitmap(program: Program, side: int) -> bytes:
    """Rows from the bottom, then a mask of one bit a pixel for what knows no opacity."""
    raw, row = bgra(program, side), 4 * side
    rows = [raw[i : i + row] for i in range(0, len(raw), row)][::-1]
    head = struct.pack("<IiiHHIIiiII", 40, side, 2 * side, 1, 32, 0, 0, 0, 0, 0, 0)
    return head + b"".join(rows) + b"".join(_mask(line, side) for line in rows)


def _mask(line: bytes, side: int) -> bytes:
    bits = 0
    for opacity in line[3::4]:
        bits = bits << 1 | (opacity < 128)
    wide = -(-side // 32) * 4  # bytes of a row, a whole number of four
    return (bits << 8 * wide - side).to_bytes(wide, "big")


BANNER = (328, 628)  # beside the installer's first and last page, at twice its size


def banner(program: Program) -> bytes:
    """The mark on its own colour, as a bitmap of three bytes a pixel, from the bottom row."""
    wide, high = BANNER
    side, top = 216, 72
    ground = bytes.fromhex(program.icon.colour.removeprefix("#"))[::-1]
    mark, rows = bgra(program, side), [bytearray(ground * wide) for _ in range(high)]
    for y in range(side):
        for x in range(side):
            at = 4 * (y * side + x)
            opacity, left = mark[at + 3], (wide - side) // 2 + x
            for c in range(3):
                mixed = mark[at + c] * opacity + ground[c] * (255 - opacity)
                rows[top + y][3 * left + c] = round(mixed / 255)
    data = b"".join(rows[::-1])  # of a row, 328 x 3 bytes, four divides the number
    info = struct.pack("<IiiHHIIiiII", 40, wide, high, 1, 24, 0, len(data), 0, 0, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 54 + len(data), 0, 0, 54) + info + data


# macOS: named parts, each with its length


def icns(program: Program) -> bytes:
    parts = [(kind, _channels(program, side)) for kind, side in ICNS_RAW]
    parts += [(kind, png(program, side, MARGIN)) for kind, side in ICNS_PNG]
    body = b"".join(kind.encode() + struct.pack(">I", 8 + len(d)) + d for kind, d in parts)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def _channels(program: Program, side: int) -> bytes:
    """Opacity, red, green, blue, one after the other, each packed."""
    raw = bgra(program, side, MARGIN)
    return b"ARGB" + b"".join(packed(raw[i::4]) for i in (3, 2, 1, 0))


def packed(data: bytes) -> bytes:
    """A byte under 128, n: the next n + 1 as they are; from 128 on: the next one n - 125 times."""
    out, plain, i = bytearray(), bytearray(), 0
    while i < len(data):
        n = 1
        while n < 130 and i + n < len(data) and data[i + n] == data[i]:
            n += 1
        if n >= 3:
            out += _as_they_are(plain) + bytes((n + 125, data[i]))
            plain.clear()
        else:
            plain += data[i : i + n]
        i += n
    return bytes(out + _as_they_are(plain))


def _as_they_are(plain: bytearray) -> bytes:
    cut = [plain[i : i + 128] for i in range(0, len(plain), 128)]
    return b"".join(bytes((len(part) - 1,)) + bytes(part) for part in cut)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    make(facts(), Path(sys.argv[1]))
