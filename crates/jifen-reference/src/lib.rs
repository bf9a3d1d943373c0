//! The semantics S1 to S37, naive and row by row, on big rationals; development only.
