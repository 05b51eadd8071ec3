//! Questions at the terminal.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use crate::kernel::secret::SecretString;
use crate::kernel::{Error, Lang, Result, Text};

/// What an outage of the terminal says when the input ended.
pub(super) const NOTHING_TYPED: &str = "nothing was typed";

/// Asks whoever sits at the terminal; a pipe is read line by line.
pub(super) struct Terminal {
    pub lang: Lang,
}

impl Terminal {
    pub fn line(&self, words: &Text) -> Result<String> {
        let _ = write!(std::io::stderr(), "{} ", words.render(self.lang));
        let _ = std::io::stderr().flush();
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        match read.map_err(|error| Error::outage("terminal", &error))? {
            0 => Err(Error::outage("terminal", NOTHING_TYPED)),
            _ => Ok(line.trim().to_owned()),
        }
    }

    /// What is typed is not shown.
    pub fn secret(&self, words: &Text) -> Result<SecretString> {
        let _blind = Blind::begin();
        Ok(SecretString::from(self.line(words)?))
    }
}

/// The terminal shows nothing of what is typed, as long as this lives.
struct Blind(bool);

impl Blind {
    fn begin() -> Self {
        let is_terminal = std::io::stdin().is_terminal();
        Self(is_terminal && echo("-echo"))
    }
}

impl Drop for Blind {
    fn drop(&mut self) {
        if self.0 {
            echo("echo");
            let _ = writeln!(std::io::stderr());
        }
    }
}

fn echo(how: &str) -> bool {
    Command::new("stty").arg(how).stdin(Stdio::inherit()).status().is_ok_and(|status| status.success())
}
