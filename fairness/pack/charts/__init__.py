"""The drawings of the pack, as inline SVG, each with the same figures in words in its own rows or in a table after it."""
