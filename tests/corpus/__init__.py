"""Workbooks as people send them, made by code and named by what is odd about them.

`expected.csv` says of each what it is, its verdict, its findings with their cells, and, where it
is accepted, which figures differ from those of `good.xlsx`. `makers` gives their bytes.
"""
