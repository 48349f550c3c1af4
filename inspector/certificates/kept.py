"""What stands for a secret that the vault has, wherever a setting is saved or shown without it. Imports nothing."""

KEPT = "(kept in the vault)"
