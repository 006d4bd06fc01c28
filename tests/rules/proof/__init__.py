"""The proof: small rules of reading and adding up, held one by one."""
