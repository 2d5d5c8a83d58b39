//! What lies beside the vault's folder: the configuration folder of this machine, and the folder in which vaults
//! bear their names.

use std::collections::BTreeMap;

use crate::disk::{self, Epoch, Folder, Header, Name, Point, Ring};
use crate::{Order, Saves, restoring};

/// A device file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceFile {
    /// The root key that it is sealed under.
    pub root: u8,
    /// The device.
    pub device: u8,
}

/// The newest state that this machine has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// The root key that it is sealed under.
    pub root: u8,
    /// The lineage.
    pub lineage: u8,
    /// Revision of the header.
    pub revision: u8,
    /// Revision of the keyring.
    pub keyring: u8,
    /// The epoch.
    pub epoch: Epoch,
    /// The device.
    pub device: u8,
    /// How far it had come.
    pub point: Point,
    /// The Lamport of the last save, of whatever device.
    pub lamport: u8,
}

impl Anchor {
    /// What a header and the last save come to.
    pub fn of(header: Header, device: u8, point: Point, lamport: u8) -> Anchor {
        Anchor {
            root: header.root,
            lineage: header.lineage,
            revision: header.revision,
            keyring: header.keyring,
            epoch: header.epoch,
            device,
            point,
            lamport,
        }
    }
}

/// What a rekey leaves for whoever brings it to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Marker {
    /// The lineage that was.
    pub old_lineage: u8,
    /// What its device and anchor files are named after.
    pub old_branch: u8,
    /// The root key that was, after which its list of backups is named.
    pub old_root: u8,
    /// The root key to come.
    pub new_root: u8,
    /// The last anchor of the old lineage.
    pub closing: Anchor,
    /// Whether no other branch here uses the old list of backups.
    pub list_goes: bool,
}

/// The configuration folder. Files of the first branch, 0, bear the vault's name alone, the others that of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Machine {
    /// `vault.<id>.<branch>.device`.
    pub devices: BTreeMap<u8, Name<DeviceFile>>,
    /// `vault.<id>.<branch>.anchor`.
    pub anchors: BTreeMap<u8, Name<Anchor>>,
    /// `vault.<id>.<root>.backups`.
    pub lists: BTreeMap<u8, Name<()>>,
    /// `vault.<id>.<lineage>.rekey`.
    pub markers: BTreeMap<u8, Name<Marker>>,
}

impl Machine {
    /// That of a machine on which a vault was just made.
    pub fn new(header: Header) -> Machine {
        let Header { root, writer, .. } = header;
        let device = DeviceFile {
            root,
            device: writer,
        };
        let anchor = Anchor::of(header, writer, Point::default(), 0);
        Machine {
            devices: BTreeMap::from([(0, Name::lasting(device))]),
            anchors: BTreeMap::from([(0, Name::lasting(anchor))]),
            lists: BTreeMap::from([(root, Name::lasting(()))]),
            markers: BTreeMap::new(),
        }
    }

    /// Syncs it.
    pub fn sync(&mut self) {
        disk::sync(&mut self.devices);
        disk::sync(&mut self.anchors);
        disk::sync(&mut self.lists);
        disk::sync(&mut self.markers);
    }

    fn loose(&self) -> usize {
        disk::loose(&self.devices)
            + disk::loose(&self.anchors)
            + disk::loose(&self.lists)
            + disk::loose(&self.markers)
    }

    fn cut_power(&mut self, draw: &mut impl FnMut() -> bool) {
        disk::cut_power(&mut self.devices, draw);
        disk::cut_power(&mut self.anchors, draw);
        disk::cut_power(&mut self.lists, draw);
        disk::cut_power(&mut self.markers, draw);
    }

    /// `open::read_anchors`: those that a root key opens, by the branch in their names.
    pub fn anchors_under(&self, root: u8) -> impl Iterator<Item = (u8, Anchor)> {
        let there = self.anchors.iter();
        let there = there.filter_map(|(branch, name)| Some((*branch, name.now?)));
        there.filter(move |(_, anchor)| anchor.root == root)
    }
}

/// A name beside the vault's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is shown with the name it has")]
pub enum Place {
    /// `vault`
    Vault,
    /// `tmp.vault.putting-back-<random>`
    Growing,
    /// `vault.putting-back-<random>`
    Restored,
    /// `vault.before-<stamp>`
    Before,
    /// a name that somebody else gave
    Away,
}

const PLACES: usize = 5;

/// `vault.switch`: what both folders are named in it, which no other folder ever is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Switch {
    /// The folder that is to come to the vault's place.
    pub restored: u8,
    /// The one that was there.
    pub kept: u8,
}

/// The folder in which vaults bear their names. Those changes last in their order: a folder is never moved onto one that
/// has not gone before. That of the marker of a switch is not one of them, and is kept or not by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Places {
    now: [Option<u8>; PLACES],
    /// What it was after each change since the last sync, beginning with what lasts.
    before: Vec<[Option<u8>; PLACES]>,
}

