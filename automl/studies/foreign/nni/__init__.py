"""The spaces and experiments of NNI."""
