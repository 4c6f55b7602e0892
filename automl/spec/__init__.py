"""What a study is, as frozen values that are checked when they are made."""
