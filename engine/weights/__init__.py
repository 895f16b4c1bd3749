"""What model files hold: tensor types, file formats, quantized blocks. Knows nothing of models."""
