"""The ledger: which bundle was proposed, signed, live and withdrawn, when, and by whom."""
