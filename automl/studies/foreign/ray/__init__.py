"""The spaces of LibCity, Ray Tune and RecBole."""
