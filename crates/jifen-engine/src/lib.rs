//! Plan and data to Evaluation: columnar, parallel, exact, pure.
