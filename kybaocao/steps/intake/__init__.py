"""A file comes in: archived, judged, recorded and answered."""
