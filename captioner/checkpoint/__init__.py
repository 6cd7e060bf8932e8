"""A checkpoint's file: metadata, vocabulary, tensors, and torch modules made of it."""
