use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn answer(mut stream: TcpStream) -> io::Result<()> {
    let mut request = [0; 1024];
    stream.read(&mut request)?;
    let page = fs::read_to_string("static/page.html")?;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}", page.len());
    write!(stream, "{head}\r\nConnection: close\r\n\r\n{page}")
}

fn main() -> io::Result<()> {
    for stream in TcpListener::bind("0.0.0.0:8080")?.incoming() {
        if let Err(problem) = stream.and_then(answer) {
            eprintln!("{problem}");
        }
    }
    Ok(())
}
