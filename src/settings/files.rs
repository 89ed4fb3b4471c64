//! Where settings come from: the project's folder, or the defaults embedded in the binary.

use super::codes;
use crate::base::{Diagnostic, Place, Result, files};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;

static PIPELINES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/pipelines");
static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// A settings file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Name relative to the root, with `/`.
    pub name: String,
    pub text: Arc<str>,
}

impl Text {
    /// The file's name without folder and ending.
    pub fn stem(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name);
        file.strip_suffix(".toml").unwrap_or(file)
    }
}

/// The settings of one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    root: PathBuf,
    templates: Option<PathBuf>,
}

impl Files {
    /// `root`: the folder that holds `pipelines/` and `templates/`; it need not have them.
    pub fn new(root: impl Into<PathBuf>) -> Files {
        Files { root: root.into(), templates: None }
    }

    /// Templates and catalogues of this folder win over the project's.
    #[must_use]
    pub fn with_templates(self, dir: Option<PathBuf>) -> Files {
        Files { templates: dir, ..self }
    }

    /// A template or a catalogue by its name below `templates/`: of the folder given, else of the project, else embedded.
    /// Each file by itself: a folder need hold only what is different there.
    ///
    /// # Errors
    /// A file that is not UTF-8 or cannot be read.
    pub fn template(&self, name: &str) -> Result<Option<Text>> {
        let own =
            self.templates.iter().map(|dir| (dir.join(name), dir.join(name).to_string_lossy().replace('\\', "/")));
        let in_project = format!("templates/{name}");
        for (path, shown) in own.chain([(self.root.join(&in_project), in_project.clone())]) {
            if path.is_file() {
                let text = utf8(&shown, files::read(&path)?)?;
                return Ok(Some(Text { name: shown, text: text.into() }));
            }
        }
        Ok(built_in(name))
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A relative path of the settings, made absolute on the root.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        if path.is_absolute() { path.to_path_buf() } else { self.root.join(path) }
    }

    /// One file, from disk where its folder is there, else embedded; `None` where neither has it.
    pub fn read(&self, name: &str) -> Result<Option<Text>> {
        let on_disk = self.root.join(name);
        if on_disk.is_file() {
            let text = utf8(name, files::read(&on_disk)?)?;
            return Ok(Some(Text { name: name.to_owned(), text: text.into() }));
        }
        if on_disk.parent().is_some_and(Path::is_dir) {
            return Ok(None);
        }
        Ok(embedded(name).map(|text| Text { name: name.to_owned(), text: text.into() }))
    }

    /// Names of the files of a folder (not below it) with that ending, sorted.
    pub fn list(&self, dir: &str, ending: &str) -> Result<Vec<String>> {
        let on_disk = self.root.join(dir);
        let mut names: Vec<String> = if on_disk.is_dir() {
            files::walk(&on_disk)?
                .into_iter()
                .filter(|p| p.parent() == Some(on_disk.as_path()))
                .filter_map(|p| Some(format!("{dir}/{}", p.file_name()?.to_str()?)))
                .collect()
        } else {
            embedded_names().filter(|n| n.rsplit_once('/').is_some_and(|(d, _)| d == dir)).collect()
        };
        names.retain(|n| n.ends_with(ending));
        names.sort();
        Ok(names)
    }
}

/// Editors of Chinese Windows like to save GBK: say so, instead of failing.
fn utf8(name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|e| {
        let good = e.as_bytes().get(..e.utf8_error().valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        let found = Diagnostic::error(codes::SYNTAX, "the file is not UTF-8 from here on");
        found.at(Place::row(name, line, None, "")).help("save it with the encoding UTF-8").into()
    })
}

/// A template or a catalogue as the program brings it.
pub fn built_in(name: &str) -> Option<Text> {
    let name = format!("templates/{name}");
    embedded(&name).map(|text| Text { name, text: text.into() })
}

/// The text of an embedded file: the defaults that a shorter file leaves standing.
pub(super) fn embedded(name: &str) -> Option<&'static str> {
    let (dir, rest) = name.split_once('/')?;
    match dir {
        "pipelines" => PIPELINES.get_file(rest)?.contents_utf8(),
        "templates" => TEMPLATES.get_file(rest)?.contents_utf8(),
        _ => None,
    }
}

fn embedded_names() -> impl Iterator<Item = String> {
    fn below(dir: &'static Dir<'static>, prefix: &str, out: &mut Vec<String>) {
        out.extend(dir.files().map(|f| format!("{prefix}/{}", f.path().to_string_lossy().replace('\\', "/"))));
        for d in dir.dirs() {
            below(d, prefix, out);
        }
    }
    let mut names = Vec::new();
    below(&PIPELINES, "pipelines", &mut names);
    below(&TEMPLATES, "templates", &mut names);
    names.sort();
    names.into_iter()
}

/// Every embedded file: what `kaohe init` writes.
pub fn defaults() -> Vec<Text> {
    embedded_names()
        .filter_map(|name| embedded(&name).map(|text| Text { name: name.clone(), text: text.into() }))
        .collect()
}

/// SHA-256 over names and texts, hex. The names go without their folders: a project keeps its hash when it is moved.
pub fn hash_of<'a>(texts: impl IntoIterator<Item = &'a Text>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        for part in [text.stem(), &text.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    hex::encode(hash.finalize())
}
