"""The engine of Chaski. Knows nothing of Qt; importing it pulls in neither numba nor numpy."""
