//! Where passphrases come from: a file, the environment or a prompt; never the command line, which everybody on the machine
//! can read.

use super::common::usage;
use crate::base::files;
use crate::review::archive::Passphrase;
use std::io::IsTerminal;
use std::path::Path;

/// The environment variable.
const VARIABLE: &str = "KAOHE_PASSPHRASE";

/// From the file, else from the environment; `None` where neither is given.
///
/// # Errors
/// A file that cannot be read; an empty passphrase (exit 2).
pub fn given(file: Option<&Path>) -> anyhow::Result<Option<Passphrase>> {
    if let Some(file) = file {
        let text = files::read_text(file)?;
        // One line: an editor's line end does not belong to it.
        let line = text.lines().next().unwrap_or("").to_owned();
        return checked(line, &file.display().to_string()).map(Some);
    }
    match std::env::var(VARIABLE) {
        Ok(text) => checked(text, VARIABLE).map(Some),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(usage(format!("{VARIABLE} is no text")).into()),
    }
}

/// Asks at the terminal; twice where it is a new one, for nobody sees what is typed.
///
/// # Errors
/// No terminal, an empty passphrase, two that differ (exit 2).
pub fn asked(new: bool) -> anyhow::Result<Passphrase> {
    if !std::io::stdin().is_terminal() {
        let message = format!("there is no terminal to ask for the passphrase: use --passphrase-file, or {VARIABLE}");
        return Err(usage(message).into());
    }
    let first = rpassword::prompt_password("passphrase: ")?;
    if new && rpassword::prompt_password("once more: ")? != first {
        return Err(usage("the two passphrases differ".to_owned()).into());
    }
    checked(first, "the prompt")
}

fn checked(text: String, from: &str) -> anyhow::Result<Passphrase> {
    Passphrase::new(text).ok_or_else(|| usage(format!("the passphrase of {from} is empty")).into())
}
