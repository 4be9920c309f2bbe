"""The pages that the service shows to people: what it is, the live model, and the pack of its board."""
