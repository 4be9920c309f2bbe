"""Drafts a contract from extracts: what can be guessed from names and values, with the evidence, and what a person must say."""
