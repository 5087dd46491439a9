"""What is seen: one module a chapter, and the frame around them."""
