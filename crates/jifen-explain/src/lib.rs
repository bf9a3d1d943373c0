//! Plan and trace to statements in plain Chinese and English.
