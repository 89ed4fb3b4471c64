//! Lists of a fixed length. toml hands out the items that are asked for and keeps silent about the rest.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A tuple or array that was written with exactly its items, none left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Exact<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = Exact<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list […]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Exact<T>, A::Error> {
                let value = T::deserialize(SeqAccessDeserializer::new(&mut items))?;
                nothing_left(&mut items)?;
                Ok(Exact(value))
            }
        }

        d.deserialize_seq(Items(PhantomData))
    }
}

/// An error where the list goes on.
pub fn nothing_left<'de, A: SeqAccess<'de>>(items: &mut A) -> Result<(), A::Error> {
    match items.next_element::<IgnoredAny>()? {
        Some(_) => Err(A::Error::custom("the list holds more items than belong here")),
        None => Ok(()),
    }
}

impl<T: JsonSchema> JsonSchema for Exact<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
