"""Asks a vision model behind an address that speaks OpenAI's chat completions.

Ollama, vLLM, llama.cpp and others do, as well as OpenAI itself.
"""
