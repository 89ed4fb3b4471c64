//! What a key figure should reach, as people write it: a share, a time, an amount of money or a bare number.

use super::duration::Duration;
use super::rulebook::Origin;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use std::fmt;
use std::str::FromStr;

/// One target, its unit still the writer's: whether it fits its figure is known where the figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Hundredths of a percent.
    Share(i64),
    /// ms.
    Duration(i64),
    /// Fen.
    Money(i64),
    /// Hundredths.
    Number(i64),
}

/// A target and where it is written.
#[derive(Debug, Clone)]
pub struct Goal {
    pub target: Target,
    pub origin: Origin,
}

impl PartialEq for Goal {
    /// What it says; not where.
    fn eq(&self, other: &Goal) -> bool {
        self.target == other.target
    }
}

/// Digits with at most two decimals, in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |d: &str| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 2 {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(format!("{fraction:0<2}").parse().ok()?)
}

impl FromStr for Target {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{s}` is no target; write a share (\"90%\"), a time (\"45s\"), money (\"120000元\") or a number (20)"
            )
        };
        let text = s.trim();
        let part = |text: &str| hundredths(text.trim()).ok_or_else(wrong);
        if let Some(share) = text.strip_suffix('%') {
            return part(share).map(Target::Share);
        }
        if let Some(wan) = text.strip_suffix("万元") {
            return part(wan)?.checked_mul(10_000).map(Target::Money).ok_or_else(wrong);
        }
        if let Some(yuan) = text.strip_suffix('元').or_else(|| text.strip_prefix(['¥', '￥'])) {
            return part(yuan).map(Target::Money);
        }
        match text.parse::<Duration>() {
            Ok(time) => Ok(Target::Duration(time.ms())),
            Err(_) => part(text).map(Target::Number),
        }
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Target;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a target such as \"90%\", \"45s\", \"120000元\" or 20")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Target, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Target, E> {
                n.to_string().parse().map_err(E::custom)
            }

            // The shortest decimal text: no arithmetic is done with the float.
            fn visit_f64<E: de::Error>(self, n: f64) -> Result<Target, E> {
                n.to_string().parse().map_err(E::custom)
            }
        }

        d.deserialize_any(Visitor)
    }
}

impl JsonSchema for Target {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["string", "number"],
            "description": "A target: \"90%\", \"45s\", \"120000元\", 20."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_exact() {
        for (text, want) in [
            ("90%", Target::Share(9_000)),
            (" 99.5 % ", Target::Share(9_950)),
            ("45s", Target::Duration(45_000)),
            ("3 min", Target::Duration(180_000)),
            ("120000元", Target::Money(12_000_000)),
            ("¥88.5", Target::Money(8_850)),
            ("12.5万元", Target::Money(12_500_000)),
            ("20", Target::Number(2_000)),
            ("92.75", Target::Number(9_275)),
        ] {
            assert_eq!(text.parse(), Ok(want), "{text}");
        }
        for text in
            ["", "%", "-5%", "0.999%", "45 sek", "1e3", "元", "99999999999999999999", "9999999999999999万元", "４５"]
        {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
