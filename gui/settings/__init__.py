"""The view of the preferences."""
