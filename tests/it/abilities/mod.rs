//! What every connector with an ability promises, against its stand-in.

mod mailer;
mod starttls;
