"""Activity: everything that goes on by itself, and what can be done about it."""
