"""Two pushes compared, in a window of their own. `comparison`, `lines` and `facts` are pure; the rest shows them."""
