"""What the captioner knows of English: articles, and which words may come twice."""
