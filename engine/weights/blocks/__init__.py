"""How every tensor type's blocks are laid out, read and made, in NumPy: slow, plain and exact."""
