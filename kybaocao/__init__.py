"""Reporting cycles of a province's administrative reform: from declared duty to workbook."""
