"""The captioner's knowledge of English: articles, sentence endings, word families."""
