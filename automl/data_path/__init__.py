"""How what stands in dictionaries and lists is named: `history[-1].loss`."""
