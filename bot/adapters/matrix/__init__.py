"""Matrix, by matrix-nio, in rooms without end-to-end encryption: photos in, captions out."""
