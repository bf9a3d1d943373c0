//! Bounded streaming XML for workbooks: no document type, no entities but the five, one event at a time.

use super::zip::EntryReader;
use crate::fault::FileError;
use crate::limits::Limits;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What the workbook parts need of XML.
pub(crate) enum Node {
    /// An opening tag (an empty element opens and closes).
    Open(BytesStart<'static>),
    /// The local name of a closing tag.
    Close(Vec<u8>),
    /// A piece of text.
    Text(String),
    /// The end of the part.
    End,
}

/// Reads nodes of one part.
pub(crate) struct Nodes<'a> {
    reader: Reader<EntryReader<'a>>,
    buffer: Vec<u8>,
    depth: usize,
    max_depth: usize,
    budget: u64,
}

impl<'a> Nodes<'a> {
    pub fn new(entry: EntryReader<'a>, limits: &Limits) -> Self {
        let mut reader = Reader::from_reader(entry);
        reader.config_mut().expand_empty_elements = true;
        Nodes {
            reader,
            buffer: Vec::new(),
            depth: 0,
            max_depth: limits.depth,
            // One event: a cell text with every character escaped, and its tag.
            budget: limits.field_bytes as u64 * 6 + (64 << 10),
        }
    }

    pub fn next(&mut self) -> Result<Node, FileError> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().set_budget(self.budget);
            let event = self
                .reader
                .read_event_into(&mut self.buffer)
                .map_err(|e| damaged(&e))?;
            match event {
                Event::Start(tag) => {
                    self.depth += 1;
                    if self.depth > self.max_depth {
                        return Err(FileError::damaged("xml: nested too deeply"));
                    }
                    return Ok(Node::Open(tag.into_owned()));
                }
                Event::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Node::Close(tag.local_name().as_ref().to_vec()));
                }
                Event::Text(text) => {
                    let text = text.xml_content().map_err(|_| bad_text())?;
                    return Ok(Node::Text(text.into_owned()));
                }
                Event::CData(text) => {
                    let text = text.xml_content().map_err(|_| bad_text())?;
                    return Ok(Node::Text(text.into_owned()));
                }
                Event::GeneralRef(name) => {
                    let resolved = name.resolve_char_ref().map_err(|_| bad_text())?;
                    let word = std::str::from_utf8(&name).unwrap_or("");
                    let c = match (resolved, word) {
                        (Some(c), _) => c,
                        (None, "amp") => '&',
                        (None, "lt") => '<',
                        (None, "gt") => '>',
                        (None, "quot") => '"',
                        (None, "apos") => '\'',
                        _ => return Err(FileError::damaged("xml: unknown entity")),
                    };
                    return Ok(Node::Text(c.into()));
                }
                Event::DocType(_) => return Err(FileError::damaged("xml: DOCTYPE")),
                Event::Eof => {
                    if self.depth != 0 {
                        return Err(FileError::damaged("xml ends early"));
                    }
                    return Ok(Node::End);
                }
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    /// All text up to the closing of the element that was just opened, with `<rPh>` (readings) left out.
    pub fn text_within(&mut self, limit: usize) -> Result<String, FileError> {
        let (mut out, mut open, mut reading) = (String::new(), 1usize, 0usize);
        while open > 0 {
            match self.next()? {
                Node::Open(tag) => {
                    open += 1;
                    if reading > 0 || tag.local_name().as_ref() == b"rPh" {
                        reading += 1;
                    }
                }
                Node::Close(_) => {
                    open -= 1;
                    reading = reading.saturating_sub(1);
                }
                Node::Text(text) if reading == 0 => {
                    if out.len() + text.len() > limit {
                        return Err(FileError::limit(
                            "limit_field_bytes",
                            jifen_diag::text!(
                                zh = "有一格超过 {limit} 字节",
                                en = "a cell is longer than {limit} bytes"
                            ),
                        ));
                    }
                    out.push_str(&text);
                }
                Node::Text(_) => {}
                Node::End => return Err(FileError::damaged("xml ends early")),
            }
        }
        Ok(out)
    }
}

/// An attribute, by local name, decoded.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Result<Option<String>, FileError> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| FileError::damaged("xml attributes"))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute
                .unescape_value()
                .map_err(|_| FileError::damaged("xml attributes"))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

fn bad_text() -> FileError {
    FileError::damaged("xml text")
}

fn damaged(error: &quick_xml::Error) -> FileError {
    let what = match error {
        quick_xml::Error::Io(e) => e.to_string(),
        _ => "xml".to_owned(),
    };
    FileError::damaged(&what)
}
