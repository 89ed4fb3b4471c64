//! Points as people write them (`1.5`) and as the program counts them (150 hundredths).

use super::codes;
use super::document::Document;
use super::rulebook::Points;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer, de};
use std::fmt;
use toml::Spanned;

/// A number as its shortest decimal text. No arithmetic is done with floats: the text is read digit by digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Hundredths, not negative; what is wrong with it otherwise.
    pub fn hundredths(&self) -> Result<i32, String> {
        let text = self.0.as_str();
        if text.starts_with('-') {
            return Err(format!("{text} is negative; points are what is deducted, written without a sign"));
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if fraction.len() > 2 {
            return Err(format!("{text} has more than two decimals; points are counted in hundredths"));
        }
        let digits = format!("{whole}{fraction:0<2}");
        match digits.parse::<i32>() {
            Ok(n) if n <= 1_000_000 => Ok(n),
            _ => Err(format!("{text} is not a number of points up to 10000")),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of points such as 1.5")
            }

            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Number, E> {
                Ok(Number(n.to_string()))
            }

            fn visit_f64<E: de::Error>(self, n: f64) -> Result<Number, E> {
                Ok(Number(n.to_string()))
            }
        }

        d.deserialize_any(Visitor)
    }
}

/// `1.5`, or `{ min = 1, max = 3 }`: the register row says how many.
#[derive(Debug, Clone, JsonSchema)]
#[serde(untagged)]
pub enum PointsRaw {
    Fixed(#[schemars(with = "f64", range(min = 0))] Number),
    Range(RangeRaw),
}

/// From the least to the most, both allowed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RangeRaw {
    #[schemars(with = "f64", range(min = 0))]
    min: Spanned<Number>,
    #[schemars(with = "f64", range(min = 0))]
    max: Spanned<Number>,
}

impl<'de> Deserialize<'de> for PointsRaw {
    /// By hand, for an untagged enum would lose the places of the numbers.
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = PointsRaw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("points such as 1.5 or { min = 1, max = 3 }")
            }

            fn visit_i64<E: de::Error>(self, n: i64) -> Result<PointsRaw, E> {
                Ok(PointsRaw::Fixed(Number(n.to_string())))
            }

            fn visit_f64<E: de::Error>(self, n: f64) -> Result<PointsRaw, E> {
                Ok(PointsRaw::Fixed(Number(n.to_string())))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<PointsRaw, A::Error> {
                RangeRaw::deserialize(MapAccessDeserializer::new(map)).map(PointsRaw::Range)
            }
        }

        d.deserialize_any(Visitor)
    }
}

/// Hundredths of a number in a file; `None` once it is reported.
pub fn hundredths(number: &Spanned<Number>, file: &mut Document) -> Option<i32> {
    number
        .get_ref()
        .hundredths()
        .map_err(|why| file.wrong(codes::POINTS, number.span(), why, "write points such as 1.5, 0.25 or 3"))
        .ok()
}

/// Points of a charge; `None` once what is wrong is reported.
pub fn points(raw: Spanned<PointsRaw>, file: &mut Document) -> Option<Points> {
    let span = raw.span();
    match raw.into_inner() {
        PointsRaw::Fixed(number) => hundredths(&Spanned::new(span, number), file).map(Points::Fixed),
        PointsRaw::Range(range) => {
            let (min, max) = (hundredths(&range.min, file), hundredths(&range.max, file));
            let (min, max) = (min?, max?);
            if min > max {
                let (least, most) = (&range.min.get_ref().0, &range.max.get_ref().0);
                let message = format!("the range is upside down: min {least} is more than max {most}");
                file.wrong(codes::RANGE, span, message, &format!("write {{ min = {most}, max = {least} }}"));
                return None;
            }
            Some(Points::Range { min, max })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_exact_hundredths() {
        for (text, want) in [("1.5", 150), ("0.25", 25), ("3", 300), ("0", 0), ("1.1", 110), ("0.07", 7), ("4.35", 435)]
        {
            let number = match text.parse::<i64>() {
                Ok(n) => Number(n.to_string()),
                Err(_) => Number(text.parse::<f64>().unwrap().to_string()),
            };
            assert_eq!(number.hundredths(), Ok(want), "{text}");
        }
        for number in [1.555, -1.0, f64::NAN, f64::INFINITY, 1e9, 0.001] {
            assert!(Number(number.to_string()).hundredths().is_err(), "{number}");
        }
    }
}
