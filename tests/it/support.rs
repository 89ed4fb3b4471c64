//! A project in a folder of its own, the binary, and the tables that it wrote.

use polars::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A temporary project with the embedded settings; raw files below `data/raw`.
pub struct Project {
    dir: TempDir,
}

/// Accounts A1, A2, … of shop S belong to people of the same name.
pub const STAFF: &str = "staff_id,name,role,team,supervisor_id,joined_on,left_on,valid_from,valid_to\n\
    A1,一号,customer_service,T,B1,,,,\nA2,二号,customer_service,T,B1,,,,\nB1,主管,supervisor,T,,,,,\n";
pub const ACCOUNTS: &str = "shop,account,staff_id,valid_from,valid_to\nS,A1,A1,,\nS,A2,A2,,\n";

impl Project {
    /// Empty.
    pub fn new() -> Project {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(dir.path().join("data/raw")).expect("data/raw");
        let project = Project { dir };
        // A key that is the same in every test, so that outputs can be compared.
        for key in ["data/sample/buyer.key", "data/buyer.key"] {
            project.write(key, "07".repeat(32));
        }
        project
    }

    /// With people and accounts.
    pub fn staffed() -> Project {
        let project = Project::new();
        project.raw("roster.csv", STAFF);
        project.raw("accounts.csv", ACCOUNTS);
        project
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("the folder");
        fs::write(path, text).expect("the file");
    }

    pub fn raw(&self, name: &str, text: impl AsRef<[u8]>) {
        self.write(&format!("data/raw/{name}"), text);
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.dir.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Runs the binary in the project's folder.
    pub fn kaohe(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kaohe"))
            .args(args)
            .current_dir(self.dir.path())
            .env_remove("RUST_BACKTRACE")
            .output()
            .expect("the binary runs")
    }

    /// The same on the project's data folder; must succeed. Gives stdout.
    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.on_data(args);
        assert!(output.status.success(), "kaohe {args:?}: {}\n{}", output.status, stderr(&output));
        stdout(&output)
    }

    /// The binary with `--data data --out reports`.
    pub fn on_data(&self, args: &[&str]) -> Output {
        let mut all = args.to_vec();
        all.extend(["--data", "data", "--out", "reports"]);
        self.kaohe(&all)
    }

    /// Begins a command on the data folder; what it says is lost.
    pub fn spawn(&self, args: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_kaohe"))
            .args(args)
            .args(["--data", "data", "--out", "reports", "--quiet"])
            .current_dir(self.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs")
    }

    /// The same, killed (`kill -9`) after a time, if it works that long.
    pub fn kill(&self, args: &[&str], after: Duration) {
        let mut child = self.spawn(args);
        let until = Instant::now() + after;
        while Instant::now() < until && child.try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Name → bytes of the files below a folder.
    pub fn bytes(&self, dir: &str) -> BTreeMap<String, Vec<u8>> {
        let dir = self.path().join(dir);
        let name = |p: &Path| p.strip_prefix(&dir).expect("below").display().to_string();
        files(&dir).into_iter().map(|p| (name(&p), fs::read(&p).expect("readable"))).collect()
    }

    /// All rows of a table of the mart, buckets together, sorted by the table's key.
    pub fn mart(&self, table: &str, month: &str) -> DataFrame {
        read(&self.dir.path().join(format!("data/mart/{table}/month={month}")), table)
    }

    /// All rows of a table of the lake.
    pub fn lake(&self, table: &str) -> DataFrame {
        read(&self.dir.path().join("data/lake").join(table), table)
    }
}

fn read(dir: &Path, table: &str) -> DataFrame {
    let mut frames = Vec::new();
    for path in files(dir).into_iter().filter(|p| p.extension().is_some_and(|e| e == "parquet")) {
        let file = fs::File::open(&path).expect("a table file");
        frames.push(ParquetReader::new(file).finish().unwrap_or_else(|e| panic!("{}: {e}", path.display())).lazy());
    }
    assert!(!frames.is_empty(), "no files of {table} in {}", dir.display());
    let key: Vec<Expr> = kaohe::lake::schema::table(table).expect("a table").key.iter().map(|k| col(*k)).collect();
    concat(frames, UnionArgs::default())
        .expect("frames of one schema")
        .sort_by_exprs(key, SortMultipleOptions::default().with_maintain_order(true))
        .collect()
        .expect("a frame")
}

/// Every file below a folder, sorted.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else { return found };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A frame's rows as text, one string a row, columns joined by `|`; times as local Shanghai time, empty for null.
pub fn rows(frame: &DataFrame, columns: &[&str]) -> Vec<String> {
    let cell = |name: &str, i: usize| -> String {
        match frame.column(name).unwrap_or_else(|e| panic!("{name}: {e}")).get(i).expect("a row") {
            AnyValue::Null => String::new(),
            AnyValue::Datetime(ms, ..) | AnyValue::DatetimeOwned(ms, ..) => kaohe::base::Zone::SHANGHAI.format(ms),
            AnyValue::Date(day) => kaohe::base::time::date_of(day).to_string(),
            AnyValue::String(s) => s.to_owned(),
            AnyValue::StringOwned(s) => s.to_string(),
            AnyValue::Boolean(b) => b.to_string(),
            other => other.to_string(),
        }
    };
    (0..frame.height()).map(|i| columns.iter().map(|c| cell(c, i)).collect::<Vec<_>>().join("|")).collect()
}
