//! Styles and scripts that a page carries inside itself, and the policy that lets a browser run these and nothing else.

use crate::base::{Diagnostic, Place, Result};
use crate::settings::files::Text;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The files that templates ask for with `inline("…")`.
#[derive(Debug, Clone, Default)]
pub struct Inline(BTreeMap<String, Element>);

#[derive(Debug, Clone)]
struct Element {
    html: String,
    /// `style-src` or `script-src`.
    directive: &'static str,
    hash: String,
}

/// Names that a template asks for.
pub fn asked(source: &str) -> impl Iterator<Item = &str> {
    source.split("inline(\"").skip(1).filter_map(|rest| rest.split('"').next())
}

impl Inline {
    /// Takes a file in. Fails on one that is neither a style nor a script, and on one whose text a browser would not
    /// take as a whole.
    pub fn add(&mut self, name: &str, file: &Text) -> Result<()> {
        let fails = |what: String| Diagnostic::error("K0906", what).at(Place::file(&file.name, ""));
        let (tag, directive) = match name.rsplit('.').next() {
            Some("css") => ("style", "style-src"),
            Some("js") => ("script", "script-src"),
            _ => return Err(fails("only .css and .js can be put inside a page".to_owned()).into()),
        };
        // A browser makes these of the text before it looks at its hash.
        let text = file.text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
        let low = text.to_ascii_lowercase();
        if let Some(end) = ["</style", "</script", "<script", "<!--"].into_iter().find(|end| low.contains(end)) {
            let what = format!("`{end}` would end the {tag} before its end");
            return Err(fails(what).help("write it in two pieces, or leave it out").into());
        }
        let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(&text)));
        let html = format!("<{tag}>{text}</{tag}>");
        self.0.insert(name.to_owned(), Element { html, directive, hash });
        Ok(())
    }

    /// The element with the file's text.
    pub fn html(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|e| e.html.as_str())
    }

    /// The Content-Security-Policy: nothing from outside, no style and no script but those taken in.
    pub fn policy(&self) -> String {
        let allowed = |directive: &str| {
            let hashes: Vec<&str> =
                self.0.values().filter(|e| e.directive == directive).map(|e| e.hash.as_str()).collect();
            if hashes.is_empty() { "'none'".to_owned() } else { hashes.join(" ") }
        };
        format!(
            "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
            allowed("style-src"),
            allowed("script-src")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Text {
        Text { name: "a file".to_owned(), text: text.into() }
    }

    #[test]
    fn the_policy_names_what_was_taken_in() {
        let mut inline = Inline::default();
        assert!(inline.policy().contains("style-src 'none'; script-src 'none'; "));
        // `printf '' | openssl dgst -sha256 -binary | base64`
        inline.add("a/b.js", &file("")).unwrap();
        assert!(inline.policy().contains("script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "));
        assert_eq!(inline.html("a/b.js"), Some("<script></script>"));
        assert_eq!(inline.html("other.js"), None);
    }

    #[test]
    fn line_ends_are_those_that_a_browser_hashes() {
        let (mut unix, mut windows) = (Inline::default(), Inline::default());
        unix.add("s.css", &file("a {}\nb {}\n")).unwrap();
        windows.add("s.css", &file("a {}\r\nb {}\r")).unwrap();
        assert_eq!(unix.policy(), windows.policy());
        assert_eq!(unix.html("s.css"), windows.html("s.css"));
    }

    #[test]
    fn a_text_that_would_end_its_element_is_refused() {
        for (name, text) in
            [("s.js", "let a = '</SCRIPT>';"), ("s.css", "/* </style> */"), ("s.js", "<!--"), ("s.txt", "")]
        {
            assert!(Inline::default().add(name, &file(text)).is_err(), "{name} {text}");
        }
        let mut inline = Inline::default();
        inline.add("s.js", &file("if (a < b) c();")).unwrap();
    }

    #[test]
    fn templates_ask_by_name() {
        let source = r#"{{ inline("partials/style.css") }} {{inline("x.js")}} {{ other("y") }}"#;
        assert_eq!(asked(source).collect::<Vec<_>>(), ["partials/style.css", "x.js"]);
    }
}
