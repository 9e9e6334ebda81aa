"""What `import repfair_keras` offers: the commands as functions, and runs as objects."""
