"""Spreadsheets: each sheet under its name, as lines of values with commas between them."""

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.attachments.archive import Archive
from engine.attachments.document import Document, Growing, is_damaged, is_protected

ZIP = b"PK\x03\x04"


def read_sheets(raw: bytes) -> Document:
    """python-calamine (Rust) reads them: 1 ms to import, all kinds, dates as dates; openpyxl needs
    70 ms and knows one kind."""
    import python_calamine as calamine

    if raw.startswith(ZIP):
        Archive(raw).check()
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            return _read(book)
    except calamine.PasswordError:
        raise is_protected() from None
    except (calamine.CalamineError, OSError, ValueError):
        raise is_damaged() from None


def _read(book: Any) -> Document:
    import python_calamine as calamine

    made, n, lost = Growing(), 0, 0
    for name in book.sheet_names:
        try:
            rows = _rows(book.get_sheet_by_name(name))
        except (calamine.CalamineError, OSError, ValueError):  # of charts, or damaged
            lost += 1
            continue
        if rows:
            n += 1
            made.add(f"## Sheet: {name}\n\n{rows}\n")
    if lost and not n:
        raise is_damaged()
    return Document(made.text.strip("\n"), n)


def _rows(sheet: Any) -> str:
    made, line = Growing(), io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    for row in sheet.iter_rows():
        cells = [_told(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            line.seek(0)
            line.truncate()
            writer.writerow(cells)
            made.add(line.getvalue())
    return made.text


def _told(value: object) -> str:
    """As a person would have typed it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return " ".join(str(value).split())
