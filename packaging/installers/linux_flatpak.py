"""Flatpak: a manifest that takes the program out of the Debian package."""

from __future__ import annotations

import json
from pathlib import Path

from program import Program
from sums import digest

RUNTIME, RUNTIME_VERSION = "org.freedesktop.Platform", "25.08"
# What the program may do: a window, sound of none, the network that it says it uses, drivers for
# the report of the hardware, models wherever they lie, the system's keyring.
MAY = (
    "--share=ipc",
    "--share=network",
    "--socket=wayland",
    "--socket=fallback-x11",
    "--device=dri",
    "--filesystem=home",
    "--talk-name=org.freedesktop.secrets",
    "--talk-name=org.freedesktop.Notifications",
)


def write(out: Path, about: Program, deb: str) -> Path:
    """The manifest, in JSON. Beside the package it has its checksum, else a place for it."""
    package = out / deb
    source = {"type": "file", "dest-filename": "chaski.deb"}
    address = about.page_of(about.version).replace("/tag/", "/download/")
    source["url"] = f"{address}/{deb}"
    source["sha256"] = digest(package) if package.is_file() else "0" * 64
    place = f"/app/lib/{about.package}"
    manifest = {
        "id": about.id,
        "runtime": RUNTIME,
        "runtime-version": RUNTIME_VERSION,
        "sdk": RUNTIME.replace("Platform", "Sdk"),
        "command": about.window,
        "finish-args": list(MAY),
        "modules": [
            {
                "name": about.package,
                "buildsystem": "simple",
                "build-options": {"strip": False, "no-debuginfo": True},
                "build-commands": [
                    "ar x chaski.deb data.tar.xz",
                    "tar -xf data.tar.xz --strip-components=2 -C /app ./usr/lib ./usr/share",
                    "rm -r /app/share/doc",
                    "mkdir -p /app/bin",
                    *(
                        f"ln -s {place}/{name} /app/bin/{name}"
                        for name in (about.console, about.window)
                    ),
                ],
                "sources": [source],
            }
        ],
    }
    path = out / f"{about.id}.json"
    path.write_text(json.dumps(manifest, indent=4) + "\n", encoding="utf-8")
    return path
