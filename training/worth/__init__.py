"""Do you need this model? Whether there is enough to learn from (M10), and whether a rule would do (M7)."""
