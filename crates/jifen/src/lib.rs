//! The front door: compile, check, evaluate, explain, format, test.
