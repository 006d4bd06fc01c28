"""A consolidation held against its originals a second way, sharing only the form's declaration."""
