"""How far a test can be trusted: size, power, placebos, equivalence, multiplicity, multiverse."""
