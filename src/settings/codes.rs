//! The codes of findings about settings. A code is never given a second meaning; people look them up.

/// The file is not TOML.
pub const SYNTAX: &str = "K0101";
/// A key that this table does not have.
pub const UNKNOWN_KEY: &str = "K0102";
/// A value that does not fit its key: wrong type, or not a duration, date, time of day, share, …
pub const WRONG_VALUE: &str = "K0103";
/// A word that is not one of those allowed.
pub const UNKNOWN_WORD: &str = "K0104";
/// A key without which the entry says nothing, or an empty text where words are needed.
pub const MISSING: &str = "K0105";
/// Values that do not go together, or a number outside its limits.
pub const LIMITS: &str = "K0106";
/// A file or an entry that is named, and is not there.
pub const NOT_FOUND: &str = "K0107";
/// A regular expression that does not compile.
pub const PATTERN: &str = "K0108";

/// Two versions of a rule in force on the same day.
pub const RULE_OVERLAP: &str = "K0111";
/// Points that are not hundredths of a point.
pub const POINTS: &str = "K0112";
/// A range of points with its least above its most.
pub const RANGE: &str = "K0113";
/// A rule that ends before it begins.
pub const EFFECTIVE: &str = "K0114";
/// A detector that nobody has written, or none, or two.
pub const DETECTOR: &str = "K0115";
/// An example that says nothing.
pub const EXAMPLE: &str = "K0116";
