"""Matrices in Parquet: the only part of the service that loads pyarrow, and only when such a file is scored."""
