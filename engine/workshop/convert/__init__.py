"""Converts models of other programs to GGUF, streaming, without PyTorch.

One file per source: folder (Hugging Face), meta, llama2c, llmc, ggml, lora. Each makes a plan; run
writes any plan. Names of Hugging Face end here.
"""

from engine.workshop.convert.run import ConvertResult, SourceInfo, convert, inspect_source

__all__ = ["ConvertResult", "SourceInfo", "convert", "inspect_source"]
