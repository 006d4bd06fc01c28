"""What a cell holds: plain values, Vietnamese text, numbers and percentages as people type them."""
