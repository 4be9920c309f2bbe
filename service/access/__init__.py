"""Who may ask: callers, what each may do and for which purposes, and how often."""
