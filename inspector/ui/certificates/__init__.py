"""The vault in the window: its entries, what is in them, and bringing new ones in."""
