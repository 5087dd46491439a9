"""What is seen: widgets that know declarations of records and nothing of where they are kept."""
