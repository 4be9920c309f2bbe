"""The conformance pack: what any case system can be asked to send, and what must come back."""
