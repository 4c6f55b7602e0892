"""What values become where a template asks for them in another form."""
