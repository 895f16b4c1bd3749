"""What the Xet client would give for downloads, held against plain HTTP ranges.

    .venv/bin/python tests/measures/xet_against_http.py [--megabytes 400]

A small store that speaks Xet's download protocol (https://huggingface.co/docs/xet: reconstructions
and xorbs, chunks of 64 KiB as they are) and a local hub hand out files of noise. Asked: how fast
bytes come where the line is no bound (from two sizes, so that starts do not count), and how many
are sent again where the program is killed half-way at a bounded rate and begun anew. Each client is
a process of its own. Not the real hub: what its stores' nearness to a person changes is not seen.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

RATE = 40e6  # bytes/s where a client is killed
START_S = 1.2  # until the program asks for the first byte
CHUNK, CHUNKS = 1 << 16, 1000  # bytes; of one xorb, which may have 64 MiB
FILE = "ab" * 32  # its hash, which nobody checks
XET = """
import sys, time
from hf_xet import XetFileInfo, XetSession
session = XetSession()
with session.new_file_download_group(
    endpoint=sys.argv[1], token="t", token_expiry_unix_secs=int(time.time()) + 3600
) as group:
    group.start_download_file(XetFileInfo(sys.argv[2], int(sys.argv[3])), sys.argv[4])
"""
HTTP = "import sys; from engine.cli import main; sys.exit(main())"


class Store(ThreadingHTTPServer):
    """The part of Xet's store that a download asks."""

    daemon_threads = True

    def __init__(self, size: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.chunks = [CHUNK] * (size // CHUNK) + ([size % CHUNK] if size % CHUNK else [])
        self.noise, self.sent, self.lock = random.Random(1).randbytes(CHUNK), 0, threading.Lock()
        self.url, self.rate, self.due = f"http://127.0.0.1:{self.server_port}", 0.0, 0.0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def wait_for(self, size: int) -> None:
        """All together send no faster than `rate`."""
        if self.rate:
            with self.lock:
                self.due = max(self.due, time.perf_counter()) + size / self.rate
                pause = self.due - time.perf_counter()
            time.sleep(max(0.0, pause))

    def xorb(self, number: int) -> list[int]:
        return self.chunks[number * CHUNKS : (number + 1) * CHUNKS]

    def reconstruction(self, start: int, end: int) -> dict[str, Any]:
        """The chunks in which bytes `start` to `end` lie; one term for each xorb."""
        terms, found = list[Any](), dict[str, Any]()
        skipped, last = start // CHUNK, min(end // CHUNK, len(self.chunks) - 1)
        for number in range(skipped // CHUNKS, last // CHUNKS + 1):
            name, first = f"{number:064x}", max(0, skipped - number * CHUNKS)
            chunks = self.xorb(number)[: last - number * CHUNKS + 1]
            span = {"start": first, "end": len(chunks)}
            terms.append({"hash": name, "unpacked_length": sum(chunks[first:]), "range": span})
            before = sum(chunks[:first]) + 8 * first
            size = sum(chunks) + 8 * len(chunks)
            where = {"start": before, "end": size - 1}
            found[name] = [{"range": span, "url": f"{self.url}/xorb/{number}", "url_range": where}]
        offset = start - skipped * CHUNK
        return {"offset_into_first_range": offset, "terms": terms, "fetch_info": found}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Store

    def log_message(self, *_: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        start, end = self._range()
        if self.path.startswith("/v1/reconstructions/"):
            if start >= sum(self.server.chunks):
                self._answer(416, b"")
            else:
                self._answer(200, json.dumps(self.server.reconstruction(start, end)).encode())
        elif self.path.startswith("/xorb/"):
            self._xorb(int(self.path.rsplit("/", 1)[1]))
        else:
            self._answer(404, b"")

    def _range(self) -> tuple[int, int]:
        told = self.headers.get("Range", "bytes=0-").removeprefix("bytes=")
        start, _, end = told.partition("-")
        return int(start or 0), int(end or -1)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _xorb(self, number: int) -> None:
        chunks, (start, end) = self.server.xorb(number), self._range()
        self.send_response(206)
        self.send_header("Content-Length", str(end + 1 - start))
        self.end_headers()
        at = 0
        for size in chunks:
            head = b"\0" + size.to_bytes(3, "little") + b"\0" + size.to_bytes(3, "little")
            piece = (head + self.server.noise[:size])[max(0, start - at) : max(0, end + 1 - at)]
            at += size + 8
            if piece:
                self.server.wait_for(len(piece))
                self.wfile.write(piece)
                with self.server.lock:
                    self.server.sent += len(piece)


def run(command: list[str], variables: dict[str, str], kill_after: float = 0.0) -> float:
    """Seconds; `kill_after` so many it is killed."""
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}) as program:
        if kill_after:
            time.sleep(kill_after)
            program.send_signal(signal.SIGKILL)
        status = program.wait()
    if status and not kill_after:
        raise SystemExit(f"ended with {status}")
    return time.perf_counter() - begun


def told(name: str, small: float, large: float, size: int, half: float, again: float) -> None:
    rate = (size - size // 4) / (large - small) / 1e6
    print(f"{name}: {rate:5.0f} MB/s; killed when {half:.2f} of the file was sent, ", end="")
    print(f"then begun anew: {again:.3f} times the file in all", flush=True)


def xet(size: int, folder: Path) -> None:
    target, seconds = folder / "xet.bin", list[float]()

    def fetch(store: Store, kill_after: float = 0.0) -> float:
        bytes_ = str(sum(store.chunks))
        command = [sys.executable, "-c", XET, store.url, FILE, bytes_, str(target)]
        return run(command, {}, kill_after)

    for each in (size // 4, size):
        store = Store(each)
        seconds.append(fetch(store))
        assert target.stat().st_size == each
        target.unlink()
    store = Store(size // 4)
    store.rate = RATE
    fetch(store, size / 4 / RATE / 2)
    half = store.sent
    fetch(store)
    told("Xet ", *seconds, size, 4 * half / size, 4 * store.sent / size)


def http(size: int, folder: Path) -> None:
    from helpers.local_hub.repositories import Repository
    from helpers.local_hub.server import LocalHub
    from helpers.tiny_models import write_tiny_llama

    noise, seconds = random.Random(1).randbytes(1 << 20), list[float]()
    with LocalHub() as hub:
        for name, each in (("a/small-GGUF", size // 4), ("a/large-GGUF", size)):
            model = write_tiny_llama(folder / f"{name[2:7]}-Q4_0.gguf")
            with model.open("ab") as file:
                while file.tell() < each:
                    file.write(noise[: each - file.tell()])
            hub.add(Repository(name)).put(model.name, model)
            hub.repositories[name].files[model.name].sha256  # noqa: B018 (not while it is asked)

        def sent() -> int:
            return sum(r.sent for r in list(hub.log.requests) if r.door == "cdn")

        def fetch(name: str, home: str, kill_after: float = 0.0) -> float:
            variables = {"CHASKI_HOME": str(folder / home), "HF_ENDPOINT": hub.url}
            return run([sys.executable, "-c", HTTP, "download", name], variables, kill_after)

        seconds = [fetch(name, "one") for name in ("a/small-GGUF", "a/large-GGUF")]
        before = sent()
        hub.faults.add("*", door="cdn", bytes_per_second=RATE)
        fetch("a/small-GGUF", "two", START_S + size / 4 / RATE / 2)
        time.sleep(0.2)  # it counts when it has sent
        half = sent() - before
        fetch("a/small-GGUF", "two")
        told("HTTP", *seconds, size, 4 * half / size, 4 * (sent() - before) / size)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--megabytes", type=int, default=1600)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        xet(args.megabytes * 1_000_000, Path(name))
        http(args.megabytes * 1_000_000, Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
