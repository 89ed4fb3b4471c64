//! The key that turns buyers into pseudonyms: made on the first run, never in an output. After a rotation it is a chain:
//! each secret makes a pseudonym out of the one that the secret before it has made, so that old pseudonyms can be carried
//! on without anybody's nick.

use crate::base::{Error, Result, files};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Length of a buyer_key in hex digits: 96 bits, so that a billion buyers have no two alike.
pub const DIGITS: usize = 24;

/// A buyer_key's bytes.
pub type Pseudonym = [u8; DIGITS / 2];

/// A pseudonym in hex digits: the buyer_key of the tables.
pub struct Hex([u8; DIGITS]);

impl Hex {
    pub fn of(buyer: Pseudonym) -> Hex {
        let mut digits = [0; DIGITS];
        // The room is what it takes: this cannot fail.
        let _ = hex::encode_to_slice(buyer, &mut digits);
        Hex(digits)
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Secrets of 32 bytes, the oldest first; never empty.
#[derive(Clone)]
pub struct BuyerKey {
    links: Vec<Link>,
}

#[derive(Clone)]
struct Link {
    mac: Hmac<Sha256>,
    secret: [u8; 32],
}

impl std::fmt::Debug for BuyerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuyerKey(…)")
    }
}

impl Link {
    fn new(secret: [u8; 32]) -> Result<Link> {
        let mac = Hmac::new_from_slice(&secret).map_err(|e| Error::Failed(format!("the buyer key: {e}")))?;
        Ok(Link { mac, secret })
    }

    fn random() -> Result<Link> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|e| Error::Failed(format!("no random numbers for the buyer key: {e}")))?;
        Link::new(secret)
    }

    /// The first 12 bytes of HMAC-SHA-256.
    fn of(&self, text: &[u8]) -> Pseudonym {
        let mut mac = self.mac.clone();
        mac.update(text);
        let mut out = [0; DIGITS / 2];
        out.copy_from_slice(&mac.finalize().into_bytes()[..DIGITS / 2]);
        out
    }
}

impl BuyerKey {
    /// The key of a file (64 hex digits a line); `None` where there is no file.
    ///
    /// # Errors
    /// A file that holds no key: it is never replaced, since that would break the link to earlier exports.
    pub fn load(path: &Path) -> Result<Option<BuyerKey>> {
        if !path.exists() {
            return Ok(None);
        }
        let text = files::read_text(path)?;
        let secret = |line: &str| {
            let mut secret = [0; 32];
            hex::decode_to_slice(line.trim(), &mut secret).ok().map(|()| secret)
        };
        let secrets: Option<Vec<[u8; 32]>> = text.lines().filter(|l| !l.trim().is_empty()).map(secret).collect();
        let wrong = || {
            let place = path.display();
            Error::Failed(format!("{place} holds no buyer key (64 hex digits a line); restore it from the backup"))
        };
        let links = secrets.ok_or_else(wrong)?.into_iter().map(Link::new).collect::<Result<Vec<_>>>()?;
        if links.is_empty() { Err(wrong()) } else { Ok(Some(BuyerKey { links })) }
    }

    /// The key of a file; made, mode 0600, where there is none.
    ///
    /// # Errors
    /// As [`BuyerKey::load`].
    pub fn load_or_create(path: &Path) -> Result<BuyerKey> {
        if let Some(key) = BuyerKey::load(path)? {
            return Ok(key);
        }
        let key = BuyerKey::random()?;
        key.save(path)?;
        Ok(key)
    }

    /// A key that is kept nowhere.
    pub fn random() -> Result<BuyerKey> {
        Ok(BuyerKey { links: vec![Link::random()?] })
    }

    /// This key and one more link.
    pub fn rotated(&self) -> Result<BuyerKey> {
        let mut links = self.links.clone();
        links.push(Link::random()?);
        Ok(BuyerKey { links })
    }

    /// Writes the key into a new file that its owner alone may read.
    ///
    /// # Errors
    /// A file that is there already.
    pub fn save(&self, path: &Path) -> Result<()> {
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            files::make_dir(dir)?;
        }
        let mut open = OpenOptions::new();
        open.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut file = open.open(path).map_err(Error::io("cannot write the buyer key", path))?;
        let text: String = self.links.iter().map(|l| hex::encode(l.secret) + "\n").collect();
        let write = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        write.map_err(Error::io("cannot write the buyer key", path))
    }

    /// The pseudonym of a nick, blanks at its ends left out; as hex it is the buyer_key.
    pub fn pseudonym(&self, nick: &str) -> Pseudonym {
        let mut links = self.links.iter();
        let first = links.next().map_or([0; DIGITS / 2], |l| l.of(nick.trim().as_bytes()));
        links.fold(first, |known, link| link.of(hex::encode(known).as_bytes()))
    }

    /// What the newest link makes of a pseudonym of the key before it.
    pub fn carried_on(&self, known: Pseudonym) -> Pseudonym {
        self.links.last().map_or(known, |l| l.of(hex::encode(known).as_bytes()))
    }

    /// Names the key without giving it away: what was derived with another key is derived again.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"kaohe buyer key\0");
        self.links.iter().for_each(|l| hash.update(l.secret));
        hex::encode(hash.finalize()).chars().take(16).collect()
    }
}

/// Where a rotated key waits for the lake to be rewritten.
pub fn next_place(path: &Path) -> PathBuf {
    path.with_extension("next")
}

/// First character and two stars.
pub fn mask(nick: &str) -> String {
    nick.trim().chars().next().map_or_else(String::new, |c| format!("{c}**"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotated_key_carries_pseudonyms_on() {
        let old = BuyerKey::random().unwrap();
        let new = old.rotated().unwrap();
        assert_ne!(old.pseudonym("买家甲"), new.pseudonym("买家甲"));
        assert_eq!(new.carried_on(old.pseudonym("买家甲")), new.pseudonym(" 买家甲 "));
        assert_ne!(old.fingerprint(), new.fingerprint());
    }
}
