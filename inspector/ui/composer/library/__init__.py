"""The payload library in the composer: what can be begun with, what was kept, and what is pasted."""
