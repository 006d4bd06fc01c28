"""What a province declares: agencies, duties, tasks, who may do what, and their names in words."""
