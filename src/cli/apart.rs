//! `preau read-workbook`: not for people. The program starts itself so for each workbook, and confines itself before it
//! reads a byte of it; there is no configuration, no log and no database here.

use std::io::{BufWriter, Write as _};
use std::process::ExitCode;

use clap::Args;

use crate::platform::apart::{Limits, confine, frame, heard};
use crate::school::workbook::wire;

/// What it may use.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Confined {
    #[arg(long)]
    megabytes: u32,
    #[arg(long)]
    seconds: u32,
}

/// Whatever goes wrong here shows by how it ends.
pub(super) fn read_workbook(confined: Confined) -> ExitCode {
    match work(confined) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn work(Confined { megabytes, seconds }: Confined) -> std::io::Result<()> {
    confine(Limits { megabytes, seconds })?;
    let input = heard(&mut std::io::stdin().lock())?;
    let mut output = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    wire::serve(&input, &mut |bytes| frame(&mut output, bytes))?;
    output.flush()
}
