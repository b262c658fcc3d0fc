"""What is checked in the text: unbound digits, habits of notebooks, exercises."""
