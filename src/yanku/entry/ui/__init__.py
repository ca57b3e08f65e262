"""The console: pages for people, in Chinese and English."""
