//! People as the vault keeps it. Do not change a version: add one.

use serde::{Deserialize, Serialize};

use super::view::Person;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonV1 {
    name: String,
    pronouns: String,
    work: String,
    contact: String,
    about: String,
}

impl From<Person> for PersonV1 {
    fn from(old: Person) -> Self {
        Self {
            name: old.name,
            pronouns: old.pronouns,
            work: old.work,
            contact: old.contact,
            about: old.about,
        }
    }
}

impl From<PersonV1> for Person {
    fn from(old: PersonV1) -> Self {
        Self {
            name: old.name,
            pronouns: old.pronouns,
            work: old.work,
            contact: old.contact,
            about: old.about,
        }
    }
}
