"""What a practice store is made of: its goods, its stories, and how far somebody has come in one."""
