//! Root at the machine of a service: a command that is typed as the texts say it goes on as the service's user, so that
//! what it makes (the key of the secrets, a file of the database) is the service's to read.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use super::{End, Ended, words};
use crate::kernel::Error;
use crate::platform::config::Config;
use crate::text;

/// Starts this program anew as whoever owns the folder of the database, when root typed the command and that is somebody
/// else; otherwise nothing happens.
pub(super) fn go_on(config: &Config) -> Ended {
    let file = config.database.url.strip_prefix("sqlite://").map(Path::new);
    let place = file.and_then(Path::parent).unwrap_or(config.files.folder.as_path());
    // What is not there yet will lie in what is.
    let Some(place) = place.ancestors().find(|place| place.exists()) else { return Ok(()) };
    let (me, owner) = (std::fs::metadata("/proc/self").ok(), std::fs::metadata(place).ok());
    let Some((user, group)) = me.zip(owner).and_then(|(me, owner)| other(&me, &owner)) else { return Ok(()) };
    let program = std::env::current_exe().map_err(|error| Error::outage("files", &error))?;
    let error = Command::new(program).args(std::env::args_os().skip(1)).gid(group).uid(user).exec();
    let why = words::why(&error.to_string());
    Err(End::Refused(text!("cli-not-as-owner", place = place.display().to_string(), why = why)))
}

/// The user and the group to go on as.
fn other(me: &Metadata, owner: &Metadata) -> Option<(u32, u32)> {
    (me.uid() == 0 && owner.uid() != 0).then(|| (owner.uid(), owner.gid()))
}
