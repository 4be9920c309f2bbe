"""What could be done about gaps between groups: options that need no characteristic at scoring, beside each other."""
