"""Text to tokens and back: tokenizers, chat templates, detokenizer, stop strings, channel router.

Knows nothing of weights or arithmetic; a model's metadata is all it needs.
"""
