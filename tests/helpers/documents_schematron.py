"""ISO Schematron (query binding xslt2) turned into XSLT and run by SaxonC-HE.

Does what the schemas of the CI-SIS use: includes, abstract patterns with parameters, abstract rules, variables at
every level, keys and functions, assertions and reports with their values. Every pattern runs.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

_SCH = "{http://purl.oclc.org/dsdl/schematron}"
_XSL_NS = "http://www.w3.org/1999/XSL/Transform"
_XSL = f"{{{_XSL_NS}}}"


@dataclass(frozen=True)
class Outcome:
    """What one run found."""

    fired: int
    failed: tuple[str, ...]


class Schematrons:
    """Schemas compiled once, in a folder we may write: ``document()`` looks value sets up beside the sheet."""

    def __init__(self, saxon: PySaxonProcessor) -> None:
        self._saxon = saxon
        self._sheets: dict[Path, object] = {}

    def run(self, schema: Path, document: bytes) -> Outcome:
        """Check ``document`` against ``schema``."""
        sheet = self._sheets.get(schema)
        if sheet is None:
            file = schema.with_name(f"_{schema.stem}.xsl")
            file.write_bytes(compiled(schema))
            sheet = self._sheets[schema] = self._saxon.new_xslt30_processor().compile_stylesheet(
                stylesheet_file=str(file)
            )
        node = self._saxon.parse_xml(xml_text=document.decode("utf-8"))
        report = etree.fromstring(sheet.transform_to_string(xdm_node=node).encode())  # type: ignore[attr-defined]
        failed = tuple(" ".join("".join(item.itertext()).split()) for item in report.findall("failed"))
        return Outcome(len(report.findall("fired")), failed)


def compiled(path: Path) -> bytes:
    """The sheet of a schema."""
    schema = _included(path)
    prefixes = {ns.get("prefix"): ns.get("uri") for ns in schema.iter(f"{_SCH}ns")}
    sheet = etree.Element(f"{_XSL}stylesheet", nsmap={"xsl": _XSL_NS, **prefixes}, version="2.0")
    _xsl(sheet, "output", method="xml")
    for island in schema.iter(f"{_XSL}key", f"{_XSL}function"):
        sheet.append(copy.deepcopy(island))
    _variables(schema, sheet)
    main = _xsl(_xsl(sheet, "template", match="/"), "for-each", select=".")
    report = etree.SubElement(main, "report")
    abstract_rules = {rule.get("id"): rule for rule in schema.iter(f"{_SCH}rule") if rule.get("abstract") == "true"}
    for number, pattern in enumerate(_patterns(schema)):
        mode = f"M{number}"
        _xsl(report, "apply-templates", select="/", mode=mode)
        _pattern(sheet, pattern, mode, abstract_rules)
    return etree.tostring(sheet, xml_declaration=True, encoding="utf-8")


def _included(path: Path) -> etree._Element:
    root = etree.parse(str(path), etree.XMLParser(remove_comments=True, remove_pis=True)).getroot()
    for include in list(root.iter(f"{_SCH}include")):
        parent = include.getparent()
        assert parent is not None
        parent.replace(include, _included((path.parent / include.get("href", "").split("#")[0]).resolve()))
    return root


def _patterns(schema: etree._Element) -> Iterator[etree._Element]:
    """Concrete patterns, the parameters of abstract ones put in place (the longest names first)."""
    every = list(schema.iter(f"{_SCH}pattern"))
    abstract = {pattern.get("id"): pattern for pattern in every if pattern.get("abstract") == "true"}
    for pattern in every:
        if pattern.get("abstract") == "true":
            continue
        if not pattern.get("is-a"):
            yield pattern
            continue
        text = etree.tostring(abstract[pattern.get("is-a")], encoding="unicode")
        params = {param.get("name", ""): param.get("value", "") for param in pattern.iter(f"{_SCH}param")}
        for name in sorted(params, key=len, reverse=True):
            value = params[name].replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
            text = re.sub(rf"\${re.escape(name)}(?![\w.-])", lambda _, value=value: value, text)
        yield etree.fromstring(text)


def _pattern(
    sheet: etree._Element, pattern: etree._Element, mode: str, shared: dict[str | None, etree._Element]
) -> None:
    _variables(pattern, sheet)
    local = {rule.get("id"): rule for rule in pattern.iter(f"{_SCH}rule") if rule.get("abstract") == "true"}
    rules = [rule for rule in pattern.findall(f"{_SCH}rule") if rule.get("abstract") != "true"]
    for order, rule in enumerate(rules):
        template = _xsl(
            sheet, "template", match=rule.get("context", ""), mode=mode, priority=str(1000 + len(rules) - order)
        )
        _variables(rule, template)
        etree.SubElement(template, "fired")
        for child in rule:
            base = (local | shared)[child.get("rule")] if child.tag == f"{_SCH}extends" else None
            if base is not None:
                _variables(base, template)
            for check in [child] if base is None else base:
                _check(template, check)
        _xsl(template, "apply-templates", select="@*|node()", mode=mode)
    rest = _xsl(sheet, "template", match="@*|node()|/", mode=mode, priority="-2")
    _xsl(rest, "apply-templates", select="@*|node()", mode=mode)


def _check(template: etree._Element, check: etree._Element) -> None:
    if check.tag not in {f"{_SCH}assert", f"{_SCH}report"}:
        return
    test = check.get("test", "")
    holds = check.tag == f"{_SCH}assert"
    found = etree.SubElement(
        _xsl(template, "if", test=f"not({test})" if holds else test), "failed" if holds else "reported"
    )
    _say(found, check.text)
    for part in check:
        if part.tag == f"{_SCH}value-of":
            _xsl(found, "value-of", select=part.get("select", ""))
        elif part.tag == f"{_SCH}name":
            _xsl(found, "value-of", select=f"name({part.get('path', '.')})")
        else:
            _say(found, "".join(part.itertext()))
        _say(found, part.tail)


def _say(found: etree._Element, words: str | None) -> None:
    if words and words.strip():
        _xsl(found, "text").text = " ".join(words.split()) + " "


def _variables(parent: etree._Element, out: etree._Element) -> None:
    for let in parent.findall(f"{_SCH}let"):
        variable = _xsl(out, "variable", name=let.get("name", ""))
        value = let.get("value")
        if value is not None:
            variable.set("select", value)
        else:
            variable.extend([copy.deepcopy(child) for child in let])


def _xsl(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{_XSL}{tag}", attributes)
