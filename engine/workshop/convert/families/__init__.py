"""Model families of Hugging Face: which tensors they have and what their configuration means.

A new family is one file and one line in `table.py`; no arithmetic on weights is written here.
"""
