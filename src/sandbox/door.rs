//! A door: a listener on loopback whose lines can be cut in the middle of anything.
//!
//! axum can answer, but not hang up without an answer. A line does: once its token is told, the next read or write
//! fails and hyper drops the connection, which the other side sees as a connection closed before the answer.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
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

/// A listener whose connections are [`Line`]s.
#[derive(Debug)]
pub struct Door {
    pub listener: TcpListener,
    pub lines: Lines,
}

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            // Whoever is not on this machine is not let in.
            if address.ip().is_loopback() {
                return (Line::new(stream, self.lines.line()), address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
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
