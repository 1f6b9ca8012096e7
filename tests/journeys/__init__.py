"""Journeys of members in a real Chromium, on the real application, with JavaScript on and off."""
