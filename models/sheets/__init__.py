"""The sheets to print, each with the words of its subject; sheet.py says what they are made of."""
