"""What systems, drivers and the program's own records of this machine might say, bent."""

import json
import plistlib
import struct
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from fuzz import evil

RATES = {
    "form": 1,
    "processor": "Some CPU",
    "version": "0",
    "rates": {
        "threads": 4,
        "path": "avx2",
        "bandwidth": [[1, 1e10], [4, 3e10]],
        "types": [{"type": "Q4_K", "decode": 5e10, "prefill": 3e11}],
        "attention": 5e10,
        "others": 0.1,
    },
    "disks": [["/models", 10**12, 3.1e9, 1.2e9], ["/data", 10**11, 2e8, 1e8]],
}
PEM = Path(__file__).parents[1] / "helpers" / "local_hub" / "certificates" / "authority.pem"
RUN = {"tokens": 40, "seconds": 2.0, "depth": 10, "threads": 4, "when": 1.7e9, "others": 0.0}
RUNS = {"form": 1, "models": {"/a.gguf": [RUN, RUN], "/b.gguf": [RUN]}}
LOSS = {
    **{"name": "Q4_K_M", "file": "a.gguf", "mark": "m", "bytes": 10**9, "bits": 4.9, "text": ""},
    **{"text_key": "k", "tokens": 600, "source_ppl": 8.0, "ppl": 8.1, "kl_mean": 0.03},
    **{"kl_99": 0.4, "top1": 0.95, "models": ["qwen34b"], "parameters": 4 * 10**9, "sha256": "a"},
}
LOSSES = {"version": 1, "sources": {"s": [LOSS, {**LOSS, "mark": "n"}], "t": [LOSS]}}
NETWORK = {
    **{"endpoint": "https://huggingface.co", "proxy": "system", "ca_file": "", "timeout": 20.0},
    **{"allowed": False, "max_rate": 2e6, "hours_from": "23:00", "hours_until": "07:00"},
}
NVML = {"driver": "550", "devices": [{"name": "GPU", "memory": 1 << 33, "place": "0:1:00.0"}] * 2}
MAC = {"SPDisplaysDataType": [{"sppci_model": "Apple M2", "spdisplays_vram": "8 GB"}]}
DISK = {"FilesystemType": "apfs", "SolidState": True, "BusProtocol": "USB"}
MOUNTS = "27 1 254:0 / / rw - ext4 /dev/vda rw\n40 27 8:17 / /media/my\\040disk rw - ext4 /dev/x\n"
TRIP = "Note: none\n\tCPU_Speed_Limit \t= 66\n"
CORE = struct.pack("<IIBB20xHQHHI", 0, 48, 1, 1, 1, 3, 0, 0, 0)
CACHE = struct.pack("<IIBBHII18xHQ8x", 2, 56, 3, 8, 64, 1 << 23, 0, 1, 3)
DXGI = ["GPU".encode("utf-16-le").ljust(272, b"\0").hex() + "00" * 40]


def make(rng: Random, folder: Path) -> tuple[str, Path]:
    trees: dict[str, Any] = {"rates": RATES, "runs": RUNS, "nvml": NVML, "mac": MAC, "dxgi": DXGI}
    trees |= {"losses": LOSSES, "network": NETWORK}
    texts = {
        "mounts": MOUNTS.encode(),
        "diskutil": plistlib.dumps(DISK),
        "pmset": TRIP.encode(),
        "windows": CORE + CACHE + CORE,
        "certificates": PEM.read_bytes(),
    }
    name = rng.choice([*trees, *texts])
    if name in trees:
        data = evil.as_json(evil.mutate_tree(rng, trees[name]))
        data = evil.mutate_bytes(rng, data) if rng.random() < 0.3 else data
    else:
        data = evil.mutate_bytes(rng, texts[name])
    path = folder / name
    path.write_bytes(data)
    return name, path


def use(case: tuple[str, Path]) -> None:
    from engine.base.devices import Disk, DiskKind
    from engine.base.errors import UsageError
    from engine.hardware import disks_linux, disks_macos, graphics, quiet
    from engine.hardware.caches import grouped
    from engine.hardware.processor_windows import parse_caches, parse_processor_information
    from engine.hardware.rates_kept import Key, kept_rates, with_kept_speeds
    from engine.hardware.runs_kept import kept_runs, undisturbed, usual_speed
    from engine.hub.certificates import check_certificates

    name, path = case
    data = path.read_bytes()
    text = data.decode("utf-8", "replace")
    match name:
        case "rates":
            rates = kept_rates(path, Key("Some CPU", "", "0"))
            assert 0 <= rates.threads <= 4096
            json.dumps([rates.bandwidth, [rate.decode for rate in rates.types]], allow_nan=False)
            disk = Disk("/models", "models", DiskKind.NVME, "ext4", 10**12, 1)
            (disk,) = with_kept_speeds(path, (disk,))
            assert 0 <= disk.read_rate <= 1e16
        case "certificates":
            with suppress(UsageError):
                check_certificates(str(path))
        case "losses":
            use_losses(path)
        case "network":
            use_network(path)
        case "runs":
            speeds = [usual_speed(undisturbed(runs)) for runs in kept_runs(path).values()]
            assert all(speed > 0 for speed in speeds)
        case "windows":
            cores, _ = parse_processor_information(data)
            grouped(parse_caches(data), cores)
        case "mounts":
            disks_linux.mount_of(text, "/media/my disk/models")
        case "diskutil":
            disks_macos.parse_diskutil(text)
        case "pmset":
            assert 0 <= quiet.speed_limit(text) <= 999
        case _:
            cards = {
                "nvml": lambda: list(graphics.parse_nvml(text).values()),
                "mac": lambda: graphics.parse_system_profiler(text),
                "dxgi": lambda: graphics.parse_dxgi(text),
            }[name]()
            assert all(card.name.isprintable() and card.driver.isprintable() for card in cards)
            assert all(0 <= card.memory <= graphics.MOST_MEMORY for card in cards)


def use_losses(path: Path) -> None:
    """Read, looked up, added to: what is left makes sense."""
    from engine.discover.losses import loss_measured, measured_words
    from engine.measure.known_losses import KnownLosses, subject_named
    from engine.measure.losses import Loss, keep_loss, losses_of

    known = KnownLosses.kept_in(path)
    for loss in known.losses:
        loss_measured(loss.worse)
        assert len(measured_words(loss.worse)) < 300
        assert loss.text_name.isprintable()
    known.of(subject_named(4 * 10**9, "Qwen3-4B"), "Q4_K_M", 10**9, "x")
    new = Loss(**{**LOSS, "mark": "new", "models": ("qwen34b",)})
    keep_loss(path, "s", new)
    assert losses_of(path, "s")[-1] == new


def use_network(path: Path) -> None:
    """Kept settings say what they said, or that nobody knows; they can be chosen anew."""
    from engine.base.errors import UsageError
    from engine.hub.settings import NetworkSettings, checked, kept, load, save

    with suppress(UsageError):
        told = load(path)
        assert checked(told) == told
        assert told.allowed is json.loads(path.read_bytes()).get("allowed", True)
    kept(path)
    save(NetworkSettings(allowed=False), path)
    assert not load(path).allowed
