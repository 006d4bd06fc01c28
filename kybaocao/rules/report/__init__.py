"""The province's report: accepted figures made into tables that keep their origin."""
