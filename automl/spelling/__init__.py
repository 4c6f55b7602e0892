"""How messages spell keywords: as the door writes them by which the study is described."""
