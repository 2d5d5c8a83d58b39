//! "Prove it": plants a sentence that nobody can have written before in the open vault, lets everything be written,
//! and searches every file that the program may write to for it. Then the record is erased.
//!
//! A search that cannot find proves nothing, so each run first finds the sentence in bytes made for that, by the very
//! code that then reads the files: in every encoding, in capitals, and across the borders of what is read at once.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use aho_corasick::AhoCorasick;
use bip39::Language;
use mentoring::{
    Draft, Label, Mentoring, RecordId,
    notes::{Note, NotePurpose},
};
use serde::Serialize;
use vault::{Places, Step, Watch};

use crate::{
    backups::BackupPlan,
    error::{ErrorCode, Reply},
    places,
};

/// Words of the sentence: 99 bits.
const WORDS: usize = 9;
/// Words in a row that count as found: a piece of the sentence is as bad as the whole.
const PIECE: usize = 3;
/// More than is read at once, so that the control stands across a border.
const CONTROL_BORDER: usize = 64 * 1024;

/// What the search looked at, and what it came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Proof {
    /// Whether every file could be read, and none held a piece of the sentence.
    pub proven: bool,
    /// The folders that were searched, and the entries in the folder for temporary files.
    pub looked: Vec<Looked>,
    /// Files in all.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub files: u64,
    /// Bytes in all.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes: u64,
    /// Files and folders that could not be read.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub unread: u64,
    /// Where a piece of the sentence was found.
    pub found: Vec<FoundIn>,
}

/// A folder that was searched, with everything in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Looked {
    /// The folder.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub path: PathBuf,
    /// How many files.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub files: u64,
    /// How many bytes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub bytes: u64,
}

/// A file that holds a piece of the sentence, in its content or its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct FoundIn {
    /// The file.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub path: PathBuf,
    /// How the words are written there.
    pub encoding: &'static str,
}

/// Plants a sentence, searches for it, and erases it again, whatever the search came to.
///
/// Errors: `ReadOnly`; `SpaceNotFound` where no notebook is open; `Cancelled`; and those of the vault.
pub fn prove(mentoring: &Mentoring, places: &Places, watch: &dyn Watch) -> Reply<Proof> {
    let roots = roots(places);
    prove_in(mentoring, &roots, watch, &|_| {})
}

/// A folder that is searched, or a single entry.
struct Root {
    path: PathBuf,
    /// What of it, where the rest is of other programs.
    only: Option<Vec<PathBuf>>,
}

impl Root {
    fn whole(path: PathBuf) -> Self {
        Self { path, only: None }
    }
}

/// The folders and entries that are searched: everything but what a person gives a place and a name themselves, which are
/// exports, and backups made by hand.
fn roots(places: &Places) -> Vec<Root> {
    let own = places::written_folders(places);
    // Where a folder cannot be listed, nothing of the program's is known to be in it.
    let temporary = places::temporary_entries(&places.vault).unwrap_or_default();
    let beside = places.vault.parent();
    let chosen = BackupPlan::read(&places.device).folder;
    let shared = [
        beside.map(|folder| (folder, places::beside(&places.vault))),
        chosen
            .as_deref()
            .map(|folder| (folder, places::backups_in(folder))),
    ];
    let shared: Vec<Root> = shared
        .into_iter()
        .flatten()
        .filter(|(folder, _)| !own.iter().any(|own| folder.starts_with(own)))
        .filter_map(|(folder, entries)| {
            let only = entries.ok().filter(|entries| !entries.is_empty())?;
            Some(Root {
                path: folder.to_owned(),
                only: Some(only),
            })
        })
        .collect();
    let own = own.into_iter().chain(temporary).map(Root::whole);
    own.chain(shared).collect()
}

fn prove_in(
    mentoring: &Mentoring,
    roots: &[Root],
    watch: &dyn Watch,
    after_planting: &dyn Fn(&str),
) -> Reply<Proof> {
    if mentoring.vault().read_only() {
        return Err(ErrorCode::ReadOnly.into());
    }
    let sentence = draw_sentence()?;
    let searcher = Searcher::of(&sentence).ok_or(ErrorCode::Unexpected)?;
    if !searcher.finds_what_is_there(&sentence.join(" ")) {
        return Err(ErrorCode::Unexpected.into());
    }
    let planted = plant(mentoring, &sentence.join(" "))?;
    let searched = (|| {
        let text = sentence.join(" ");
        mentoring.vault().checkpoint()?;
        if mentoring.record::<Note>(planted)?.body.text != text {
            return Err(ErrorCode::Unexpected.into());
        }
        after_planting(&text);
        searcher.search(roots, watch)
    })();
    let erased = mentoring
        .bin(planted)
        .and_then(|()| mentoring.erase(planted));
    let proof = searched?;
    erased?;
    Ok(proof)
}

