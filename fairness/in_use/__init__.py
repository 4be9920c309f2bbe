"""The audit of a score in use: what the score alone would have done, beside what people did, by group."""
