//! Reading our own source: the files, every path in them (also inside macros), every use of `text!`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every `src/**/*.rs` with its text, sorted, by its path from the checkout.
pub fn files() -> Vec<(String, String)> {
    let mut open = vec![root().join("src")];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    let name = |path: &Path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
    found.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// The module of a file: `src/platform/config/mod.rs` is `["platform", "config"]`.
pub fn module(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    let is_root = parts.len() == 1 && matches!(path, "lib" | "main");
    if is_root || parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// A path as it is meant: ours begins with `crate`, others with the name of their crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Used {
    pub path: Vec<String>,
    pub line: usize,
    /// Inside `#[cfg(test)]`.
    pub in_test: bool,
    /// Named by `#[derive(…)]`.
    pub in_derive: bool,
}

/// What a file says, as far as the rules ask.
#[derive(Debug, Default)]
pub struct Facts {
    pub used: Vec<Used>,
    /// Lines with `async` or `.await`, outside tests.
    pub waits: Vec<usize>,
    /// Modules declared or written here, with their line.
    pub modules: Vec<(String, usize)>,
}

#[derive(Clone)]
struct Raw {
    segments: Vec<String>,
    /// Begins with `::`.
    global: bool,
    scope: Vec<String>,
    used: Used,
}

#[derive(Default)]
struct Collector {
    scope: Vec<String>,
    in_test: bool,
    in_derive: bool,
    raw: Vec<Raw>,
    /// Scope and name → what the name stands for there.
    aliases: BTreeMap<(Vec<String>, String), Raw>,
    children: BTreeSet<(Vec<String>, String)>,
    facts: Facts,
}

/// Everything that `text` (the content of the file `path`) uses.
pub fn facts(path: &str, text: &str) -> Facts {
    let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let in_test = path.ends_with("/tests.rs") || path.contains("/tests/");
    let mut collector = Collector { scope: module(path), in_test, ..Collector::default() };
    collector.visit_file(&file);
    let mut used: Vec<Used> = collector
        .raw
        .iter()
        .map(|raw| Used { path: collector.meaning(&raw.segments, raw.global, &raw.scope, 0), ..raw.used.clone() })
        .collect();
    used.dedup();
    Facts { used, ..collector.facts }
}

fn is_test_attribute(attribute: &syn::Attribute) -> bool {
    match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let words = list.tokens.to_string();
            words == "test" || words.starts_with("all (test")
        }
        meta => meta.path().segments.last().is_some_and(|last| last.ident == "test"),
    }
}

/// The rest of a path that began with `self` or `super`, seen from `module`.
fn ours_from(module: &[String], rest: &[String]) -> Vec<String> {
    if rest.first().is_some_and(|next| next == "super") {
        return ours_from(&module[..module.len().saturating_sub(1)], &rest[1..]);
    }
    std::iter::once("crate".to_owned()).chain(module.iter().chain(rest).cloned()).collect()
}

impl Collector {
    fn add(&mut self, segments: Vec<String>, global: bool, line: usize) {
        let used = Used { path: Vec::new(), line, in_test: self.in_test, in_derive: self.in_derive };
        self.raw.push(Raw { segments, global, scope: self.scope.clone(), used });
    }

