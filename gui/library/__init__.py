"""The view of the models that are on this machine."""
