"""A new bundle beside the one that is live: who does better on children whom neither learned from, and who would move band."""
