"""Runs models that transformers can run: any captioner of the Hugging Face Hub, or a local folder.

`captioner.loading` decides whether a checkpoint is one; `captioner.py` has the captioner.
"""
