"""Colours, measures, fonts and icons. Knows nothing of the engine nor of any view."""
