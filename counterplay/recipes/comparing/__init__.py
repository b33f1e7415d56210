"""Every family on the same data, with the same time each, in one report."""
