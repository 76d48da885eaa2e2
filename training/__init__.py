"""Training of the models that the package ships; needs PyTorch, which the package itself does not."""
