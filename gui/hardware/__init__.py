"""The view of this machine: processor, memory, measurements."""
