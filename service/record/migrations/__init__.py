"""How the tables of the decision record came to be: one step for each version, run by Alembic."""