    fn add_use(&mut self, prefix: &mut Vec<String>, global: bool, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.add_use(prefix, global, &path.tree);
                prefix.pop();
            }
            syn::UseTree::Name(name) => self.add_leaf(prefix, global, &name.ident, &name.ident),
            syn::UseTree::Rename(rename) => self.add_leaf(prefix, global, &rename.ident, &rename.rename),
            syn::UseTree::Glob(glob) => {
                let mut segments = prefix.clone();
                segments.push("*".to_owned());
                self.add(segments, global, glob.star_token.spans[0].start().line);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(prefix, global, tree);
                }
            }
        }
    }

    fn add_leaf(&mut self, prefix: &[String], global: bool, name: &syn::Ident, alias: &syn::Ident) {
        let mut segments = prefix.to_vec();
        let mut alias = alias.to_string();
        if name == "self" {
            if alias == "self" {
                alias = prefix.last().cloned().unwrap_or_default();
            }
        } else {
            segments.push(name.to_string());
        }
        self.add(segments, global, name.span().start().line);
        if let Some(raw) = self.raw.last() {
            self.aliases.insert((self.scope.clone(), alias), raw.clone());
        }
    }

    /// Follows `crate`, `self`, `super`, modules of this file and names brought in by `use`.
    fn meaning(&self, segments: &[String], global: bool, scope: &[String], depth: usize) -> Vec<String> {
        let Some((first, rest)) = segments.split_first() else { return Vec::new() };
        if global || depth > 8 {
            return segments.to_vec();
        }
        match first.as_str() {
            "crate" | "preau" => return ours_from(&[], rest),
            "self" => return ours_from(scope, rest),
            "super" => return ours_from(&scope[..scope.len().saturating_sub(1)], rest),
            _ => {}
        }
        // The innermost scope that knows the name decides (inner ones see outer names by `use super::*`).
        for length in (0..=scope.len()).rev() {
            let outer = &scope[..length];
            if self.children.contains(&(outer.to_vec(), first.clone())) {
                return ours_from(outer, segments);
            }
            if let Some(alias) = self.aliases.get(&(outer.to_vec(), first.clone()))
                && alias.segments != [first.clone()]
            {
                let mut path = self.meaning(&alias.segments, alias.global, &alias.scope, depth + 1);
                path.extend(rest.iter().cloned());
                return path;
            }
        }
        segments.to_vec()
    }

    /// Paths among the tokens of a macro: `a::b`, `::a::b`, `$crate::a`, `use a::{b, c as d}`.
    fn scan(&mut self, tokens: TokenStream, prefix: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let colons = |at: usize| {
            matches!((tokens.get(at), tokens.get(at + 1)), (Some(TokenTree::Punct(a)), Some(TokenTree::Punct(b)))
                if a.as_char() == ':' && a.spacing() == Spacing::Joint && b.as_char() == ':')
        };
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.scan(group.stream(), &[]),
                TokenTree::Ident(ident) => {
                    let is_wait = ident == "async" || ident == "await";
                    if is_wait && !self.in_test {
                        self.facts.waits.push(ident.span().start().line);
                    }
                    let global = at >= 2 && colons(at - 2);
                    let mut path = prefix.to_vec();
                    path.push(ident.to_string());
                    while colons(at + 1) {
                        match tokens.get(at + 3) {
                            Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                            Some(TokenTree::Punct(star)) if star.as_char() == '*' => path.push("*".to_owned()),
                            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                                self.scan(group.stream(), &path);
                            }
                            _ => {}
                        }
                        at += 3;
                    }
                    if path.len() > 1 {
                        let (line, after) = (ident.span().start().line, tokens.get(at + 1));
                        let renamed = matches!(after, Some(TokenTree::Ident(word)) if word == "as");
                        self.add(path, global, line);
                        if let (true, Some(TokenTree::Ident(alias)), Some(raw)) =
                            (renamed, tokens.get(at + 2), self.raw.last())
                        {
                            let key = (self.scope.clone(), alias.to_string());
                            self.aliases.entry(key).or_insert_with(|| raw.clone());
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Visits with the mark of `#[cfg(test)]` or `#[test]`, if it is there.
    fn within(&mut self, attributes: &[syn::Attribute], visit: impl FnOnce(&mut Self)) {
        let before = self.in_test;
        self.in_test |= attributes.iter().any(is_test_attribute);
        visit(self);
        self.in_test = before;
    }

    fn wait(&mut self, span: proc_macro2::Span) {
        if !self.in_test {
            self.facts.waits.push(span.start().line);
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.within(&item.attrs, |this| {
            this.add_use(&mut Vec::new(), item.leading_colon.is_some(), &item.tree);
        });
    }
    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let alias = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
        self.add_leaf(&[], true, &item.ident, alias);
    }
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        self.facts.modules.push((name.clone(), item.ident.span().start().line));
        self.children.insert((self.scope.clone(), name.clone()));
        self.within(&item.attrs, |this| {
            this.scope.push(name);
            visit::visit_item_mod(this, item);
            this.scope.pop();
        });
    }
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(&item.attrs, |this| visit::visit_item_fn(this, item));
    }
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.within(&item.attrs, |this| visit::visit_item_impl(this, item));
    }
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if let Some(word) = &signature.asyncness {
            self.wait(word.span);
        }
        visit::visit_signature(self, signature);
    }
    fn visit_expr_async(&mut self, expr: &'ast syn::ExprAsync) {
        self.wait(expr.async_token.span);
        visit::visit_expr_async(self, expr);
    }
    fn visit_expr_closure(&mut self, expr: &'ast syn::ExprClosure) {
        if let Some(word) = &expr.asyncness {
            self.wait(word.span);
        }
        visit::visit_expr_closure(self, expr);
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            let line = path.segments.first().map_or(0, |first| first.ident.span().start().line);
            self.add(segments, path.leading_colon.is_some(), line);
        }
        visit::visit_path(self, path);
    }
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        visit::visit_macro(self, called);
        self.scan(called.tokens.clone(), &[]);
    }
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            let judged = ["expect", "allow", "doc"].iter().all(|word| !list.path.is_ident(word));
            if judged {
                self.in_derive = list.path.is_ident("derive");
                self.scan(list.tokens.clone(), &[]);
                self.in_derive = false;
            }
        }
        visit::visit_attribute(self, attribute);
    }
}
