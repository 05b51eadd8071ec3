//! `preau demo` where its port is taken: it says so before it raises a school, and what to do.

use super::{bare, told};

#[tokio::test]
async fn a_taken_port_is_said_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let held = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = held.local_addr().expect("bound").port().to_string();
    let output = bare(folder.path(), &["demo", "--port", &port]).output().await.expect("it ran");
    let (code, out, err) = told(output);
    assert_eq!((code, out.as_str()), (1, ""), "nothing is raised before: {err}");
    assert!(err.contains(&format!("port {port} is in use: --port 0 takes a free one")), "{err}");
}