/// Keeps the sentence as a Private note, in the title and in the text.
fn plant(mentoring: &Mentoring, text: &str) -> Reply<RecordId> {
    let spaces = mentoring.list_spaces();
    let space = spaces.first().ok_or(ErrorCode::SpaceNotFound)?;
    let note = mentoring.create(Draft {
        space: space.id,
        label: Label::Private,
        on: mentoring.clock().today(),
        parent: None,
        as_told_by: None,
        body: Note {
            purpose: NotePurpose::Note,
            title: text.to_owned(),
            text: text.to_owned(),
            at: None,
            prompt: None,
            tags: Vec::new(),
        },
    })?;
    Ok(note.meta.id)
}

/// Draws different words from the list that spare keys are made of.
fn draw_sentence() -> Reply<Vec<&'static str>> {
    let list = Language::English.word_list();
    let mut words = Vec::with_capacity(WORDS);
    while words.len() < WORDS {
        let mut draw = [0u8; 2];
        getrandom::fill(&mut draw).map_err(|_| ErrorCode::Unexpected)?;
        // The list has 2,048 words, so eleven bits fall evenly on them.
        let word = list[usize::from(u16::from_le_bytes(draw)) % list.len()];
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Ok(words)
}

/// A way in which a text can be written.
type Encoding = (&'static str, fn(&str) -> Vec<u8>);

const ENCODINGS: [Encoding; 3] = [
    ("UTF-8", |text| text.as_bytes().to_vec()),
    ("UTF-16LE", |text| wide(text, u16::to_le_bytes)),
    ("UTF-16BE", |text| wide(text, u16::to_be_bytes)),
];

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// Finds pieces of one sentence, in every encoding, whatever their case.
struct Searcher {
    pieces: AhoCorasick,
}

/// A file that is to be read.
struct Candidate {
    path: PathBuf,
    root: usize,
    length: u64,
}

impl Searcher {
    fn of(sentence: &[&str]) -> Option<Self> {
        let pieces = sentence.windows(PIECE).map(|piece| piece.join(" "));
        let patterns: Vec<Vec<u8>> = pieces
            .flat_map(|piece| ENCODINGS.map(|(_, encode)| encode(&piece)))
            .collect();
        let pieces = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(patterns)
            .ok()?;
        Some(Self { pieces })
    }

    /// The encoding of the first piece that is read from there.
    fn find(&self, from: impl Read) -> io::Result<Option<&'static str>> {
        let mut found = self.pieces.stream_find_iter(from);
        let first = found.next().transpose()?;
        Ok(first.map(|piece| ENCODINGS[piece.pattern().as_usize() % ENCODINGS.len()].0))
    }

    /// Whether it finds what is there and nothing where nothing is.
    fn finds_what_is_there(&self, sentence: &str) -> bool {
        let found = |bytes: &[u8]| self.find(bytes).ok().flatten();
        let is_found = |(name, encode): Encoding| {
            [sentence.to_owned(), sentence.to_uppercase()]
                .iter()
                .all(|text| {
                    let words = encode(text);
                    [0, CONTROL_BORDER - words.len() / 2]
                        .into_iter()
                        .all(|before| {
                            let mut bytes = vec![b'.'; before];
                            bytes.extend_from_slice(&words);
                            found(&bytes) == Some(name)
                        })
                })
        };
        let reversed: String = sentence.chars().rev().collect();
        ENCODINGS.into_iter().all(is_found) && found(reversed.as_bytes()).is_none()
    }

    fn search(&self, roots: &[Root], watch: &dyn Watch) -> Reply<Proof> {
        let mut unread = 0;
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let mut candidates = Vec::new();
        for (root, Root { path, only }) in roots.iter().enumerate() {
            let mut walk = only.clone().unwrap_or_else(|| vec![path.clone()]);
            while let Some(path) = walk.pop() {
                if !seen.insert(path.clone()) {
                    continue;
                }
                if let Some(encoding) = self.in_name(&path) {
                    found.push(FoundIn {
                        path: path.clone(),
                        encoding,
                    });
                }
                match step(&path, root, &mut walk) {
                    Ok(candidate) => candidates.extend(candidate),
                    // What went meanwhile holds nothing any more.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(_) => unread += 1,
                }
            }
        }
        let total = candidates.iter().map(|candidate| candidate.length).sum();
        let mut looked: Vec<Looked> = roots
            .iter()
            .map(|root| Looked {
                path: root.path.clone(),
                files: 0,
                bytes: 0,
            })
            .collect();
        let mut done = 0;
        for Candidate { path, root, .. } in candidates {
            let mut reader = match File::open(&path) {
                Ok(file) => Watched {
                    file,
                    watch,
                    done,
                    total,
                },
                Err(error) => {
                    unread += u64::from(error.kind() != io::ErrorKind::NotFound);
                    continue;
                }
            };
            let answer = self.find(&mut reader);
            let at = &mut looked[root];
            at.files += 1;
            at.bytes += reader.done - done;
            done = reader.done;
            match answer {
                Ok(encoding) => {
                    found.extend(encoding.map(|encoding| FoundIn { path, encoding }));
                }
                Err(_) if watch.cancelled() => return Err(ErrorCode::Cancelled.into()),
                Err(_) => unread += 1,
            }
        }
        let sum = |number: fn(&Looked) -> u64| looked.iter().map(number).sum();
        let (files, bytes) = (sum(|at| at.files), sum(|at| at.bytes));
        Ok(Proof {
            proven: found.is_empty() && unread == 0 && files > 0,
            looked,
            files,
            bytes,
            unread,
            found,
        })
    }

    fn in_name(&self, path: &Path) -> Option<&'static str> {
        let name = path.file_name()?.to_string_lossy();
        self.find(name.as_bytes()).ok().flatten()
    }
}

