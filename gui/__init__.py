"""The window. Reaches the engine through engine.api, engine.base.events and errors alone."""

PROGRAM = "Chaski"  # whose package this is: the name is a common one, another may have it, too
