"""The window. Reaches the engine through engine.api and the events and errors of engine.base alone."""
