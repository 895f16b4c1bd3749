"""Makes model files out of others: conversion, quantization, adapters; all tensor by tensor.

Knows nothing of running models.
"""