impl Places {
    /// Which folder bears a name.
    pub fn at(&self, place: Place) -> Option<u8> {
        self.now[place as usize]
    }

    /// Removes a name.
    pub fn remove(&mut self, place: Place) {
        self.change(|now| now[place as usize] = None);
    }

    /// Gives a folder another name.
    pub fn rename(&mut self, from: Place, to: Place) {
        self.change(|now| now[to as usize] = now[from as usize].take());
    }

    fn put(&mut self, place: Place, folder: u8) {
        self.change(|now| now[place as usize] = Some(folder));
    }

    fn change(&mut self, change: impl FnOnce(&mut [Option<u8>; PLACES])) {
        let was = self.now;
        change(&mut self.now);
        if self.now != was {
            self.before.push(was);
        }
    }

    /// Whether a folder bears any name.
    pub fn name(&self, folder: u8) -> bool {
        self.now.contains(&Some(folder))
    }

    /// The folders that bear one.
    pub fn named(&self) -> impl Iterator<Item = u8> {
        self.now.into_iter().flatten()
    }

    fn can_name(&self, folder: u8) -> bool {
        let mut all = self.before.iter().chain([&self.now]);
        all.any(|names| names.contains(&Some(folder)))
    }
}

/// What was backed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Backup {
    /// The header in force then.
    pub header: Header,
    /// The keyring.
    pub ring: Ring,
    /// The rows.
    pub rows: Saves,
    /// The Lamport of the last save.
    pub lamport: u8,
}

/// All that a power cut may change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Disk {
    /// The folders of vaults, whatever they are called.
    pub folders: BTreeMap<u8, Folder>,
    /// What they are called.
    pub places: Places,
    /// The marker beside them, while one takes the place of another.
    pub switch: Name<Switch>,
    /// The configuration folder.
    pub machine: Machine,
    /// A backup, elsewhere and whole.
    pub backup: Option<Backup>,
    /// A copy that somebody made of a folder, and of which.
    pub copy: Option<(u8, Box<Folder>)>,
    /// Which saves went into the compartment that may be forgotten: each row bears that itself.
    pub doomed: Saves,
    /// The last id that was drawn.
    drawn: u8,
}

impl Disk {
    /// That of a machine on which a vault was just made.
    pub fn new(header: Header, ring: Ring) -> Disk {
        Disk {
            folders: BTreeMap::from([(0, Folder::new(header, ring))]),
            places: Places {
                now: [Some(0), None, None, None, None],
                before: Vec::new(),
            },
            switch: Name::FREE,
            machine: Machine::new(header),
            backup: None,
            copy: None,
            doomed: 0,
            drawn: 0,
        }
    }

    /// An id that nothing bears: a lineage, a root key, an epoch, a device, a key, a passphrase.
    pub fn draw(&mut self) -> u8 {
        self.drawn += 1;
        self.drawn
    }

    /// The folder that is opened as the vault: where there is none, the one that `finish_switch` brings there.
    pub fn vault(&self, order: Order) -> Option<u8> {
        let place = Some(Place::Vault).filter(|place| self.places.at(*place).is_some());
        self.places
            .at(place.or_else(|| restoring::bring_in(self, order))?)
    }

    /// Whether a power cut would change nothing of what lies beside the vault.
    pub fn is_synced_beside(&self) -> bool {
        self.places.before.is_empty() && !self.switch.is_loose()
    }

    /// Makes an empty folder in which a restored vault is to grow.
    pub fn begin_restoring(&mut self) -> u8 {
        let folder = self.draw();
        self.folders.insert(folder, Folder::empty());
        self.places.put(Place::Growing, folder);
        folder
    }

    /// Syncs the folder in which vaults bear their names.
    pub fn sync_places(&mut self) {
        self.places.before.clear();
        self.switch.sync();
        self.drop_nameless();
    }

    fn drop_nameless(&mut self) {
        let places = &self.places;
        self.folders.retain(|folder, _| places.can_name(*folder));
    }

    /// In how many ways the power can go.
    pub fn power_cuts(&self) -> u16 {
        let loose = self.folders.values().map(Folder::loose).sum::<usize>()
            + self.machine.loose()
            + usize::from(self.switch.is_loose());
        let names = self.places.before.len() + 1;
        (1 << loose) * names as u16
    }

    /// The power goes. What was not synced is kept or not, as the number says.
    pub fn cut_power(&mut self, way: u16) {
        let names = self.places.before.len() as u16 + 1;
        let (mut kept, from) = (way / names, way % names);
        if let Some(then) = self.places.before.get(usize::from(from)) {
            self.places.now = *then;
        }
        self.places.before.clear();
        let mut draw = || {
            let this = kept & 1 == 1;
            kept >>= 1;
            this
        };
        for folder in self.folders.values_mut() {
            folder.cut_power(&mut draw);
        }
        self.machine.cut_power(&mut draw);
        if self.switch.is_loose() {
            self.switch.cut_power(draw());
        }
        self.drop_nameless();
    }
}
