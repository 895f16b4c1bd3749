"""String arrays: the fast scan finds what a slow one finds, whatever the strings hold."""

import random
import struct

import pytest

from engine.weights.formats.gguf_strings import StringArray, scan_strings


def packed(texts: list[bytes], little: bool) -> bytes:
    order = "<Q" if little else ">Q"
    return b"".join(struct.pack(order, len(text)) + text for text in texts)


def random_texts(rng: random.Random) -> list[bytes]:
    """Mostly short, some empty, some long, some full of zeros that look like lengths."""
    texts = []
    for _ in range(rng.randrange(700)):
        rare = rng.random() < 0.1
        size = rng.choice([0, 1, 9, 255, 256, 3000]) if rare else rng.randrange(3, 9)
        letters = [0, 1, 65] if rng.random() < 0.1 else range(256)
        texts.append(bytes(rng.choices(letters, k=size)))
    return texts


@pytest.mark.parametrize("little", [True, False])
def test_finds_every_string(little: bool):
    rng = random.Random(1)
    for _ in range(60):
        texts = random_texts(rng)
        data = b"xx" + packed(texts, little)
        found = scan_strings(data + bytes(50), 2, len(texts), little)
        assert not isinstance(found, int)
        assert found.end == len(data)
        array = StringArray(data, found.starts, found.sizes)
        assert [array.raw(i) for i in range(len(texts))] == texts


def test_cut_short_names_the_string():
    texts = [b"token"] * 1000
    data = packed(texts, True)
    for cut in (0, 7, 8, 12, 13, 5000, len(data) - 1):
        assert scan_strings(data[:cut], 0, 1000, True) == cut // 13


def test_length_of_two_to_the_63():
    data = packed([b"a", b"b"], True) + struct.pack("<Q", 1 << 63) + bytes(100)
    assert scan_strings(data, 0, 3, True) == 2


def test_behaves_as_a_list_of_strings():
    texts = ["<s>", "▁the", "é", ""]
    data = packed([text.encode() for text in texts], True)
    found = scan_strings(data, 0, 4, True)
    assert not isinstance(found, int)
    array = StringArray(data, found.starts, found.sizes)
    assert len(array) == 4
    assert list(array) == texts
    assert array == texts
    assert array[-1] == ""
    assert array[1:3] == texts[1:3]
    assert "é" in array
    assert array.index("é") == 2
    with pytest.raises(IndexError):
        array[4]


def test_broken_utf8_is_replaced_and_raw_is_exact():
    data = packed([b"\xff\xfe"], True)
    found = scan_strings(data, 0, 1, True)
    assert not isinstance(found, int)
    array = StringArray(data, found.starts, found.sizes)
    assert array[0] == "\ufffd\ufffd"
    assert array.raw(0) == b"\xff\xfe"
