"""A job is a generator that does a little work per step and may yield events for its listener.

Knows nothing of threads: whoever drives the generator decides where it runs (engine/host.py).
"""

from collections.abc import Generator

from engine.base.events import Event

Job = Generator[Event | None, None, object]
