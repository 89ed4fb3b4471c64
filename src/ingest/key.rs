//! The key that turns buyers into pseudonyms: made on the first run, never in an output.

use crate::base::{Error, Result, files};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Length of a buyer_key in hex digits: 96 bits, so that a billion buyers have no two alike.
pub const DIGITS: usize = 24;

/// 32 secret bytes.
#[derive(Clone)]
pub struct BuyerKey {
    mac: Hmac<Sha256>,
    secret: [u8; 32],
}

impl std::fmt::Debug for BuyerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuyerKey(…)")
    }
}

impl BuyerKey {
    /// The key of a file (64 hex digits); made, mode 0600, where there is none.
    ///
    /// # Errors
    /// A file that holds no key: it is never replaced, since that would break the link to earlier exports.
    pub fn load_or_create(path: &Path) -> Result<BuyerKey> {
        if path.exists() {
            let text = files::read_text(path)?;
            let mut secret = [0; 32];
            hex::decode_to_slice(text.trim(), &mut secret).map_err(|_| {
                Error::Failed(format!(
                    "{} holds no buyer key (64 hex digits); restore it from the backup",
                    path.display()
                ))
            })?;
            return BuyerKey::new(secret);
        }
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|e| Error::Failed(format!("no random numbers for the buyer key: {e}")))?;
        if let Some(dir) = path.parent() {
            files::make_dir(dir)?;
        }
        let mut open = OpenOptions::new();
        open.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut file = open.open(path).map_err(Error::io("cannot write the buyer key", path))?;
        let write = writeln!(file, "{}", hex::encode(secret)).and_then(|()| file.sync_all());
        write.map_err(Error::io("cannot write the buyer key", path))?;
        BuyerKey::new(secret)
    }

    fn new(secret: [u8; 32]) -> Result<BuyerKey> {
        let mac = Hmac::new_from_slice(&secret).map_err(|e| Error::Failed(format!("the buyer key: {e}")))?;
        Ok(BuyerKey { mac, secret })
    }

    /// First 12 bytes of HMAC-SHA-256 over the trimmed nick; as hex it is the buyer_key.
    pub fn pseudonym(&self, nick: &str) -> [u8; DIGITS / 2] {
        let mut mac = self.mac.clone();
        mac.update(nick.trim().as_bytes());
        let mut out = [0; DIGITS / 2];
        out.copy_from_slice(&mac.finalize().into_bytes()[..DIGITS / 2]);
        out
    }

    /// Names the key without giving it away: what was derived with another key is derived again.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"kaohe buyer key\0");
        hash.update(self.secret);
        hex::encode(hash.finalize()).chars().take(16).collect()
    }
}

/// First character and two stars.
pub fn mask(nick: &str) -> String {
    nick.trim().chars().next().map_or_else(String::new, |c| format!("{c}**"))
}
