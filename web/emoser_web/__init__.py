"""The web service of emoser: HTTP in front of functions of the database, and nothing else."""
