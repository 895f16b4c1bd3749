"""Scenes of the hardware view and of Settings: measured or not, at work, light, dark, narrow."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scenes import in_both, named

TALL, WIDE, NARROW = 1500, 1280, 900


def scenes(studio: Any) -> dict[str, Callable[[str], None]]:
    return named(
        studio, hardware, hardware_unmeasured, hardware_measuring, hardware_live, settings, resting
    )


def hardware(studio: Any, name: str) -> None:
    """Everything was measured, and models have answered."""
    _hardware(studio, report())
    _everywhere(studio, name)
    studio.shell.theme.set_font_pixels(20)
    studio.shell.desk.set_hardware(replace(report(), ram_available=20 << 30), whole=True)
    studio.shoot(f"{name}-large-text")
    studio.window.resize(NARROW, TALL)
    studio.shoot(f"{name}-large-text-narrow")
    studio.window.resize(WIDE, 800)
    studio.shell.theme.set_font_pixels(14)
    studio.shell.desk.set_hardware(report(), whole=True)


def hardware_unmeasured(studio: Any, name: str) -> None:
    from engine.api import Rates

    bare = replace(report(), rates=Rates(path="avx512-vnni"), bandwidth=0.0)
    bare = replace(bare, bandwidth_by_threads=(), predictions=(), notes=())
    _hardware(studio, bare)
    studio.shoot(name)


def hardware_measuring(studio: Any, name: str) -> None:
    from gui.widgets.work_card import Work

    _hardware(studio, report())
    works = studio.shell.desk.works
    works.measuring = Work(
        1, "Measure this machine", "running", 0.62, words="Timing Q5_K", left="9 s left"
    )
    works.changed.emit()
    studio.shoot(name)
    works.measuring = None
    works.changed.emit()


def hardware_live(studio: Any, name: str) -> None:
    """Two minutes of a model at work; something is kept of chats that are closed."""
    from engine.api import Kept

    view = _hardware(studio, report())
    studio.engine.keeps = Kept(412_000_000, 3)
    view.kept.look()
    studio.engine.is_busy = True
    view.live._pulse.is_busy = True
    view.live.show_samples(_samples())
    view.live._timer.stop()
    in_both(studio, name)
    studio.shell.theme.choose("contrast")
    studio.shoot(f"{name}-contrast")
    studio.shell.theme.choose("light")
    studio.engine.is_busy, studio.engine.keeps = False, Kept()
    view.kept.look()


def settings(studio: Any, name: str) -> None:
    """All cards in one tall window."""
    studio.engine.library.folders = [studio.engine.paths.data / "shelf", studio.engine.paths.cache]
    studio.shell.desk.set_hardware(report())
    studio.window.show_view("settings")
    view = studio.window.view("settings")
    view.folders.refresh()
    studio.wait(lambda: len(view.folders.watched.paths) == 2)
    view.network.trial.ask()
    studio.wait(lambda: not view.network.trial.told.text().endswith("…"))
    view.network.certificates.show_file("/home/ana/company/authority.pem")
    studio.window.resize(WIDE, 2700)
    studio.shoot(f"{name}-all")
    studio.window.resize(WIDE, 800)
    _everywhere(studio, name)


def resting(studio: Any, name: str) -> None:
    """A model was idle, and gave its memory back."""
    from engine.base.events import Unloaded

    studio.ready()
    model = studio.shell.desk.models()[0]
    studio.engine.model_listener(Unloaded(model.id, model.name, 15))
    studio.wait(lambda: model.id in studio.shell.desk.resting)
    studio.shoot(name)


def _hardware(studio: Any, told: Any) -> Any:
    studio.window.show_view("hardware")
    view = studio.window.view("hardware")
    studio.wait(lambda: not view._feed.running)
    studio.shell.desk.set_hardware(told, whole=True)
    return view


def _everywhere(studio: Any, name: str) -> None:
    in_both(studio, name)
    studio.window.resize(NARROW, 800)
    studio.shoot(f"{name}-narrow")
    studio.window.resize(760, 600)
    studio.shoot(f"{name}-least")
    studio.window.resize(WIDE, 800)
    studio.window.resize(NARROW, TALL)
    studio.shoot(f"{name}-narrow-tall")
    studio.window.resize(WIDE, TALL)
    studio.shoot(f"{name}-tall")
    studio.window.resize(WIDE, 800)


def report() -> Any:
    """A laptop with everything measured."""
    from helpers.fake_engine import REPORT

    from engine.api import Prediction, Rates
    from engine.base.devices import CacheLevel, Disk, DiskKind, Graphics
    from engine.base.rates import TypeRate

    caches = (
        CacheLevel(1, "data", 32 << 10, 1, 8),
        CacheLevel(2, "unified", 1 << 20, 1, 8),
        CacheLevel(3, "unified", 16 << 20, 8, 1),
    )
    disks = (
        Disk("/m", "models", DiskKind.NVME, "ext4", 10**12, 214 * 10**9, 3.1e9, 1.2e9),
        Disk("/d", "data", DiskKind.SPINNING, "xfs", 2 * 10**12, 880 * 10**9, 0.2e9, 0.18e9),
    )
    cards = (
        Graphics("AMD Radeon 780M", 0, 14 << 30, False, "amdgpu 6.8.0"),
        Graphics("NVIDIA GeForce RTX 4060 Laptop GPU", 8 << 30, driver="NVIDIA 570.86.15"),
    )
    shares = {
        "IQ2_XS": 0.48,
        "Q3_K": 0.79,
        "Q4_K": 0.88,
        "Q4_0": 0.91,
        "IQ4_XS": 0.86,
        "Q5_K": 0.84,
        "Q6_K": 0.82,
        "Q8_0": 0.93,
        "BF16": 0.94,
        "F16": 0.95,
    }
    bits = {"IQ2_XS": 2.31, "Q3_K": 3.44, "Q4_K": 4.5, "Q4_0": 4.5, "IQ4_XS": 4.25, "Q5_K": 5.5}
    bits |= {"Q6_K": 6.56, "Q8_0": 8.5, "BF16": 16, "F16": 16}
    types = tuple(
        TypeRate(kind, 52.6e9 * share * 8 / bits[kind], 930e9 - 12e9 * bits[kind])
        for kind, share in shares.items()
    )
    rates = Rates(8, "avx512-vnni", REPORT.bandwidth_by_threads, types, 90e9, 0.02)
    gb = 10**9
    predictions = (
        Prediction("Gemma 3 4B it", "/a", "Q6_K", int(3.19 * gb), 14.2, 71, 13.6, 5, 0.044),
        Prediction("Llama 3.2 3B Instruct", "/b", "Q8_0", int(3.42 * gb), 13.1, 58, 13.1, 8, 0.002),
        Prediction("Mistral Small 24B", "/c", "Q4_K_M", int(14.3 * gb), 3.1, 430),
        Prediction("Odd family 7B", "/d", "Q4_0", 4 * gb, problem="its family is not known here"),
        Prediction("Qwen3 4B", "/e", "Q4_K_M", int(2.5 * gb), 19.4, 63, 15.8, 1, 0.23),
    )
    notes = ("8 fast cores do the computing; the others would slow them down.",)
    return replace(
        REPORT,
        caches=caches,
        disks=disks,
        graphics=cards,
        rates=rates,
        predictions=predictions,
        notes=notes,
    )


def _samples() -> Any:
    from engine.api import LiveFigures

    def at(i: int) -> Any:
        writes = 12 < i < 60 or i > 74
        speed = 18 + 1.5 * math.sin(i / 3) if writes else 0.0
        return LiveFigures(
            1000.0 + i,
            int(min(2.9e9, 0.4e9 + i * 0.25e9)) + (int(i * 2e6) if writes else 0),
            int(18e9),
            0.49 + 0.02 * math.sin(i) if writes else 0.01,
            speed,
        )

    return tuple(at(i) for i in range(120))
