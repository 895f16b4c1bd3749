"""Everything that computes: graphs, backends that run them, caches, kernels. Knows no tokenizer."""
