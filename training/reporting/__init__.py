"""Progress, the model card and the gallery."""
