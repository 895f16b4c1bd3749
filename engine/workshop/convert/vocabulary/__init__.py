"""Tokenizers of other programs as GGUF metadata: tokens, scores, types, merges, special ids.

Knows nothing of weights; how many rows the embedding has is told to it.
"""
