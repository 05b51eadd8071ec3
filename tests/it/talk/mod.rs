//! Conversations: say, read the answer, press, look at the world.

mod strangers;
