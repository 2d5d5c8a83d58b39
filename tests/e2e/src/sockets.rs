//! The internet sockets that a process and its children hold, as the kernel lists them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The kernel's tables of internet sockets.
const TABLES: [&str; 6] = ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"];

/// The lines of sockets, held by this process or a descendant, that are not bound to the loopback.
pub fn abroad(pid: i32) -> Vec<String> {
    let mut found = Vec::new();
    for pid in family(pid) {
        let folder = format!("/proc/{pid}");
        let inodes = socket_inodes(Path::new(&folder));
        for table in TABLES {
            let lines = fs::read_to_string(format!("{folder}/net/{table}")).unwrap_or_default();
            let leaving = lines.lines().skip(1).filter(|line| leaves(line, &inodes));
            found.extend(leaving.map(|line| format!("{table} {line}")));
        }
    }
    found
}

/// The process and all its descendants.
pub fn family(pid: i32) -> Vec<i32> {
    let mut family = vec![pid];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        // Children are listed with the thread that started them.
        let threads = fs::read_dir(format!("/proc/{parent}/task"))
            .into_iter()
            .flatten()
            .flatten();
        for thread in threads {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            let children = children.split_whitespace();
            family.extend(children.filter_map(|child| child.parse::<i32>().ok()));
        }
        next += 1;
    }
    family
}

/// The inodes of the sockets that a process holds.
fn socket_inodes(process: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(process.join("fd"))
        .into_iter()
        .flatten()
        .flatten();
    files
        .filter_map(|file| fs::read_link(file.path()).ok())
        .filter_map(|target| {
            let inner = target
                .to_str()?
                .strip_prefix("socket:[")?
                .strip_suffix(']')?;
            Some(inner.to_owned())
        })
        .collect()
}

/// Whether a line of a table is one of these sockets and its own address is not the loopback.
fn leaves(line: &str, inodes: &BTreeSet<String>) -> bool {
    const LOCAL: usize = 1;
    const INODE: usize = 9;
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (Some(local), Some(inode)) = (fields.get(LOCAL), fields.get(INODE)) else {
        return false;
    };
    inodes.contains(*inode) && !is_loopback(local)
}

/// Addresses are hexadecimal words in the machine's order: here of a little-endian machine.
fn is_loopback(address: &str) -> bool {
    let Some((host, _port)) = address.split_once(':') else {
        return false;
    };
    let mapped = "0000000000000000FFFF0000";
    host == "00000000000000000000000001000000"
        || host.strip_prefix(mapped).unwrap_or(host).len() == 8 && host.ends_with("7F")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, TcpListener};

    #[test]
    fn loopback_is_told_from_other_addresses() {
        assert!(is_loopback("0100007F:1F90"));
        assert!(is_loopback("00000000000000000000000001000000:1F90"));
        assert!(is_loopback("0000000000000000FFFF00000100007F:1F90"));
        assert!(!is_loopback("00000000:1F90"));
        assert!(!is_loopback("0A0B0C7E:1F90"));
        assert!(!is_loopback("00000000000000000000000000000000:1F90"));
    }

    #[test]
    fn children_of_other_threads_belong_to_the_family() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut child = std::process::Command::new("sleep")
                .arg("60")
                .spawn()
                .unwrap();
            sender.send(i32::try_from(child.id()).unwrap()).unwrap();
            child.wait().unwrap();
        });
        let child = receiver.recv().unwrap();
        assert!(family(i32::try_from(std::process::id()).unwrap()).contains(&child));
        let pid = rustix::process::Pid::from_raw(child).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        thread.join().unwrap();
    }

    #[test]
    fn a_listener_for_everyone_is_found_and_one_on_the_loopback_is_not() {
        let ourselves = i32::try_from(std::process::id()).unwrap();
        let inside = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port =
            |listener: &TcpListener| format!(":{:04X}", listener.local_addr().unwrap().port());
        assert!(
            !abroad(ourselves)
                .iter()
                .any(|line| line.contains(&port(&inside)))
        );
        let outside = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        assert!(
            abroad(ourselves)
                .iter()
                .any(|line| line.contains(&port(&outside)))
        );
    }
}
