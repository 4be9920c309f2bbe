"""A new model's scores beside those of the one in use, of the same children: who gains, who loses, who moves."""
