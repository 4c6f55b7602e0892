"""Reading anew what trials left, once their readers or what is better were described otherwise."""
