"""The sections of the pack, in its order: one module for each."""
