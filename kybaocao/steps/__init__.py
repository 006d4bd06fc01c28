"""One act each, built from rules and adapters; every act is safe to repeat."""
