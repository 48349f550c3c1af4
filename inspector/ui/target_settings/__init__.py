"""All that a target has beside its address: a sheet below the composer's target, and how it is kept under a name."""
