"""What training and evaluation show: progress, tables, the model card, the gallery."""
