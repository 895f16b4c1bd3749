"""huggingface_hub as we want it: one session, ours; nothing asked, kept or told of its own accord.

Left to itself the library tells the hub which other programs are installed and whether an agent
runs it, asks `/api/agent-harnesses` once a day, and reads tokens that other programs keep.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

_OFF = {
    "HF_HUB_DISABLE_TELEMETRY": True,
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": True,
    "HF_HUB_DISABLE_UPDATE_CHECK": True,
    "HF_HUB_DISABLE_XET": True,
    "HF_HUB_DISABLE_PROGRESS_BARS": True,
    "HF_HUB_OFFLINE": False,  # heeded by the settings, which say so in a sentence
    "HF_DEBUG": False,  # it would log every request as a command
    "HF_HUB_USER_AGENT_ORIGIN": None,
}


def hush() -> None:
    """Switches all of that off, whatever the variables of this process say."""
    from huggingface_hub import constants

    for name, value in _OFF.items():
        if not hasattr(constants, name):
            raise AttributeError(f"huggingface_hub has no {name} any more; see engine/hub/quiet.py")
        setattr(constants, name, value)


@contextmanager
def session(client: "httpx2.Client") -> Iterator[None]:
    """The library goes through this client meanwhile, which it must not be able to close. Not for
    two threads at a time."""
    from huggingface_hub import set_client_factory

    set_client_factory(lambda: client)
    try:
        yield
    finally:
        set_client_factory(_nobody)


def _nobody() -> "httpx2.Client":
    raise RuntimeError("huggingface_hub is used through engine/hub/client.py alone")
