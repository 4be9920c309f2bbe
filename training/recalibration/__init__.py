"""Sets intercept and slope of a bundle anew on an authority's own recent outcomes; its terms stay as they were learned."""
