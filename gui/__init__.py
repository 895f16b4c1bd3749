"""The window. Reaches the engine through engine.api, engine.base.events and errors alone."""
