//! CSV files as they are written: put together beside their place, named at the end, lines counted on the way.

use crate::base::{Error, Month, Result, files};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// One CSV file in the making.
#[derive(Debug)]
pub struct Sheet {
    writer: csv::Writer<File>,
    path: PathBuf,
    next_line: u64,
}

impl Sheet {
    pub fn create(path: &Path, header: &[&str]) -> Result<Sheet> {
        if let Some(dir) = path.parent() {
            files::make_dir(dir)?;
        }
        let file = File::create(files::temporary(path)).map_err(Error::io("cannot make", path))?;
        let writer = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(file);
        let mut sheet = Sheet { writer, path: path.to_path_buf(), next_line: 1 };
        sheet.row(header)?;
        Ok(sheet)
    }

    /// Writes a record and gives the 1-based line on which it starts.
    pub fn row<T: AsRef<[u8]>>(&mut self, fields: &[T]) -> Result<u64> {
        let breaks: usize = fields.iter().map(|f| memchr::memchr_iter(b'\n', f.as_ref()).count()).sum();
        self.writer.write_record(fields).map_err(|e| Error::io("cannot write", &self.path)(e.into()))?;
        let line = self.next_line;
        self.next_line += 1 + breaks as u64;
        Ok(line)
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<()> {
        let Sheet { writer, path, .. } = self;
        let done = || -> std::io::Result<()> {
            let file = writer.into_inner().map_err(|e| e.into_error())?;
            file.sync_all()?;
            fs::rename(files::temporary(&path), &path)
        };
        done().map_err(Error::io("cannot write", &path))
    }
}

/// One file a month, `name-YYYY-MM.csv`; months come in order.
#[derive(Debug)]
pub struct Monthly {
    dir: PathBuf,
    name: &'static str,
    header: &'static [&'static str],
    open: Option<(Month, Sheet)>,
}

impl Monthly {
    pub fn new(dir: &Path, name: &'static str, header: &'static [&'static str]) -> Monthly {
        Monthly { dir: dir.to_path_buf(), name, header, open: None }
    }

    pub fn file_name(name: &str, month: Month) -> String {
        format!("{name}-{month}.csv")
    }

    /// Makes the month's file the open one, header and all.
    pub fn turn_to(&mut self, month: Month) -> Result<&mut Sheet> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != month) {
            self.close()?;
        }
        if self.open.is_none() {
            let path = self.dir.join(Monthly::file_name(self.name, month));
            self.open = Some((month, Sheet::create(&path, self.header)?));
        }
        match &mut self.open {
            Some((_, sheet)) => Ok(sheet),
            None => Err(Error::Failed(format!("no open file of {}", self.name))),
        }
    }

    pub fn close(&mut self) -> Result<()> {
        self.open.take().map_or(Ok(()), |(_, sheet)| sheet.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_breaks_inside_texts() {
        let dir = tempfile::tempdir().unwrap();
        let mut monthly = Monthly::new(dir.path(), "m", &["a", "b"]);
        let month = Month::new(2026, 5).unwrap();
        let sheet = monthly.turn_to(month).unwrap();
        assert_eq!(sheet.row(&["1", "x\ny,\"z\""]).unwrap(), 2);
        assert_eq!(sheet.row(&["2", ""]).unwrap(), 4);
        assert_eq!(monthly.turn_to(month.next()).unwrap().row(&["3", "c"]).unwrap(), 2);
        monthly.close().unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("m-2026-05.csv")).unwrap(), "a,b\n1,\"x\ny,\"\"z\"\"\"\n2,\n");
        assert_eq!(fs::read_to_string(dir.path().join("m-2026-06.csv")).unwrap(), "a,b\n3,c\n");
    }
}
