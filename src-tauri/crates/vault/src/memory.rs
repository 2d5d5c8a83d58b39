//! Where keys live: in pages that the system is asked to keep out of swap and that no allocator hands to anybody
//! else. A key is wiped when it is dropped, and moving it moves no byte of it.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroize;

use crate::codec::Put;
use crate::primitives::KEY_LENGTH;

/// The smallest page of the systems we run on. Where pages are larger, the whole one is locked.
const PAGE: usize = 4096;
const SLOTS: usize = PAGE / KEY_LENGTH;

#[repr(align(4096))]
struct Page([[u8; KEY_LENGTH]; SLOTS]);

type Slot = &'static mut [u8; KEY_LENGTH];

/// Slots that hold no key. A page that was once made is never given back: so nobody else comes to lie in it.
static FREE: Mutex<Vec<Slot>> = Mutex::new(Vec::new());
/// Set once the system has refused to lock a page.
static REFUSED: AtomicBool = AtomicBool::new(false);

/// Whether every key so far lies in memory that the system keeps out of swap.
pub fn is_locked() -> bool {
    !REFUSED.load(Ordering::Relaxed)
}

/// The bytes of one key.
pub struct KeyBytes(Option<Slot>);

impl KeyBytes {
    /// A key of zeros, to be filled.
    pub fn zeros() -> Self {
        let mut free = free();
        if free.is_empty() {
            free.extend(make_page().0.iter_mut());
        }
        KeyBytes(free.pop())
    }
}

impl KeyBytes {
    /// The same key once more.
    pub fn copy_of(bytes: &[u8; KEY_LENGTH]) -> Self {
        let mut key = Self::zeros();
        key.copy_from_slice(bytes);
        key
    }
}

impl Deref for KeyBytes {
    type Target = [u8; KEY_LENGTH];

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().expect("a key has its slot until dropped")
    }
}

impl DerefMut for KeyBytes {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0
            .as_deref_mut()
            .expect("a key has its slot until dropped")
    }
}

impl Drop for KeyBytes {
    fn drop(&mut self) {
        if let Some(slot) = self.0.take() {
            slot.zeroize();
            free().push(slot);
        }
    }
}

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyBytes(***)")
    }
}

/// Bytes with keys among them, as many as were asked for, in pages that nothing else lies in and that are locked as
/// those of keys are. They are wiped when dropped, and never move.
pub struct LockedBytes {
    /// Let go before the memory is.
    _lock: Option<region::LockGuard>,
    bytes: Vec<u8>,
    from: usize,
    capacity: usize,
    length: usize,
}

impl LockedBytes {
    /// None yet, with room for so many.
    pub fn with_capacity(capacity: usize) -> Self {
        let page = region::page::size();
        let whole = capacity.max(1).next_multiple_of(page);
        let bytes = vec![0; whole + page];
        let from = bytes.as_ptr().align_offset(page).min(page);
        let lock = region::lock(bytes[from..].as_ptr(), whole);
        if lock.is_err() {
            REFUSED.store(true, Ordering::Relaxed);
        }
        LockedBytes {
            _lock: lock.ok(),
            bytes,
            from,
            capacity,
            length: 0,
        }
    }

    /// As many as these, and the same.
    pub fn copy_of(bytes: &[u8]) -> Self {
        let mut copy = Self::with_capacity(bytes.len());
        copy.put(bytes);
        copy
    }
}

impl Put for LockedBytes {
    fn put(&mut self, bytes: &[u8]) {
        self.zeros(bytes.len());
        let at = self.length - bytes.len();
        self[at..].copy_from_slice(bytes);
    }

    fn zeros(&mut self, length: usize) {
        let longer = self.length + length;
        assert!(
            longer <= self.capacity,
            "whoever asks for room knows how much"
        );
        self.length = longer;
    }
}

impl Deref for LockedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[self.from..][..self.length]
    }
}

impl DerefMut for LockedBytes {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.from..][..self.length]
    }
}

