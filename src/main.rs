//! `preau`: parse, run, exit code.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    preau::cli::Cli::parse().main()
}
