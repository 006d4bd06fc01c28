"""What is owed: terms, how reports stand, and which letters, waivers and requests bear on them."""
