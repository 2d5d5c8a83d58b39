//! What the processes of the program hold in memory, page by page as the kernel shows it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;

use rustix::{io::Errno, process::Pid};

const PAGE: u64 = 4096;

/// How many pages are read at a time.
const STRIDE: u64 = 1024;

/// Something that must not be found, and how it is written in memory.
#[derive(Debug, Clone)]
pub struct Needle {
    what: String,
    bytes: Vec<u8>,
}

/// A needle that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trace {
    /// What was found.
    pub what: String,
    /// The name of the process it was found in.
    pub process: String,
    /// The process.
    pub pid: i32,
    /// The mapping: its address, and its file or purpose where it has one.
    pub mapping: String,
}

impl Needle {
    /// A text as UTF-8 and as UTF-16, the two ways in which a web view holds it.
    pub fn text(text: &str) -> [Self; 2] {
        assert!(text.len() >= 8, "too short a text is found anywhere");
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [("UTF-8", text.as_bytes().to_vec()), ("UTF-16", wide)].map(|(encoding, bytes)| Self {
            what: format!("{text:?} in {encoding}"),
            bytes,
        })
    }

    /// Bytes, under a name that does not tell them.
    pub fn bytes(name: &str, bytes: Vec<u8>) -> Self {
        assert!(bytes.len() >= 8, "too few bytes are found anywhere");
        Self {
            what: name.to_owned(),
            bytes,
        }
    }
}

/// Looks for needles in every page that the processes have in memory and can read themselves.
pub fn traces(pids: &[Pid], needles: &[Needle]) -> Vec<Trace> {
    let search = Search::of(needles);
    let mut found = Vec::new();
    for &pid in pids {
        // A process may end meanwhile: then it holds nothing any more. One whose end nobody has asked about yet has a
        // name still, and no memory.
        let ended = |error: &io::Error| error.raw_os_error() == Some(Errno::SRCH.raw_os_error());
        if let Err(error) = look_into(pid, &search, &mut found)
            && !ended(&error)
            && fs::exists(format!("/proc/{}", pid.as_raw_nonzero())).unwrap_or(false)
        {
            panic!("the memory of {pid:?} cannot be read: {error}");
        }
    }
    found.sort();
    found.dedup();
    found
}

/// How many bytes the processes have in memory, as far as [`traces`] looks.
pub fn looked_at(pids: &[Pid]) -> u64 {
    let read = |pid: &Pid| mappings(*pid).map_or(0, |all| all.iter().map(|one| one.resident).sum());
    pids.iter().map(read).sum()
}

struct Mapping {
    from: u64,
    to: u64,
    readable: bool,
    resident: u64,
    name: String,
}

fn look_into(pid: Pid, search: &Search<'_>, found: &mut Vec<Trace>) -> io::Result<()> {
    let folder = format!("/proc/{}", pid.as_raw_nonzero());
    let process = fs::read_to_string(format!("{folder}/comm"))?
        .trim()
        .to_owned();
    let memory = File::open(format!("{folder}/mem"))?;
    let pages = File::open(format!("{folder}/pagemap"))?;
    for mapping in mappings(pid)? {
        // The kernel's own pages, shared by all.
        if !mapping.readable || mapping.resident == 0 || mapping.name.starts_with("[v") {
            continue;
        }
        for (from, to) in present(&pages, &mapping)? {
            let mut bytes = vec![0; usize::try_from(to - from).unwrap_or_default()];
            // Unmapped since it was listed.
            if memory.read_exact_at(&mut bytes, from).is_err() {
                continue;
            }
            found.extend(search.within(&bytes).map(|needle| Trace {
                what: needle.what.clone(),
                process: process.clone(),
                pid: pid.as_raw_nonzero().get(),
                mapping: format!("{:x} {}", mapping.from, mapping.name),
            }));
        }
    }
    Ok(())
}

/// Stretches of pages in memory or in swap, each read with the beginning of the next, so that nothing hides on the
/// border between two.
fn present(pages: &File, mapping: &Mapping) -> io::Result<Vec<(u64, u64)>> {
    const ENTRY: u64 = 8;
    const PRESENT: u64 = 1 << 63;
    const SWAPPED: u64 = 1 << 62;
    let mut stretches: Vec<(u64, u64)> = Vec::new();
    let mut at = mapping.from;
    while at < mapping.to {
        let count = STRIDE.min((mapping.to - at) / PAGE);
        let mut entries = vec![0; usize::try_from(count * ENTRY).unwrap_or_default()];
        pages.read_exact_at(&mut entries, at / PAGE * ENTRY)?;
        for (index, entry) in (0..).zip(entries.as_chunks::<8>().0) {
            if u64::from_le_bytes(*entry) & (PRESENT | SWAPPED) == 0 {
                continue;
            }
            let page = at + index * PAGE;
            match stretches.last_mut() {
                Some((from, to)) if *to == page && page - *from < STRIDE * PAGE => *to += PAGE,
                Some((_, to)) if *to == page => {
                    *to += PAGE;
                    stretches.push((page, page + PAGE));
                }
                _ => stretches.push((page, page + PAGE)),
            }
        }
        at += count * PAGE;
    }
    Ok(stretches)
}

