"""The decision record: what was asked, answered, seen and done, provable for years."""
