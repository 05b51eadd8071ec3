//! The page's house: the address is taken, a school is raised in a folder of its own, and a fresh one whenever a visitor
//! begins again.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::extract::FromRef;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Demo, Shared};
use crate::demo::driver::Work;
use crate::kernel::text::Lang;
use crate::kernel::{Error, Result};

/// The school that is shown just now.
#[derive(Debug, Clone)]
pub struct House(Arc<RwLock<Shared>>);

impl House {
    fn shown(&self) -> Shared {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows another school; gives the one that was shown.
    fn show(&self, demo: Demo) -> Shared {
        std::mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), Arc::new(demo))
    }
}

impl FromRef<House> for Shared {
    fn from_ref(house: &House) -> Self {
        house.shown()
    }
}

/// Whether a fresh school is on its way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Coming {
    #[default]
    Not,
    Raising,
    Failed(String),
}

/// The visitor's end of raising a fresh school.
#[derive(Debug, Clone)]
pub struct Fresh {
    asked: mpsc::Sender<Lang>,
    coming: Arc<Mutex<Coming>>,
}

impl Fresh {
    fn new() -> (Self, mpsc::Receiver<Lang>) {
        let (asked, taken) = mpsc::channel(1);
        (Self { asked, coming: Arc::default() }, taken)
    }

    /// Asks for one that speaks `lang`; not twice at once.
    pub fn ask(&self, lang: Lang) {
        let mut coming = self.coming.lock().unwrap_or_else(PoisonError::into_inner);
        if *coming != Coming::Raising && self.asked.try_send(lang).is_ok() {
            *coming = Coming::Raising;
        }
    }

    pub fn coming(&self) -> Coming {
        self.coming.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn came(&self, coming: Coming) {
        *self.coming.lock().unwrap_or_else(PoisonError::into_inner) = coming;
    }
}

/// Raises the demo school, serves its page, and takes everything down when told to stop. `out` is told what is done, and
/// the address.
pub async fn show(
    listen: SocketAddr,
    lang: Lang,
    mut out: Box<dyn Write + Send>,
    stop: CancellationToken,
) -> Result<()> {
    // Before anything is raised: an address that is taken is said at once.
    let listener = bind(listen).await?;
    let address = listener.local_addr().map_err(|error| Error::outage("demo", &error))?;
    let folder = Folder::make(&std::env::temp_dir())?;
    let mut say = |words: &str| {
        let _ = writeln!(out, "{words}").and_then(|()| out.flush());
    };
    let (fresh, asked) = Fresh::new();
    let raising = raise(folder.place.join("1"), lang, fresh.clone(), &mut say);
    let Some(raised) = Box::pin(stop.run_until_cancelled(raising)).await else { return Ok(()) };
    let (demo, work) = raised?;
    let house = House(Arc::new(RwLock::new(Arc::new(demo))));
    say(&format!("Préau · http://{address}/ (Ctrl+C : fin / end)"));
    let router = super::router(house.clone());
    let served = async {
        // Streams end with the program, not before: nobody waits for open tabs.
        tokio::select! {
            _ = axum::serve(listener, router) => {}
            () = stop.cancelled() => {}
        }
    };
    tokio::join!(served, Box::pin(keep(&house, work, &fresh, asked, &folder.place, &stop)));
    Ok(())
}

async fn bind(listen: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(listen).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            Error::outage("demo", &format!("port {} is in use: --port 0 takes a free one", listen.port()))
        }
        _ => Error::outage("demo", &error),
    })
}

async fn raise(folder: PathBuf, lang: Lang, fresh: Fresh, say: &mut (dyn FnMut(&str) + Send)) -> Result<(Demo, Work)> {
    std::fs::create_dir_all(&folder).map_err(|error| Error::outage("files", &error))?;
    let school = Box::pin(crate::demo::school::open(&folder, lang, say)).await?;
    Demo::of(school, fresh).await
}

