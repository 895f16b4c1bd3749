"""A frozen program is its own helper: started with a word of `base/environment.py`, it does that
work and ends, before there is any window.
"""

from collections.abc import Sequence

from engine.base.environment import ASK_DRIVER, COMPILE, HELPER


def serve_as_helper(arguments: Sequence[str]) -> bool:
    """Whether this process was started to be the program's helper; it has then done its work."""
    if list(arguments[:1]) == [ASK_DRIVER]:
        from engine.hardware.drivers_child import main

        main(arguments[1:])
        return True
    if list(arguments[:1]) == [COMPILE]:
        from engine.compute.kernels import warm

        warm.serve(arguments[1:])
        return True
    if list(arguments) != [HELPER]:
        return False
    from engine.text.apart_child import serve

    serve()
    return True
