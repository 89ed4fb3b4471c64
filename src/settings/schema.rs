//! JSON Schema of everything that people write: editors complete and check with it.

use super::half_year_raw::HalfYearRaw;
use super::pipeline_raw::PipelineRaw;
use super::preset_raw::PresetRaw;
use super::rulebook_raw::{BookRaw, RulesRaw};
use super::source::SourceRaw;
use schemars::schema_for;
use serde_json::{Value, json};

/// One schema per kind of file.
pub fn schema() -> Value {
    json!({
        "half-year": schema_for!(HalfYearRaw),
        "pipeline": schema_for!(PipelineRaw),
        "preset": schema_for!(PresetRaw),
        "rulebook/book": schema_for!(BookRaw),
        "rulebook/rules": schema_for!(RulesRaw),
        "source": schema_for!(SourceRaw),
    })
}
