"""Letters leave: what they say, what travels with them, and how they are handed over."""
