//! Commands that a scheduler calls: what they did is noted in the journal, as they began and as they ended.

use crate::base::{Error, Result};
use crate::pipeline::{Project, journal};

/// Does the work and notes it; `work` calls its argument once the lock is its own. Another run's note is left alone.
/// Gives what was done, and the summary of it.
pub fn noted<T>(
    project: &Project,
    command: &str,
    work: impl FnOnce(&dyn Fn() -> Result<()>) -> Result<T>,
    summary: impl FnOnce(&T) -> String,
) -> anyhow::Result<(T, String)> {
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    match work(&|| journal::begin(&project.data, command, &now)) {
        Ok(done) => {
            let summary = summary(&done);
            journal::end(&project.data, &summary, 0)?;
            Ok((done, summary))
        }
        Err(e) => {
            if !matches!(e, Error::Locked(_)) {
                let first = e.diagnostics().first().map_or_else(|| e.to_string(), |d| d.message.clone());
                journal::end(&project.data, &first, e.exit_code())?;
            }
            Err(e.into())
        }
    }
}
