"""huggingface_hub as we want it: one session, ours; nothing asked, kept or told of its own accord.

Left to itself the library tells the hub which other programs are installed and whether an agent
runs it, asks `/api/agent-harnesses` once a day, and reads tokens that other programs keep.
"""

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
    """Switches all of that off, whatever the variables of this process say, and puts our router in
    the place of the library's session."""
    from huggingface_hub import constants, set_client_factory

    from engine.hub.connection import router

    for name, value in _OFF.items():
        if not hasattr(constants, name):
            raise AttributeError(f"huggingface_hub has no {name} any more; see engine/hub/quiet.py")
        setattr(constants, name, value)
    set_client_factory(router)
