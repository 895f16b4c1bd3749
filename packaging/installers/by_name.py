"""What the frozen program needs though no `import` names it. Read by chaski.spec."""

from __future__ import annotations

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata


def hidden_imports() -> list[str]:
    """Modules that are found by their name when they are wanted."""
    ours = [*collect_submodules("engine"), *collect_submodules("gui")]
    by_name = [*collect_submodules("keyring.backends"), *_hub_modules()]
    return [*ours, *by_name, "truststore", "socksio", "numba._devicearray"]


def _hub_modules() -> list[str]:
    """huggingface_hub loads its own modules by name."""
    unwanted = ("huggingface_hub.cli", "huggingface_hub.serialization", "huggingface_hub.inference")
    return collect_submodules("huggingface_hub", lambda name: not name.startswith(unwanted))


def datas() -> list[tuple[str, str]]:
    """Fonts and tables that libraries read, and what they say of themselves."""
    found = [pair for name in ("ziamath", "ziafont", "latex2mathml") for pair in _data_of(name)]
    return [*found, *copy_metadata("keyring"), *copy_metadata("huggingface_hub")]


def _data_of(name: str) -> list[tuple[str, str]]:
    return list(collect_data_files(name))
