"""What a page shows, read once and drawn by several hands: SVG for the screen, PDF for paper and pictures."""
