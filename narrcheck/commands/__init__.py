"""The commands behind the command line: each takes the parsed options and answers with the exit code."""