impl Drop for LockedBytes {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

/// Takes the free slots, also after a panic elsewhere: each is whole at any time.
fn free() -> MutexGuard<'static, Vec<Slot>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn make_page() -> &'static mut Page {
    let page = Box::leak(Box::new(Page([[0; KEY_LENGTH]; SLOTS])));
    match region::lock(page.0.as_ptr(), PAGE) {
        // It stays locked for as long as the program runs.
        Ok(guard) => std::mem::forget(guard),
        Err(_) => REFUSED.store(true, Ordering::Relaxed),
    }
    page
}

/// The kernel's own word: whether the mapping that bytes begin in has the flag `lo`, locked.
#[cfg(all(test, target_os = "linux"))]
pub fn lies_locked(bytes: &[u8]) -> Option<bool> {
    let at = bytes.as_ptr() as usize;
    let maps =
        std::fs::read_to_string("/proc/self/smaps").expect("the system tells of its mappings");
    let mut inside = false;
    let mut flags = None;
    for line in maps.lines() {
        let range = line.split_whitespace().next().and_then(|range| {
            let (from, to) = range.split_once('-')?;
            let number = |text| usize::from_str_radix(text, 16).ok();
            Some(number(from)?..number(to)?)
        });
        if let Some(range) = range {
            inside = range.contains(&at);
        } else if inside && let Some(found) = line.strip_prefix("VmFlags:") {
            flags = Some(found.split_whitespace().any(|flag| flag == "lo"));
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use static_assertions::assert_not_impl_any;

    assert_not_impl_any!(KeyBytes: Clone, Copy, fmt::Display, PartialEq);

    #[test]
    fn a_dropped_key_is_wiped_before_its_slot_is_used_again() {
        let mut keys: Vec<_> = (0..2 * SLOTS).map(|_| KeyBytes::zeros()).collect();
        for key in &mut keys {
            key.fill(0xab);
        }
        drop(keys);
        assert!(free().len() >= 2 * SLOTS);
        assert!(free().iter().all(|slot| **slot == [0; KEY_LENGTH]));
    }

    #[test]
    fn moving_a_key_moves_no_byte_of_it() {
        let key = KeyBytes::zeros();
        let before = key.as_ptr();
        let moved = Box::new(key);
        assert_eq!(moved.as_ptr(), before);
    }

    #[test]
    fn keys_do_not_overlap_and_each_lies_within_one_page() {
        let keys: Vec<_> = (0..3 * SLOTS).map(|_| KeyBytes::zeros()).collect();
        let mut places: Vec<_> = keys.iter().map(|key| key.as_ptr() as usize).collect();
        places.sort_unstable();
        assert!(places.windows(2).all(|two| two[1] - two[0] >= KEY_LENGTH));
        let within = |at: &usize| at / PAGE == (at + KEY_LENGTH - 1) / PAGE;
        assert!(places.iter().all(within));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_page_of_a_key_is_locked_or_the_refusal_is_told() {
        let key = KeyBytes::zeros();
        assert_eq!(lies_locked(&*key), Some(is_locked()));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn locked_bytes_lie_in_locked_pages_from_the_first_to_the_last() {
        for length in [1, PAGE - 1, PAGE, 5 * PAGE + 7] {
            let bytes = LockedBytes::copy_of(&vec![7; length]);
            assert_eq!(bytes.len(), length);
            assert!(bytes.iter().all(|byte| *byte == 7));
            for end in [&bytes[..1], &bytes[length - 1..]] {
                assert_eq!(lies_locked(end), Some(is_locked()));
            }
        }
    }

    #[test]
    #[should_panic(expected = "knows how much")]
    fn locked_bytes_never_grow_out_of_their_pages() {
        let mut bytes = LockedBytes::with_capacity(4);
        bytes.put(&[1, 2, 3]);
        bytes.put(&[4, 5]);
    }

    #[test]
    fn debug_is_mute() {
        let mut key = KeyBytes::zeros();
        key.fill(0x41);
        assert_eq!(format!("{key:?}"), "KeyBytes(***)");
    }
}
