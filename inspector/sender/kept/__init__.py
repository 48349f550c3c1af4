"""What a person keeps to send again: `payloads` (a folder of plain files), `library` (those and the templates),
`environments` (named values for variables) and `series` (the values of one run)."""
