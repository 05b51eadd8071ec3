//! A door: a listener on loopback whose lines can be cut in the middle of anything.
//!
//! axum can answer, but not hang up without an answer. A line does: once its token is told, the next read or write
//! fails and hyper drops the connection, which the other side sees as a connection closed before the answer.

use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Spawns a task of the sandbox.
pub fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    #[expect(clippy::disallowed_methods, reason = "the sandbox is a world of its own")]
    drop(tokio::spawn(work));
}

/// All lines that are open now. Cutting them leaves the door open for new ones.
#[derive(Clone, Debug, Default)]
pub struct Lines(Arc<Mutex<CancellationToken>>);

impl Lines {
    pub fn line(&self) -> CancellationToken {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).child_token()
    }
    pub fn cut(&self) {
        let old = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        old.cancel();
    }
}

/// Binds a free port of 127.0.0.1; nothing else is ever offered.
pub async fn bind() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::other("the sandbox listens on loopback only"));
    }
    Ok((listener, address))
}

/// So many may knock at once before they are let in.
const KNOCKING: u32 = 1_024;

/// Listens, or not: who connects meanwhile is refused at once, and nothing can be written. The port stays its own. Cheap to
/// clone.
#[derive(Clone, Debug)]
pub struct Ear(Arc<Mutex<Port>>);

#[derive(Debug)]
struct Port {
    address: SocketAddr,
    runtime: Handle,
    listener: Option<TcpListener>,
    /// Holds the port while nobody listens: another program, or a connection's own end, would be given it.
    held: Option<TcpSocket>,
    /// Who waits for connections.
    waits: Option<Waker>,
}

impl Ear {
    /// Within a runtime.
    pub fn new(listener: TcpListener, address: SocketAddr) -> Self {
        let runtime = Handle::current();
        Self(Arc::new(Mutex::new(Port { address, runtime, listener: Some(listener), held: None, waits: None })))
    }

    fn port(&self) -> MutexGuard<'_, Port> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From the return on nobody can connect.
    pub fn shut(&self) -> io::Result<()> {
        let mut port = self.port();
        if port.listener.take().is_some() {
            port.held = Some(held(port.address)?);
        }
        Ok(())
    }

    /// From the return on everybody can.
    pub fn open(&self) -> io::Result<()> {
        let mut port = self.port();
        if port.listener.is_none() {
            let socket = port.held.take().map_or_else(|| held(port.address), Ok)?;
            let runtime = port.runtime.clone();
            let _within = runtime.enter();
            port.listener = Some(socket.listen(KNOCKING)?);
        }
        if let Some(waits) = port.waits.take() {
            waits.wake();
        }
        Ok(())
    }

    /// Nobody listens any more, and the port is anybody's.
    pub fn end(&self) {
        let mut port = self.port();
        (port.listener, port.held) = (None, None);
    }

    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        let mut port = self.port();
        // The listener that stands now may be another one when it is opened again.
        port.waits = Some(context.waker().clone());
        port.listener.as_ref().map_or(Poll::Pending, |listener| listener.poll_accept(context))
    }
}

/// The port, as whoever listens on it has it: its old lines may still be closing.
fn held(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// An ear whose connections are [`Line`]s.
#[derive(Debug)]
pub struct Door {
    pub ear: Ear,
    pub lines: Lines,
}

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            match poll_fn(|context| self.ear.poll_accept(context)).await {
                // Whoever is not on this machine is not let in.
                Ok((stream, address)) if address.ip().is_loopback() => {
                    return (Line::new(stream, self.lines.line()), address);
                }
                // One that was gone before it was let in, or a machine with too much open.
                _ => tokio::task::yield_now().await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.ear.port().address)
    }
}

/// One connection, and the scissors for it.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    scissors: CancellationToken,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Line {
    fn new(stream: TcpStream, scissors: CancellationToken) -> Self {
        let cut = Box::pin(scissors.clone().cancelled_owned());
        Self { stream, scissors, cut }
    }

    fn alive(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.cut.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionReset.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.alive(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.alive(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.alive(cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The scissors of the line that a request came by.
#[derive(Clone, Debug)]
pub struct Scissors(pub CancellationToken);

impl Connected<IncomingStream<'_, Door>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        Self(stream.io().scissors.clone())
    }
}
