//! One run at a time: a lock on the data folder, which the system lets go when the process ends, however it ends.

use crate::base::{Error, Result, files};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Whether another process holds the lock of a data folder.
    pub fn is_held(data: &Path) -> bool {
        let file = OpenOptions::new().write(true).open(data.join(".lock"));
        file.is_ok_and(|f| matches!(f.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Takes the lock of a data folder, making the folder where it is not there.
    ///
    /// # Errors
    /// Exit 4 where another run holds it.
    pub fn take(data: &Path) -> Result<Lock> {
        files::make_dir(data)?;
        let path = data.join(".lock");
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(Error::io("cannot open the lock", &path))?;
        match file.try_lock() {
            Ok(()) => {
                let mut note = || -> std::io::Result<()> {
                    file.set_len(0)?;
                    file.rewind()?;
                    writeln!(file, "{}", std::process::id())
                };
                note().map_err(Error::io("cannot write the lock", &path))?;
                ["", "lake", "mart"].iter().try_for_each(|floor| files::recover_dirs(&data.join(floor)))?;
                Ok(Lock { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                Err(Error::Locked(format!(
                    "another run (process {}) works on {}; wait for it to end",
                    holder.trim(),
                    data.display()
                )))
            }
            Err(TryLockError::Error(e)) => Err(Error::io("cannot lock", &path)(e)),
        }
    }
}
