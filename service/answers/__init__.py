"""What an answer looks like: one object in three lengths, what stands around it, and its rendering as FHIR."""
