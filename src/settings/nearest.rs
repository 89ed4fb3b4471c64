//! Which known name somebody may have meant.

/// The known name with the fewest slips of the pen from `name`; `None` where even that one is a different word.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let allowed = (name.chars().count() / 3).max(1);
    known.into_iter().map(|k| (slips(&name, &k.to_lowercase()), k)).filter(|(d, _)| *d <= allowed).min().map(|(_, k)| k)
}

/// What to advise for an unknown name: the nearest, else all that there are.
pub fn advice(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "there is none to choose from".to_owned(),
        None => format!("known here: `{}`", known.join("`, `")),
    }
}

/// Letters left out, put in, exchanged for another or swapped with their neighbour (each counts 1).
fn slips(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_letter = None;
    for (i, letter) in a.chars().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let exchanged = last[j] + usize::from(letter != *other);
            let mut least = exchanged.min(last[j + 1] + 1).min(row[j] + 1);
            if j > 0 && previous_letter == Some(*other) && b[j - 1] == letter {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
        previous_letter = Some(letter);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        assert_eq!(slips("", "abc"), 3);
        assert_eq!(slips("abc", ""), 3);
        assert_eq!(slips("target", "target"), 0);
        assert_eq!(slips("taregt", "target"), 1);
        assert_eq!(slips("deadlin", "deadline"), 1);
        assert_eq!(slips("first", "last"), 3);
    }

    #[test]
    fn a_different_word_is_not_offered() {
        let known = ["deadline", "late_reply", "coverage"];
        assert_eq!(nearest("dedline", known), Some("deadline"));
        assert_eq!(nearest("Late_Replay", known), Some("late_reply"));
        assert_eq!(nearest("weather", known), None);
        assert_eq!(advice("weather", &["a", "b"]), "known here: `a`, `b`");
    }
}