fn mappings(pid: Pid) -> io::Result<Vec<Mapping>> {
    let listed = fs::read_to_string(format!("/proc/{}/smaps", pid.as_raw_nonzero()))?;
    let mut all: Vec<Mapping> = Vec::new();
    for line in listed.lines() {
        if let Some(mapping) = head(line) {
            all.push(mapping);
        } else if let Some(last) = all.last_mut() {
            let size = |name: &str| {
                let kib: u64 = line
                    .strip_prefix(name)?
                    .split_whitespace()
                    .next()?
                    .parse()
                    .ok()?;
                Some(kib * 1024)
            };
            last.resident += size("Rss:").or_else(|| size("Swap:")).unwrap_or_default();
        }
    }
    Ok(all)
}

/// The first line of a mapping: `from-to perms offset device inode name`.
fn head(line: &str) -> Option<Mapping> {
    let mut fields = line.split_whitespace();
    let (from, to) = fields.next()?.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    Some(Mapping {
        from: number(from)?,
        to: number(to)?,
        readable: fields.next()?.starts_with('r'),
        resident: 0,
        name: fields.skip(3).collect::<Vec<_>>().join(" "),
    })
}

/// Needles by their first two bytes, so that a byte that begins none costs one look into a table.
struct Search<'a> {
    starts: Vec<bool>,
    needles: &'a [Needle],
}

impl<'a> Search<'a> {
    fn of(needles: &'a [Needle]) -> Self {
        let mut starts = vec![false; 1 << 16];
        for needle in needles {
            starts[start(&needle.bytes)] = true;
        }
        Self { starts, needles }
    }

    fn within<'b>(&'b self, hay: &'b [u8]) -> impl Iterator<Item = &'a Needle> + use<'a, 'b> {
        let mut hits = vec![false; self.needles.len()];
        for (at, two) in hay.windows(2).enumerate() {
            if !self.starts[start(two)] {
                continue;
            }
            for (hit, needle) in hits.iter_mut().zip(self.needles) {
                *hit = *hit || hay[at..].starts_with(&needle.bytes);
            }
        }
        let found = hits.into_iter().zip(self.needles);
        found.filter_map(|(hit, needle)| hit.then_some(needle))
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn what_another_process_holds_is_found_and_nothing_else() {
        let child = Command::new("sleep")
            .arg("60")
            .env("PLANTED", "a planted secret")
            .spawn();
        let mut child = child.unwrap();
        let pids = [Pid::from_child(&child)];
        let found = |text: &str| traces(&pids, &Needle::text(text));
        // Until it has become another program it is a copy of this one.
        let comm = format!("/proc/{}/comm", child.id());
        let is_begun = || fs::read_to_string(&comm).is_ok_and(|name| name.trim() == "sleep");
        let begun = std::time::Instant::now();
        // At first it has nothing in memory but its environment.
        while !is_begun() || found("a planted secret").is_empty() || looked_at(&pids) <= PAGE {
            assert!(begun.elapsed().as_secs() < 10, "it does not begin");
        }
        let planted = found("a planted secret");
        let others = found("a planted sacred");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(planted.iter().all(|trace| trace.what.ends_with("UTF-8")));
        assert!(
            planted
                .iter()
                .any(|trace| trace.mapping.contains("[stack]")),
            "{planted:?}"
        );
        assert_eq!(others, []);
    }

    #[test]
    fn texts_are_found_in_both_encodings() {
        let needles = Needle::text("Zoë told me");
        let search = Search::of(&needles);
        let count = |hay: &[u8]| search.within(hay).count();
        let wide: Vec<u8> = "Zoë told me"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(count(&wide), 1);
        assert_eq!(count("..Zoë told me..".as_bytes()), 1);
        assert_eq!(count("..Zoë told m".as_bytes()), 0);
        assert_eq!(count(b""), 0);
    }
}
