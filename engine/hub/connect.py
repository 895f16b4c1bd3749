"""The hub as this user reaches it: kept settings, variables on top, the kept token."""

from engine.base.errors import ChaskiError
from engine.base.paths import Paths
from engine.hub.client import Hub
from engine.hub.settings import HUGGING_FACE, NetworkSettings, kept, load, save
from engine.hub.tokens import Tokens


def hub_of(paths: Paths) -> Hub:
    """Nothing is asked yet, neither the hub nor the keyring. Raises UsageError for settings that
    make no sense."""
    settings = load(paths.network_file)
    return Hub(settings, lambda: Tokens(paths.token_file).get(settings.host))


def endpoint_of(paths: Paths) -> str:
    """The address of the hub that is asked; Hugging Face's where the settings make no sense, which
    whoever asks it is told."""
    try:
        return load(paths.network_file).endpoint
    except ChaskiError:
        return HUGGING_FACE


def kept_network(paths: Paths) -> NetworkSettings:
    """What the user chose; variables, and what cannot be used any more, are not looked at."""
    return kept(paths.network_file)


def keep_network(paths: Paths, settings: NetworkSettings) -> None:
    """Raises UsageError for settings that make no sense, or where they cannot be kept."""
    save(settings, paths.network_file)
