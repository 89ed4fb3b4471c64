//! A funnel: what is left after each step, as bars one below the other.

/// One step: its name, how many came so far, and what is said beside it (a share).
#[derive(Debug, Clone)]
pub struct Stage {
    pub name: String,
    pub value: i64,
    pub note: String,
}

/// What is to be drawn.
#[derive(Debug, Clone)]
pub struct Funnel {
    /// Unique on the page; letters, digits and `-`.
    pub id: String,
    pub title: String,
    pub description: String,
    pub stages: Vec<Stage>,
}

impl Funnel {
    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        self.stages.iter().all(|s| s.value == 0)
    }
}

/// Draws a funnel `width` px wide; `show` writes a value for people. Empty where there is nothing to draw.
pub fn draw(_funnel: &Funnel, _width: i64, _show: &dyn Fn(i64) -> String) -> String {
    String::new()
}
