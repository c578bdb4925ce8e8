"""The phases of a week, each a function that reads the week's scratch and changes the world."""
