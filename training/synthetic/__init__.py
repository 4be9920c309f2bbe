"""Invents an authority whose published figures are England's: records as agencies hold them, and the truth beside them."""
