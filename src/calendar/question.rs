//! Times as questions to the calendar write them, and as answers give them.

use crate::base::{Ms, Zone};
use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// RFC 3339 with an offset; or a local time with `T` or a space, with or without seconds and fraction; or a date (its
/// first instant). Local times are read in the zone, a time that occurs twice as its first.
///
/// # Errors
/// What was written instead.
pub fn instant(text: &str, zone: Zone) -> Result<Ms, String> {
    let text = text.trim();
    if let Ok(t) = DateTime::parse_from_rfc3339(text) {
        return Ok(t.timestamp_millis());
    }
    let spaced = text.replacen('T', " ", 1);
    for pattern in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(&spaced, pattern) {
            return Ok(zone.instant(local));
        }
    }
    date(text)
        .map(|d| zone.start_of(d))
        .map_err(|_| format!("`{text}` is no time such as 2026-05-15 17:59:50 or 2026-05-15T17:59:50+08:00"))
}

/// A date such as `2026-05-15`.
///
/// # Errors
/// What was written instead.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    crate::settings::hours::date(text.trim())
}

/// RFC 3339 with the zone's offset; ms only where there are some.
pub fn rfc3339(at: Ms, zone: Zone) -> String {
    match DateTime::from_timestamp_millis(at) {
        Some(t) => {
            let t = t.with_timezone(&zone.0);
            let form = if at % 1000 == 0 { chrono::SecondsFormat::Secs } else { chrono::SecondsFormat::Millis };
            t.to_rfc3339_opts(form, false)
        }
        None => at.to_string(),
    }
}
