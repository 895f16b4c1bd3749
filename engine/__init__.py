"""The engine of Chaski. Knows nothing of Qt; importing it pulls in neither numba nor numpy."""

PROGRAM = "Chaski"  # whose package this is: the name is a common one, another may have it, too