/// Takes one step of the walk: a folder adds what is in it, a file is a candidate, and links are not followed.
fn step(path: &Path, root: usize, walk: &mut Vec<PathBuf>) -> io::Result<Option<Candidate>> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            walk.push(entry?.path());
        }
    }
    Ok(metadata.is_file().then(|| Candidate {
        path: path.to_owned(),
        root,
        length: metadata.len(),
    }))
}

/// A file that tells how far it has been read, and ends when the watch says so.
struct Watched<'a> {
    file: File,
    watch: &'a dyn Watch,
    done: u64,
    total: u64,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.cancelled() {
            return Err(io::ErrorKind::Other.into());
        }
        let (done, total) = (self.done, self.total);
        self.watch.at(Step::Searching { done, total });
        let read = self.file.read(buffer)?;
        self.done += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use mentoring::{
        SystemClock,
        spaces::{Cloth, SpaceDraft, SpaceKind},
    };
    use testkit::TempVault;
    use vault::Quiet;

    use super::*;

    fn open() -> (TempVault, Mentoring) {
        let (temp, vault) = TempVault::create();
        let mentoring = crate::setting_up::serve(vault, Arc::new(SystemClock)).expect("it opens");
        let journal = SpaceDraft {
            kind: SpaceKind::Journal,
            role: None,
            name: "Mine".to_owned(),
            about: String::new(),
            cloth: Cloth::Moss,
            since: None,
            meet_every_weeks: None,
        };
        mentoring.create_space(journal).expect("a notebook");
        (temp, mentoring)
    }

    fn folders(temp: &TempVault) -> Vec<Root> {
        let Places { vault, device } = temp.places();
        [vault, device].map(|path| Root::whole(path.clone())).into()
    }

    #[test]
    fn a_sound_vault_is_proven_and_keeps_nothing_of_the_proof() {
        let (temp, mentoring) = open();
        let proof = prove_in(&mentoring, &folders(&temp), &Quiet, &|_| {}).expect("it runs");
        assert!(proof.proven, "{proof:?}");
        assert!(proof.files > 5 && proof.bytes > 10_000, "{proof:?}");
        assert_eq!(proof.looked.len(), 2);
        let left = mentoring.lines(None, |_| true).expect("listed");
        assert_eq!(left, [], "neither in a list nor in the bin");
    }

    #[test]
    fn words_that_lie_open_are_found_in_every_encoding_in_pieces_and_in_names() {
        let (temp, mentoring) = open();
        let at = |name: &str| temp.places().device.join(name);
        let proof = prove_in(&mentoring, &folders(&temp), &Quiet, &|sentence| {
            let words: Vec<_> = sentence.split(' ').collect();
            let loud = sentence.to_uppercase();
            fs::write(at("whole"), sentence).expect("written");
            fs::write(at("piece"), format!("x{}y", words[3..6].join(" "))).expect("written");
            fs::write(at("little"), wide(&loud, u16::to_le_bytes)).expect("written");
            let far = [vec![7; 200_001], wide(&loud, u16::to_be_bytes)].concat();
            fs::write(at("big"), far).expect("written");
            fs::write(at(&words[..4].join(" ")), "").expect("written");
            fs::write(at("two words"), words[..2].join(" ")).expect("written");
        })
        .expect("it runs");
        assert!(!proof.proven);
        let mut found: Vec<_> = proof.found.iter().map(|found| found.encoding).collect();
        found.sort_unstable();
        assert_eq!(found, ["UTF-16BE", "UTF-16LE", "UTF-8", "UTF-8", "UTF-8"]);
        assert!(
            proof
                .found
                .iter()
                .all(|found| found.path != at("two words"))
        );
        assert_eq!(mentoring.lines(None, |_| true).expect("listed"), []);
    }

    #[test]
    fn what_lies_beside_the_vault_and_among_the_backups_is_searched_too_and_nothing_else_there() {
        let (temp, mentoring) = open();
        let places = temp.places();
        let chosen = tempfile::tempdir().expect("a folder");
        let plan = BackupPlan {
            folder: Some(chosen.path().to_owned()),
        };
        plan.write(&places.device).expect("written");
        let name = places.vault.file_name().expect("a name").to_string_lossy();
        let before = places
            .vault
            .with_file_name(format!("{name}.before-2026-11-28"));
        fs::create_dir_all(before.join("sync")).expect("made");
        let ours = [
            before.join("sync/left"),
            places.vault.with_file_name(format!("{name}.switch")),
            chosen.path().join("confidant-2026-11-28-120000.cfdbackup"),
            chosen.path().join("tmp.by-hand.cfdbackup"),
        ];
        let others = [
            chosen.path().join("letter.txt"),
            places.vault.with_file_name(format!("{name}s of others")),
        ];
        let write = |text: &str| {
            for path in ours.iter().chain(&others) {
                fs::write(path, text).expect("written");
            }
        };
        write("");
        let proof = prove_in(&mentoring, &roots(places), &Quiet, &write);
        let mut found: Vec<_> = proof.expect("it runs").found;
        found.sort_by(|one, other| one.path.cmp(&other.path));
        let mut ours = ours.to_vec();
        ours.sort();
        let found: Vec<_> = found.into_iter().map(|found| found.path).collect();
        assert_eq!(found, ours);
    }

    #[test]
    fn a_searcher_that_looks_for_something_else_fails_its_control() {
        let sentence = ["abandon", "ability", "able", "about"];
        let searcher = Searcher::of(&sentence).expect("built");
        assert!(searcher.finds_what_is_there("abandon ability able about"));
        assert!(!searcher.finds_what_is_there("zebra zero zone zoo"));
    }

    #[test]
    fn it_can_be_stopped_tells_how_far_it_is_and_removes_the_sentence_all_the_same() {
        struct Stop(AtomicU64);
        impl Watch for Stop {
            fn at(&self, step: Step) {
                if let Step::Searching { total, .. } = step {
                    self.0.store(total, Ordering::Relaxed);
                }
            }
            fn cancelled(&self) -> bool {
                self.0.load(Ordering::Relaxed) > 0
            }
        }
        let (temp, mentoring) = open();
        let stop = Stop(AtomicU64::new(0));
        let stopped = prove_in(&mentoring, &folders(&temp), &stop, &|_| {});
        assert_eq!(stopped.unwrap_err().code, ErrorCode::Cancelled);
        assert!(stop.0.load(Ordering::Relaxed) > 10_000);
        assert_eq!(mentoring.lines(None, |_| true).expect("listed"), []);
    }

    #[test]
    fn a_vault_without_a_notebook_has_no_place_for_the_sentence() {
        let (temp, vault) = TempVault::create();
        let mentoring = crate::setting_up::serve(vault, Arc::new(SystemClock)).expect("it opens");
        let refused = prove_in(&mentoring, &folders(&temp), &Quiet, &|_| {});
        assert_eq!(refused.unwrap_err().code, ErrorCode::SpaceNotFound);
    }
}
