"""A form: its declaration, its arithmetic and targets, and the formulas that it becomes."""
