"""What a machine is made of, as the report tells it: frozen records. Standard library only."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class CacheLevel:
    """Caches of one kind: `count` of them with `size` bytes each, each shared by `cores` cores.

    `kind` is "data", "instruction" or "unified".
    """

    level: int
    kind: str
    size: int
    cores: int
    count: int

    @property
    def total(self) -> int:
        """Bytes of all of them together."""
        return self.size * self.count


@dataclass(frozen=True)
class Graphics:
    """A graphics processor. 0 bytes: the system does not tell.

    `memory` is its own; `shared` is how much of the machine's memory it may use besides. `unified`
    says that it has none of its own (Apple).
    """

    name: str
    memory: int = 0
    shared: int = 0
    unified: bool = False
    driver: str = ""  # its name and version, as far as they are told


class DiskKind(StrEnum):
    """What a folder lies on."""

    NVME = "nvme"
    SSD = "ssd"
    SPINNING = "spinning"
    REMOVABLE = "removable"  # on a plug such as USB
    NETWORK = "network"
    MEMORY = "memory"  # gone with the next start
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Disk:
    """Where a folder lies. Sizes in bytes, rates in bytes/s; 0: not measured, or not told.

    `problem` is a sentence where a measurement was asked for and did not come about.
    """

    folder: str
    used_for: str  # "models" or "data"
    kind: DiskKind
    file_system: str
    total: int
    free: int
    read_rate: float = 0.0
    write_rate: float = 0.0
    problem: str = ""
