"""Companies, periods, metrics, units and formulas; Document to Facts; question to what is asked."""
