"""Each module touches one thing of the world; none imports another."""
