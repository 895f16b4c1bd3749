"""A file's bytes over a connection: ranges, conditions, and the faults that strike on the way."""

import re
import time
from http.server import BaseHTTPRequestHandler
from threading import Event

from helpers.local_hub.faults import Fault
from helpers.local_hub.repositories import HubFile
from helpers.local_hub.requests_log import Request

PIECE = 1 << 16
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class CutOff(Exception):
    """The connection ends here."""


def send_file(
    handler: BaseHTTPRequestHandler,
    request: Request,
    file: HubFile,
    etag: str,
    fault: Fault,
    closing: Event,
    headers: dict[str, str],
) -> None:
    """Answers GET or HEAD with the file or the range of it that was asked for."""
    etag = f'"{fault.etag or etag}"'
    span = wanted_range(request, file.size, etag) if not fault.no_ranges else None
    if span == (0, 0) and file.size:
        _begin(handler, request, 416, {"Content-Range": f"bytes */{file.size}", **headers}, 0)
        return
    start, stop = span or (0, file.size)
    if fault.wrong_range and span:
        start, stop = start + 1, stop + 1
    told = {"ETag": etag, "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
    if span:
        told["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    length = stop - start if fault.wrong_length is None else fault.wrong_length
    _begin(handler, request, 206 if span else 200, told | headers, length)
    if request.method != "HEAD":
        _body(handler, request, file, start, stop, fault, closing)


def wanted_range(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    """start, stop of the range that counts; (0, 0) if it lies outside; None for the whole file."""
    match = RANGE.fullmatch(request.headers.get("range", ""))
    if not match or request.headers.get("if-range", etag) != etag:
        return None
    low, high = match.groups()
    if not low:
        return max(0, size - int(high)), size
    stop = min(size, int(high) + 1) if high else size
    return (int(low), stop) if int(low) < stop else (0, 0)


def _begin(
    handler: BaseHTTPRequestHandler,
    request: Request,
    status: int,
    headers: dict[str, str],
    length: int,
) -> None:
    request.status = status
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def _body(
    handler: BaseHTTPRequestHandler,
    request: Request,
    file: HubFile,
    start: int,
    stop: int,
    fault: Fault,
    closing: Event,
) -> None:
    begun, at = time.monotonic(), start
    while at < stop:
        most = min(PIECE, stop - at)
        if fault.bytes_per_second:
            most = min(most, max(1, int(fault.bytes_per_second / 20)))
        for bound in (fault.cut_after, fault.stall_after):
            if bound is not None:
                most = min(most, max(0, bound - request.sent))
        if most == 0:
            _end_early(fault, closing)
        piece = _corrupted(file.read(at, most), at, fault.corrupt_at)
        if not piece:  # a range that goes beyond the file: more was promised than there is
            raise CutOff
        write(handler, request, piece)
        at += len(piece)
        if fault.bytes_per_second:
            due = begun + (at - start) / fault.bytes_per_second
            if closing.wait(max(0.0, due - time.monotonic())):
                raise CutOff


def write(handler: BaseHTTPRequestHandler, request: Request, piece: bytes) -> None:
    """Counted first: who has the bytes must find them in the log."""
    request.sent += len(piece)
    try:
        handler.wfile.write(piece)
    except OSError:
        request.sent -= len(piece)
        raise


def _end_early(fault: Fault, closing: Event) -> None:
    if fault.stall_after is not None and fault.cut_after is None:
        closing.wait()
    raise CutOff


def _corrupted(piece: bytes, at: int, where: int | None) -> bytes:
    if where is None or not at <= where < at + len(piece):
        return piece
    changed = bytearray(piece)
    changed[where - at] ^= 0xFF
    return bytes(changed)