/// Lets the school's clock be moved until told to stop; raises another school when a visitor asks. The one that is shown
/// lives on until the other one is there.
async fn keep(
    house: &House,
    mut work: Work,
    fresh: &Fresh,
    mut asked: mpsc::Receiver<Lang>,
    folder: &Path,
    stop: &CancellationToken,
) {
    for nth in 1_usize.. {
        let mut running = pin!(work.run());
        let next = tokio::select! {
            () = &mut running => return,
            next = another(&mut asked, fresh, folder.join((nth + 1).to_string())) => next,
            () = stop.cancelled() => None,
        };
        let Some((demo, next)) = next else {
            house.shown().leave();
            return running.await;
        };
        house.show(demo).leave();
        fresh.came(Coming::Not);
        running.await;
        let _ = std::fs::remove_dir_all(folder.join(nth.to_string()));
        work = next;
    }
}

/// The school that a visitor asks for; one that cannot be raised is told of.
async fn another(asked: &mut mpsc::Receiver<Lang>, fresh: &Fresh, folder: PathBuf) -> Option<(Demo, Work)> {
    loop {
        let lang = asked.recv().await?;
        match Box::pin(raise(folder.clone(), lang, fresh.clone(), &mut |_| {})).await {
            Ok(raised) => return Some(raised),
            Err(error) => {
                let _ = std::fs::remove_dir_all(&folder);
                fresh.came(Coming::Failed(error.to_string()));
            }
        }
    }
}

const NAME: &str = "preau-demo-";
/// Held as long as the demo of that folder lives.
const LOCK: &str = "lock";

/// A demo's folder among the machine's temporary files; it goes with the demo.
#[derive(Debug)]
struct Folder {
    place: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes one, and removes those whose demo was killed.
    fn make(among: &Path) -> Result<Self> {
        sweep(among);
        let failed = |error: &std::io::Error| Error::outage("files", error);
        let place = among.join(format!("{NAME}{}", std::process::id()));
        std::fs::create_dir_all(&place).map_err(|error| failed(&error))?;
        let lock = File::create(place.join(LOCK)).map_err(|error| failed(&error))?;
        lock.lock().map_err(|error| failed(&error))?;
        Ok(Self { place, _lock: lock })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.place);
    }
}

fn sweep(among: &Path) {
    for entry in std::fs::read_dir(among).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.strip_prefix(NAME)?.parse::<u32>().ok()) else { continue };
        if !lives(&entry.path(), pid) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Does somebody hold the folder's lock? Without one, it was made by a version that took none, or just now.
fn lives(folder: &Path, pid: u32) -> bool {
    match OpenOptions::new().write(true).open(folder.join(LOCK)) {
        Ok(lock) => matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let processes = Path::new("/proc");
            !processes.join("self").exists() || processes.join(pid.to_string()).exists()
        }
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_killed_demos_left_is_swept_and_nothing_else() {
        let among = tempfile::tempdir().unwrap();
        let at = |name: &str| among.path().join(name);
        let (old, killed, alive) = ("preau-demo-4194305", "preau-demo-4194306", "preau-demo-4194307");
        for name in [old, killed, alive, "preau-demo-mine", "preau-4194308"] {
            std::fs::create_dir(at(name)).unwrap();
            std::fs::write(at(name).join("preau.db"), "x").unwrap();
        }
        // The kernel lets go of a killed program's lock.
        drop(File::create(at(killed).join(LOCK)).unwrap());
        let held = File::create(at(alive).join(LOCK)).unwrap();
        held.lock().unwrap();
        let own = Folder::make(among.path()).unwrap();
        let place = own.place.clone();
        let stands = |name: &str| at(name).exists();
        assert_eq!(
            [old, killed, alive, "preau-demo-mine", "preau-4194308"].map(stands),
            [false, false, true, true, true]
        );
        assert!(place.exists());
        drop(own);
        assert!(!place.exists());
    }
}
