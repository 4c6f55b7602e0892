"""What is looked at now and then while launches run, beside their ends."""
