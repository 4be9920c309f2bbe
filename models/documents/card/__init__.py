"""The model card, section by section: what a board reads of a bundle, every figure with the place it was read from."""
