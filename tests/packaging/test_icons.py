"""The mark as files of each system: what is written is read back, picture by picture."""

import struct

import icons
import pytest
from program import facts
from PySide6.QtGui import QImage


def test_png_is_what_was_drawn(qapp: object) -> None:
    image = QImage.fromData(icons.png(facts(), 48))
    assert (image.width(), image.height()) == (48, 48)
    assert image.pixelColor(0, 0).alpha() < 128  # a round corner
    assert image.pixelColor(24, 4).name() == facts().icon.colour.lower()


def test_ico_has_every_side(qapp: object) -> None:
    data = icons.ico(facts())
    n = struct.unpack_from("<H", data, 4)[0]
    rows = [struct.unpack_from("<BBBBHHII", data, 6 + 16 * i) for i in range(n)]
    assert tuple(row[0] or 256 for row in rows) == icons.ICO
    assert rows[-1][6] + rows[-1][7] == len(data)
    for side, row in zip(icons.ICO, rows, strict=True):
        part = data[row[7] : row[7] + row[6]]
        if side == 256:
            assert QImage.fromData(part).width() == 256
            continue
        head = struct.unpack_from("<IiiHHI", part)
        assert head == (40, side, 2 * side, 1, 32, 0)
        top = len(part) - -(-side // 32) * 4 * side - 4 * side  # the last row of colours
        assert part[top : top + 4 * side] == icons.bgra(facts(), side)[: 4 * side]


def test_icns_is_read_back(qapp: object) -> None:
    data = icons.icns(facts())
    assert struct.unpack(">I", data[4:8])[0] == len(data)
    at, sides = 8, {}
    while at < len(data):
        kind, n = data[at : at + 4].decode(), struct.unpack_from(">I", data, at + 4)[0]
        part = data[at + 8 : at + n]
        if kind.startswith("ic0") and part[:4] == b"ARGB":
            side = dict(icons.ICNS_RAW)[kind]
            assert len(unpacked(part[4:])) == 4 * side * side
            raw = icons.bgra(facts(), side, icons.MARGIN)
            assert unpacked(part[4:])[: side * side] == raw[3::4]
        else:
            assert QImage.fromData(part).width() == dict(icons.ICNS_PNG)[kind]
        sides[kind] = len(part)
        at += n
    assert len(sides) == len(icons.ICNS_RAW) + len(icons.ICNS_PNG)


@pytest.mark.parametrize(
    "data", [b"", b"a", b"aab", b"a" * 400, bytes(range(256)), b"aaabcccc" * 9]
)
def test_packing_loses_nothing(data: bytes) -> None:
    assert unpacked(icons.packed(data)) == data


def test_the_banner_is_a_bitmap(qapp: object) -> None:
    image = QImage.fromData(icons.banner(facts()))
    assert (image.width(), image.height()) == icons.BANNER
    assert image.pixelColor(1, 1).name() == facts().icon.colour.lower()
    assert image.pixelColor(164, 72 + 70).name() == "#ffffff"  # on the cord


def unpacked(data: bytes) -> bytes:
    """What Apple's readers make of it."""
    out, i = bytearray(), 0
    while i < len(data):
        n = data[i]
        if n < 128:
            out += data[i + 1 : i + 2 + n]
            i += 2 + n
        else:
            out += data[i + 1 : i + 2] * (n - 125)
            i += 2
    return bytes(out)
