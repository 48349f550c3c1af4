"""The filter box: what is typed in it, what is said of it, what it offers, and the filters that are kept.

`box` puts the parts together. They import the query language of the history, the theme and PySide6.
"""
