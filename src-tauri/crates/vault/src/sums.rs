//! Completeness: how many rows a compartment has, and a sum that changes with every one of them. Adding and
//! taking away are cheap, so each save keeps the sums up to date without reading what it does not touch.

use std::collections::BTreeMap;

use crate::codec::{Put, Reader};
use crate::envelope::MacKey;
use crate::primitives::{self, Hash};
use crate::row::{Route, RowKey};

/// Count and sum of a set of rows: the sum is `Σ HMAC(sum key, row key ‖ SHA-256(value)) mod 2^256`, each HMAC
/// read as a little-endian number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub count: u64,
    pub sum: Hash,
}

/// The sums of every compartment, by its route, and of all together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    pub spaces: BTreeMap<Route, Sum>,
    pub total: Sum,
}

impl Sum {
    pub fn add(&mut self, row: &Hash) {
        self.count = self.count.wrapping_add(1);
        self.sum = plus(&self.sum, row);
    }

    pub fn take(&mut self, row: &Hash) {
        self.count = self.count.wrapping_sub(1);
        self.sum = plus(&self.sum, &negative(row));
    }

    pub fn take_all(&mut self, other: &Sum) {
        self.count = self.count.wrapping_sub(other.count);
        self.sum = plus(&self.sum, &negative(&other.sum));
    }

    fn put(&self, out: &mut Vec<u8>) {
        out.put_u64(self.count);
        out.put(&self.sum);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Sum {
            count: reader.u64()?,
            sum: reader.array()?,
        })
    }
}

impl Sums {
    pub fn add(&mut self, key: &MacKey, row: &RowKey, value: &[u8]) {
        let term = derive_term(key, row, value);
        self.spaces.entry(row.route()).or_default().add(&term);
        self.total.add(&term);
    }

    pub fn take(&mut self, key: &MacKey, row: &RowKey, value: &[u8]) {
        let term = derive_term(key, row, value);
        self.spaces.entry(row.route()).or_default().take(&term);
        self.total.take(&term);
    }

    /// Leaves a forgotten compartment out.
    pub fn drop_space(&mut self, route: &Route) {
        if let Some(space) = self.spaces.remove(route) {
            self.total.take_all(&space);
        }
    }

    pub fn put(&self, out: &mut Vec<u8>) {
        out.put_u16(self.spaces.len() as u16);
        for (route, sum) in &self.spaces {
            out.put(&route.0);
            sum.put(out);
        }
        self.total.put(out);
    }

    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut spaces = BTreeMap::new();
        for _ in 0..reader.u16()? {
            let route = Route(reader.array()?);
            let last = spaces.last_key_value();
            if last.is_some_and(|(last, _)| *last >= route) {
                return None;
            }
            spaces.insert(route, Sum::read(reader)?);
        }
        Some(Sums {
            spaces,
            total: Sum::read(reader)?,
        })
    }

    /// Whether both count the same rows; a compartment without rows counts like none.
    pub fn agrees_with(&self, other: &Sums) -> bool {
        self.total == other.total && self.differing(other).is_empty()
    }

    /// The compartments on which the two differ.
    pub fn differing(&self, other: &Sums) -> Vec<Route> {
        let routes: std::collections::BTreeSet<_> =
            self.spaces.keys().chain(other.spaces.keys()).collect();
        routes
            .into_iter()
            .filter(|route| self.of(route) != other.of(route))
            .copied()
            .collect()
    }

    pub fn of(&self, route: &Route) -> Sum {
        self.spaces.get(route).copied().unwrap_or_default()
    }
}

fn derive_term(key: &MacKey, row: &RowKey, value: &[u8]) -> Hash {
    key.authenticate(&[&row.0, &primitives::sha256(&[value])])
}

fn plus(left: &Hash, right: &Hash) -> Hash {
    let mut carry = 0;
    std::array::from_fn(|at| {
        let sum = u16::from(left[at]) + u16::from(right[at]) + carry;
        carry = sum >> 8;
        sum as u8
    })
}

fn negative(value: &Hash) -> Hash {
    plus(
        &value.map(|byte| !byte),
        &std::array::from_fn(|at| u8::from(at == 0)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_added_can_be_taken_in_any_order(terms in prop::collection::vec(any::<[u8; 32]>(), 0..9)) {
            let mut sum = Sum::default();
            terms.iter().for_each(|term| sum.add(term));
            terms.iter().rev().for_each(|term| sum.take(term));
            prop_assert_eq!(sum, Sum::default());
        }

        #[test]
        fn adding_agrees_with_arithmetic(a in any::<u128>(), b in any::<u128>()) {
            let wide = |n: u128| { let mut h = [0; 32]; h[..16].copy_from_slice(&n.to_le_bytes()); h };
            let (low, carry) = a.overflowing_add(b);
            let mut expected = wide(low);
            expected[16] = u8::from(carry);
            prop_assert_eq!(plus(&wide(a), &wide(b)), expected);
        }
    }

    #[test]
    fn sums_survive_writing() {
        let key = MacKey::make().unwrap();
        let mut sums = Sums::default();
        sums.add(&key, &RowKey([1; 32]), b"one");
        sums.add(&key, &RowKey([2; 32]), b"two");
        let mut bytes = Vec::new();
        sums.put(&mut bytes);
        assert_eq!(Sums::read(&mut Reader::new(&bytes)), Some(sums.clone()));
        let two = sums.of(&Route([2; 16]));
        sums.drop_space(&Route([1; 16]));
        assert_eq!(sums.total, two);
    }
}
