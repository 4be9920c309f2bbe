"""The pack: what a governance board decides on, drawn from what may be told and from nothing else."""
