"""Files that people write, as text that a model reads: one file per format, bytes in, text out.

Knows no file system, no network, no model; runs in the helper process (text/apart_child.py), where
memory and time are bounded, so that a file made to do harm ends that process and nothing else.
"""
