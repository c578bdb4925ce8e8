"""Conversions of time and money; none of them is a figure of the model."""

QUARTER = 13  # weeks
HALF_YEAR = 26  # weeks
WEEKS_PER_MONTH = 365.25 / 7 / 12
DAYS_PER_YEAR = 365.25
USD_M = 1e6
QUARTERS_USD_M = 4e6  # USD a year from USD million a quarter
TINY = 1e-300  # keeps a quotient of two zeros finite
