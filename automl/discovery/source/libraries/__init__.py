"""What is known of the libraries that read command lines, a file a family of them."""
