"""From logits to a token: a chain of small steps with llama.cpp's names, order and defaults.

`chain.make_sampler` builds it, `params.params_from_metadata` reads what a model asks for.
NumPy only; knows nothing of models, text or threads.
"""
