"""Block layouts of the tensor types, with NumPy decoding and encoding: slow, plain and exact."""
