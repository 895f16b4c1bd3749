"""A GGUF file for people to read: every key, every tensor, how a tensor's values are spread."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.base.catalogue import Words
from engine.base.words import printable, quoted, shown
from engine.inspect.records import Contents, Histogram, KeyLine, TensorLine
from engine.model import type_name
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.formats.gguf_names import unlisted
from engine.weights.formats.gguf_values import ValueType
from engine.weights.quants import dequantize

SAMPLE, BINS = 1 << 20, 81  # values looked at, at most about so many; bars
SHORT = 8  # items of an array in the table
LONG = 200  # items of an array where one key is shown
LINE, TEXT = 160, 100_000  # characters, likewise


def contents_of(path: Path) -> Contents:
    with open_gguf(path) as file:
        return Contents(
            path=path,
            name=file.told_str("general.name") or path.stem,
            architecture=file.told_str("general.architecture"),
            type_name=type_name(file),
            version=file.version,
            files=len(file.paths),
            bytes=file.file_bytes,
            parameters=file.n_parameters,
            entries=tuple(_entry(file, key, value) for key, value in file.metadata.items()),
            tensors=tuple(
                TensorLine(shown(t.name), t.type.name, t.shape, t.nbytes)
                for t in file.tensors.values()
            ),
            unlisted=tuple(map(shown, unlisted_of(file))),
        )


def unlisted_of(file: GGUFFile) -> list[str]:
    """Keys and tensors that this architecture has not by the list of GGUF's own package."""
    return unlisted(file.told_str("general.architecture"), file.metadata, file.tensors)


def histogram_of(path: Path, name: str) -> Histogram:
    with open_gguf(path) as file:
        info = file.need_tensor(name)
        rows = file.rows(name)
        every = max(1, -(-info.n_elements // SAMPLE))
        values = dequantize(info.type, rows[::every], info.n_cols)
    sound = values[np.isfinite(values)]
    if not sound.size:
        return Histogram(name, (), 0.0, 0.0, 0.0, 0.0, values.size, values.size)
    low, high = float(sound.min()), float(sound.max())
    # Values so near to each other that no bins lie between them stand in the middle of a few.
    room = max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-300)
    middle = (low + high) / 2
    places = (min(low, middle - room / 2), max(high, middle + room / 2))
    counts, _ = np.histogram(sound.astype(np.float64), bins=BINS, range=places)
    return Histogram(
        name=name,
        counts=tuple(int(count) for count in counts),
        low=low,
        high=high,
        mean=float(sound.mean(dtype=np.float64)),
        deviation=float(sound.std(dtype=np.float64)),
        of=values.size,
        odd=values.size - sound.size,
    )


def _entry(file: GGUFFile, key: str, value: Any) -> KeyLine:
    kind = file.value_types.get(key)
    key = shown(key)
    name = kind.name.lower() if isinstance(kind, ValueType) else type(value).__name__
    if isinstance(value, str):
        line = shown(" ".join(value[: 2 * LINE].split()), LINE)
        return KeyLine(key, name, line, printable(_cut(value, TEXT)))
    if isinstance(value, float):
        return KeyLine(key, name, f"{value:.7g}", repr(value))
    if isinstance(value, bool | int):
        return KeyLine(key, name, str(value), str(value))
    count = Words("{n:,} items", n=len(value))
    return KeyLine(key, count, _items(value, SHORT), _items(value, LONG))


def _items(value: Any, most: int) -> str:
    shown = ", ".join(_item(item) for item in list(value[:most]))
    return shown + (", …" if len(value) > most else "")


def _item(item: Any) -> str:
    """One item of an array; what is nested deeper only by its length."""
    if isinstance(item, str):
        return quoted(item, LINE)
    if hasattr(item, "__len__"):
        return f"[{len(item)} items]"
    return f"{float(item):g}" if hasattr(item, "dtype") and item.dtype.kind == "f" else str(item)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
