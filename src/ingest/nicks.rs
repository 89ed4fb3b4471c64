//! What is known of the buyers of a file, by nick.

use super::key::Pseudonym;
use foldhash::HashMap;

/// Bytes of a nick that lies in the table itself: nearly all do, and looking for one goes to one place in memory.
const SHORT: usize = 23;

/// What is known of a buyer; `shop` is the one that `fine`, his bucket, was reckoned for.
pub struct Nick {
    pub buyer: Pseudonym,
    pub mask: u32,
    pub shop: u32,
    pub fine: u32,
    pub filter: u8,
}

/// Buyers by nick.
#[derive(Default)]
pub struct Nicks {
    /// The nick's bytes and, last, how many they are.
    short: HashMap<[u8; SHORT + 1], Nick>,
    long: HashMap<String, Nick>,
}

fn short(nick: &str) -> Option<[u8; SHORT + 1]> {
    let mut key = [0; SHORT + 1];
    key.get_mut(..nick.len()).filter(|_| nick.len() <= SHORT)?.copy_from_slice(nick.as_bytes());
    key[SHORT] = nick.len() as u8;
    Some(key)
}

impl Nicks {
    pub fn get_mut(&mut self, nick: &str) -> Option<&mut Nick> {
        match short(nick) {
            Some(key) => self.short.get_mut(&key),
            None => self.long.get_mut(nick),
        }
    }

    /// Puts a buyer there who is not there yet.
    pub fn put(&mut self, nick: &str, known: Nick) -> &mut Nick {
        match short(nick) {
            Some(key) => self.short.entry(key).or_insert(known),
            None => self.long.entry(nick.to_owned()).or_insert(known),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nicks_of_any_length_are_their_own() {
        let mut nicks = Nicks::default();
        let all: Vec<String> = (0..30).flat_map(|n| ["a".repeat(n), "a".repeat(n) + "\0"]).collect();
        for (i, nick) in all.iter().enumerate() {
            assert!(i == 0 || nicks.get_mut(nick).is_none(), "{nick:?}");
            nicks.put(nick, Nick { buyer: [0; 12], mask: i as u32, shop: 0, fine: 0, filter: 0 });
        }
        for (i, nick) in all.iter().enumerate() {
            assert_eq!(nicks.get_mut(nick).map(|n| n.mask), Some(i as u32), "{nick:?}");
        }
    }
}
