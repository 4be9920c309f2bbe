"""Makes a bundle: from an authority's extracts to terms, calibration, evaluation and golden cases."""
