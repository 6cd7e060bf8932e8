"""How captions are worded: English's rules, agreement in other languages, and written sentences."""
