"""What a game, its networks and its moves are, as data: one file a family, no torch."""
