"""Events in files that other programs read, and back: `.jsonl` (lossless), `.har`, `.csv`.

`writing` and `taking` are the two ways in; `jsonl`, `har` and `table` are the formats, `record` is what the first two
share: an event as JSON. `masked` leaves secrets out. Imports history's own parts and `inspector.contract`.
"""
