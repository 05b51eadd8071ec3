//! As much of MIME as is needed to read a mail of ours: folded headers, encoded words, parts, two transfer encodings.

use super::values::Mail;

pub fn read(raw: &[u8], to: Vec<String>, from: String) -> Mail {
    let text = String::from_utf8_lossy(raw).into_owned();
    let (head, body) = split(&text);
    Mail { from, to, subject: words(&header(head, "Subject")), body: text_of(head, body), raw: text }
}

fn split(text: &str) -> (&str, &str) {
    text.split_once("\r\n\r\n").or_else(|| text.split_once("\n\n")).unwrap_or((text, ""))
}

/// A header, unfolded.
fn header(head: &str, name: &str) -> String {
    let mut value: Option<String> = None;
    for line in head.lines() {
        if let Some(value) = &mut value {
            if line.starts_with([' ', '\t']) {
                value.push(' ');
                value.push_str(line.trim());
                continue;
            }
            break;
        }
        if let Some((found, rest)) = line.split_once(':')
            && found.eq_ignore_ascii_case(name)
        {
            value = Some(rest.trim().to_owned());
        }
    }
    value.unwrap_or_default()
}

/// The first part that is text.
fn text_of(head: &str, body: &str) -> String {
    let kind = header(head, "Content-Type");
    if kind.to_lowercase().starts_with("multipart/") {
        let boundary = kind.split_once("boundary=").map_or("", |(_, rest)| {
            let rest = rest.trim_start();
            rest.strip_prefix('"')
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_else(|| rest.split(';').next().unwrap_or(""))
        });
        let mark = format!("--{boundary}");
        let parts = body.split(mark.as_str()).skip(1).filter(|part| !part.starts_with("--"));
        let read = parts.map(|part| {
            let (head, body) = split(part.trim_start_matches(['\r', '\n']));
            (header(head, "Content-Type").to_lowercase(), text_of(head, body))
        });
        let all: Vec<(String, String)> = read.collect();
        let text = all.iter().find(|(kind, _)| kind.starts_with("text/plain") || kind.starts_with("multipart/"));
        return text.or(all.first()).map(|(_, text)| text.clone()).unwrap_or_default();
    }
    let bytes = match header(head, "Content-Transfer-Encoding").to_lowercase().as_str() {
        "quoted-printable" => quoted_printable(body),
        "base64" => base64(body),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim_end().to_owned()
}

/// `=?utf-8?b?…?=` and `=?utf-8?q?…?=`; white space between two of them is none.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut after_word = false;
    while let Some((before, found)) = rest.split_once("=?") {
        let mut pieces = found.splitn(4, '?');
        let (_charset, encoding, coded) = (pieces.next(), pieces.next().unwrap_or(""), pieces.next().unwrap_or(""));
        let Some(tail) = pieces.next().and_then(|tail| tail.strip_prefix('=')) else { break };
        if !(after_word && before.trim().is_empty()) {
            out.push_str(before);
        }
        let bytes =
            if encoding.eq_ignore_ascii_case("b") { base64(coded) } else { quoted_printable(&coded.replace('_', " ")) };
        out.push_str(&String::from_utf8_lossy(&bytes));
        rest = tail;
        after_word = true;
    }
    out.push_str(rest);
    out
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('=') {
        out.extend_from_slice(before.as_bytes());
        let code = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(soft) = after.strip_prefix("\r\n").or(after.strip_prefix('\n')) {
            rest = soft;
        } else if let Some(byte) = code {
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(b'=');
            rest = after;
        }
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

fn base64(text: &str) -> Vec<u8> {
    let (mut out, mut buffer, mut held) = (Vec::new(), 0_u32, 0_u32);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        buffer = (buffer << 6) | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((buffer >> held) & 0xff).unwrap_or(0));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_and_bodies_are_decoded() {
        let raw = "Subject: =?utf-8?b?w6ltYXJnZW1lbnQ=?=\r\n =?utf-8?q?_pr=C3=AAt?=\r\n\
                   Content-Transfer-Encoding: quoted-printable\r\n\r\nC=C3=A9line =\r\nva bien=2E\r\n";
        let mail = read(raw.as_bytes(), vec!["b@c.d".to_owned()], "a@b.c".to_owned());
        assert_eq!(mail.subject, "émargement prêt");
        assert_eq!(mail.body, "Céline va bien.");
    }

    #[test]
    fn the_text_part_is_the_body() {
        let raw = "Content-Type: multipart/mixed; boundary=\"xx\"\r\n\r\n--xx\r\nContent-Type: text/html\r\n\r\n<b>\r\n\
                   --xx\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nw6k=\r\n--xx--\r\n";
        assert_eq!(read(raw.as_bytes(), Vec::new(), String::new()).body, "é");
    }
}
