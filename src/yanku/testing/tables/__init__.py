"""Random finance tables that know what they say, printed in several formats, read and compared."""
