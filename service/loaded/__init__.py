"""Children whose linked records were loaded, so that a case system can ask by reference alone."""
