//! What makes Préau a service of the machine: its systemd unit, and what root types.

use std::path::Path;

use super::init::{TOML, UNIT};
use crate::kernel::Text;
use crate::text;

/// Where the unit of the sources finds the program.
const INSTALLED: &str = "/usr/local/bin/preau";
/// What `ProtectHome=yes` hides from a service.
const HOMES: [&str; 3] = ["/home", "/root", "/run/user"];

/// A folder that the service reaches, and whose name a unit and a shell can hold.
pub(super) fn fits(folder: &Path) -> std::result::Result<(), Text> {
    let name = folder.display().to_string();
    if HOMES.iter().any(|home| folder.starts_with(home)) {
        return Err(text!("init-folder-in-a-home", folder = name));
    }
    let plain = |c: char| c.is_alphanumeric() || "/._- ".contains(c);
    if name.chars().all(plain) { Ok(()) } else { Err(text!("init-folder-signs", folder = name)) }
}

/// Where the service finds the program: nothing that lies in somebody's home.
pub(super) fn served_from(program: &Path) -> &Path {
    if HOMES.iter().any(|home| program.starts_with(home)) { Path::new(INSTALLED) } else { program }
}

/// What root types next, in this order. Root owns what root enables and what the service only reads.
pub(super) fn lines(secrets: &[&str], folder: &Path, data: &Path, program: &Path) -> Vec<String> {
    let served = served_from(program);
    let shell = |path: &Path| {
        let path = path.display().to_string();
        let plain = path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
        if plain { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
    };
    let (own, config, unit) = (shell(data), shell(&folder.join(TOML)), shell(&folder.join(UNIT)));
    let secrets = secrets.iter().map(|name| shell(&folder.join(name))).collect::<Vec<_>>().join(" ");
    let as_service = |command: &str| format!("runuser -u preau -- {} {command} --config {config}", shell(served));
    let mut lines = Vec::new();
    if served != program {
        lines.push(format!("install -m 755 {} {}", shell(program), shell(served)));
    }
    lines.extend([
        format!("useradd --system --home-dir {own} --shell /usr/sbin/nologin preau"),
        format!("install -d -o preau -g preau -m 750 {own}"),
        format!("chown root:preau {secrets} && chmod 640 {secrets}"),
        as_service("check"),
        // The database is there when the last line asks for it, however fast these are typed.
        as_service("migrate"),
        format!("install -m 644 {unit} /etc/systemd/system/preau.service"),
        "systemctl daemon-reload && systemctl enable --now preau".to_owned(),
        as_service("invite --role admin"),
    ]);
    lines
}

/// The unit of the sources, with this school's places. `fits` left out what systemd would read as something else.
pub(super) fn unit(program: &Path, folder: &Path, data: &Path) -> String {
    // Where several words may stand, one with a space is put in quotes.
    let word = |path: &Path| {
        let path = path.display().to_string();
        if path.contains(' ') { format!("\"{path}\"") } else { path }
    };
    let line = |line: &str| match line.split_once('=') {
        Some((key @ "ReadWritePaths", _)) => format!("{key}={}", word(data)),
        Some((key @ "WorkingDirectory", _)) => format!("{key}={}", data.display()),
        Some((key @ "ExecStart", _)) => format!("{key}={} run --config {}", word(program), word(&folder.join(TOML))),
        Some((key @ "EnvironmentFile", _)) => format!("{key}=-{}", folder.join("environment").display()),
        _ => line.to_owned(),
    };
    let lines = include_str!("../../config/preau.service").lines().map(line);
    lines.fold(String::new(), |unit, line| unit + &line + "\n")
}

#[cfg(test)]
mod tests {
    use super::super::init::SECRETS;
    use super::*;

    fn typed(program: &str, data: &str) -> Vec<String> {
        lines(&SECRETS, Path::new("/etc/preau"), Path::new(data), Path::new(program))
    }

    #[test]
    fn the_lines_fit_the_program_and_give_the_service_its_secrets_alone() {
        assert_eq!(
            typed("/opt/preau", "/var/lib/preau"),
            [
                "useradd --system --home-dir /var/lib/preau --shell /usr/sbin/nologin preau",
                "install -d -o preau -g preau -m 750 /var/lib/preau",
                "chown root:preau /etc/preau/smtp_password /etc/preau/telegram_token && chmod 640 \
                 /etc/preau/smtp_password /etc/preau/telegram_token",
                "runuser -u preau -- /opt/preau check --config /etc/preau/school.toml",
                "runuser -u preau -- /opt/preau migrate --config /etc/preau/school.toml",
                "install -m 644 /etc/preau/preau.service /etc/systemd/system/preau.service",
                "systemctl daemon-reload && systemctl enable --now preau",
                "runuser -u preau -- /opt/preau invite --role admin --config /etc/preau/school.toml",
            ]
        );
    }

    #[test]
    fn the_unit_names_the_places_of_this_school() {
        let unit =
            |program: &str, folder: &str, data: &str| super::unit(program.as_ref(), folder.as_ref(), data.as_ref());
        let usual = unit(INSTALLED, "/etc/preau", "/var/lib/preau");
        assert_eq!(usual, include_str!("../../config/preau.service"));
        let own = unit("/opt/préau/preau", "/srv/école du préau", "/srv/ses données");
        for line in [
            "ReadWritePaths=\"/srv/ses données\"",
            "WorkingDirectory=/srv/ses données",
            "ExecStart=/opt/préau/preau run --config \"/srv/école du préau/school.toml\"",
            "EnvironmentFile=-/srv/école du préau/environment",
        ] {
            assert!(own.lines().any(|known| known == line), "{line}: {own}");
        }
    }

    #[test]
    fn a_folder_that_the_service_cannot_reach_is_refused() {
        for good in ["/etc/preau", "/srv/école du préau", "/homes/preau"] {
            assert!(fits(Path::new(good)).is_ok(), "{good}");
        }
        for bad in
            ["/home/claire/preau", "/root/preau", "/srv/a%b", "/srv/l'école", "/srv/a\"b", "/srv/a\nb", "/srv/$x"]
        {
            assert!(fits(Path::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_lies_in_a_home_is_copied_first() {
        let lines = typed("/root/it's/target/release/preau", "/srv/école du préau");
        assert_eq!(lines[0], r"install -m 755 '/root/it'\''s/target/release/preau' /usr/local/bin/preau");
        assert!(lines[2].ends_with(" '/srv/école du préau'"), "{lines:?}");
        assert!(lines[4].starts_with("runuser -u preau -- /usr/local/bin/preau check"), "{lines:?}");
        for home in ["/home/claire/preau", "/run/user/1000/preau"] {
            assert_eq!(served_from(Path::new(home)), Path::new(INSTALLED));
        }
        assert_eq!(served_from(Path::new("/homes/preau")), Path::new("/homes/preau"));
    }
}
