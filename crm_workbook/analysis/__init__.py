"""What follows from the records: pure functions, Book in, results out. No clock, no files, no screens."""
