"""The documents of a bundle, written from its other files and from nothing else: the model card, and the TRIPOD+AI table."""
