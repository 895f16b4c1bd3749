"""The manual: short pages about the program, beside the window."""
