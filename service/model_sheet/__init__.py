"""The whole model on one page, for people: every term of every estimator, what it rests on, and how sure it is."""
