"""Pictures as SVG text: pure functions from numbers to markup, without a word of any framework."""
