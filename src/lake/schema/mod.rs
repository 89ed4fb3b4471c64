//! The tables, their columns and types: a public interface that other programs read. A change here is a change of
//! [`VERSION`].

mod lake_tables;
mod mart_tables;
mod month_tables;
mod register_tables;

pub use lake_tables::*;
pub use mart_tables::*;
pub use month_tables::*;
pub use register_tables::*;

/// Version of the tables below, written into the manifest.
pub const VERSION: u32 = 2;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Utf8,
    /// A list of texts.
    Utf8List,
    /// Whole numbers: counts, ms, fen.
    Int64,
    /// Hundredths of a point, small numbers.
    Int32,
    Bool,
    /// `date32`, local date.
    Date,
    /// `timestamp[ms, UTC]`.
    Time,
    /// A list of (table, source_file, source_row): the rows that prove a result.
    Evidence,
}

/// One column. `null` says whether it may be empty; `words` are all that it may hold (none: anything).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Type,
    pub null: bool,
    pub words: &'static [&'static str],
    /// Whether people write it freely: telephone numbers and their like are taken out on the way into the lake.
    pub free: bool,
}

const fn must(name: &'static str, kind: Type) -> Column {
    Column { name, kind, null: false, words: &[], free: false }
}

const fn may(name: &'static str, kind: Type) -> Column {
    Column { name, kind, null: true, words: &[], free: false }
}

const fn one_of(name: &'static str, words: &'static [&'static str]) -> Column {
    Column { name, kind: Type::Utf8, null: false, words, free: false }
}

const fn maybe_of(name: &'static str, words: &'static [&'static str]) -> Column {
    Column { name, kind: Type::Utf8, null: true, words, free: false }
}

/// The same column as people's own words.
const fn free(column: Column) -> Column {
    Column { free: true, ..column }
}

/// Which floor a table belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Written by ingest; each row ends with its lineage.
    Lake,
    /// Written by compute.
    Mart,
}

/// One table.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub floor: Floor,
    /// Column whose local month is the partition; `None`: a dimension without months.
    pub month_by: Option<&'static str>,
    /// Whether there are buckets below the month.
    pub bucketed: bool,
    /// The full key: rows are sorted by it (lineage decides ties).
    pub key: &'static [&'static str],
    /// Columns without the lineage; see [`Table::all_columns`].
    pub columns: &'static [Column],
    /// One sentence for the reader of `kaohe schema tables`.
    pub doc: &'static str,
}

/// The columns that each lake row ends with: the file (name relative to the raw folder), its SHA-256, and the row
/// (1-based: the line where a CSV record starts, or the sheet's row).
pub const LINEAGE: [Column; 3] =
    [must("source_file", Type::Utf8), must("source_sha256", Type::Utf8), must("source_row", Type::Int64)];

impl Table {
    /// All columns in file order, lineage included.
    pub fn all_columns(&self) -> Vec<Column> {
        let mut all = self.columns.to_vec();
        if self.floor == Floor::Lake && self.name != QUARANTINE.name {
            all.extend(LINEAGE);
        }
        all
    }

    pub fn column(&self, name: &str) -> Option<Column> {
        self.all_columns().into_iter().find(|c| c.name == name)
    }
}

/// Tables with a place of their own.
static CORE: [&Table; 34] = [
    &MESSAGES,
    &ORDERS,
    &ORDER_ITEMS,
    &REFUNDS,
    &TOOL_FIGURES,
    &ROSTER,
    &ACCOUNTS,
    &SHIFTS,
    &WAIVERS,
    &AWARDS,
    &QUARANTINE,
    &SESSIONS,
    &ROUNDS,
    &BACKLOG,
    &CREDITS,
    &ORDERS_BESIDE,
    &STILL_OPEN,
    &PROOFS,
    &PROVEN,
    &INQUIRIES,
    &STAFF_DAY,
    &PERCENTILES,
    &DEDUCTIONS,
    &SCORES,
    &QUALITY,
    &CROSSCHECK,
    &HOURS,
    &SPREAD,
    &OPEN_HOURS,
    &STEPS,
    &UNSHIPPED,
    &PRODUCTS,
    &REPEAT,
    &PRESETS,
];

/// Every table: lake, mart, registers.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    CORE.into_iter().chain(REGISTERS)
}

/// The table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    tables().find(|t| t.name == name)
}
