"""Validation like the real use: what a model is worth beside others, as it ages, elsewhere, and without parts of what it knows."""
