//! What is known of the buyers of a file, by shop and nick.

use super::conversations::Place;
use foldhash::HashMap;

/// Bytes of a nick that lies in the table itself: nearly all do, and looking for one goes to one place in memory.
const SHORT: usize = 27;
/// The shop's number, the nick's bytes and, last, how many they are.
type Short = [u8; SHORT + 5];

/// What is known of a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nick {
    pub place: Place,
    pub filter: u8,
}

/// Buyers by shop and nick.
#[derive(Default)]
pub struct Nicks {
    short: HashMap<Short, Nick>,
    long: HashMap<u32, HashMap<String, Nick>>,
}

fn short(shop: u32, nick: &str) -> Option<Short> {
    let mut key = [0; SHORT + 5];
    key[..4].copy_from_slice(&shop.to_le_bytes());
    key[4..SHORT + 4].get_mut(..nick.len())?.copy_from_slice(nick.as_bytes());
    key[SHORT + 4] = nick.len() as u8;
    Some(key)
}

impl Nicks {
    #[inline]
    pub fn get(&self, shop: u32, nick: &str) -> Option<Nick> {
        match short(shop, nick) {
            Some(key) => self.short.get(&key).copied(),
            None => self.long.get(&shop)?.get(nick).copied(),
        }
    }

    /// Puts a buyer there.
    pub fn put(&mut self, shop: u32, nick: &str, known: Nick) {
        match short(shop, nick) {
            Some(key) => drop(self.short.insert(key, known)),
            None => drop(self.long.entry(shop).or_default().insert(nick.to_owned(), known)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nicks_of_any_length_are_their_own() {
        let mut nicks = Nicks::default();
        let all: Vec<String> = (0..40).flat_map(|n| ["a".repeat(n), "a".repeat(n) + "\0"]).collect();
        let known = |shop: u32, i: usize| Nick { place: Place { fine: shop, conversation: i as u32 }, filter: 0 };
        for shop in 0..2 {
            for (i, nick) in all.iter().enumerate() {
                assert_eq!(nicks.get(shop, nick), None, "{nick:?}");
                nicks.put(shop, nick, known(shop, i));
            }
        }
        for shop in 0..2 {
            for (i, nick) in all.iter().enumerate() {
                assert_eq!(nicks.get(shop, nick), Some(known(shop, i)), "{nick:?}");
            }
        }
    }
}
