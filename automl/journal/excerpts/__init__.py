"""What some lines of a journal tell, without a fold over all of them."""
