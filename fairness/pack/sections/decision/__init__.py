"""The decision sheet: the first page, and the only one that everybody on a board will read."""
