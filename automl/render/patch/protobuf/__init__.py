"""Messages of protocol buffers as text, such as EasyRec's `pipeline.config`."""
