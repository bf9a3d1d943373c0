//! Generator of policies and facts, corpus runner, planted faults; development only.
