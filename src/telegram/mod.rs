//! Telegram, the adapter.
