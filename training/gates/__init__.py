"""The release gates: what a bundle must have shown before anybody may sign it, and how every gate of a run reads (M7)."""
