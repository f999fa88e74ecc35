"""The same triples from the same records by three programs: trialkg's own parts, rdflib, and a mapping in RML.

Only fields of a record that a mapping language can copy: no text is mined, and nothing is linked, which leaves out most
of a graph. Run as a program, it is one of the first two: ``python -m benchmarks.fields trialkg|rdflib RECORDS OUT``.
RECORDS is a JSON array, since that is what a mapping in RML can read.

The mapping reads records that were made flat for it: Morph-KGC 2.10 loses every record that lacks a value beside those
that a rule names, and in a real record some value is always missing.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from kg.identifiers import DEFAULT_BASE, PREFIXES, REGISTRY_PAGE, TRIAL, Minter

MINTER: Final = Minter(DEFAULT_BASE)


class Field(NamedTuple):
    """A property, where its value is under ``protocolSection``, and what kind of term it is.

    ``form`` is a language tag after ``@``, a datatype, empty for a string, or how an IRI begins.
    """

    property: str  # with prefix
    path: str  # names with dots between; a list's members are values each
    form: str


def _code(scheme: str) -> str:
    return MINTER.code(scheme, "")


FIELDS: Final = (
    Field("dcterms:identifier", "identificationModule.nctId", ""),
    Field("schema:url", "identificationModule.nctId", REGISTRY_PAGE),
    Field("rdfs:label", "identificationModule.briefTitle", "@en"),
    Field("kg:briefTitle", "identificationModule.briefTitle", "@en"),
    Field("kg:officialTitle", "identificationModule.officialTitle", "@en"),
    Field("kg:acronym", "identificationModule.acronym", "@en"),
    Field("kg:orgStudyIdentifier", "identificationModule.orgStudyIdInfo.id", ""),
    Field("kg:whyStopped", "statusModule.whyStopped", "@en"),
    Field("kg:lastUpdateDate", "statusModule.lastUpdatePostDateStruct.date", "xsd:date"),
    Field("kg:firstPostDate", "statusModule.studyFirstPostDateStruct.date", "xsd:date"),
    Field("kg:overallStatus", "statusModule.overallStatus", _code("overall-status")),
    Field("kg:studyType", "designModule.studyType", _code("study-type")),
    Field("kg:phase", "designModule.phases", _code("phase")),
    Field("kg:enrollment", "designModule.enrollmentInfo.count", "xsd:integer"),
    Field("kg:sex", "eligibilityModule.sex", _code("sex")),
    Field("kg:reportedCondition", "conditionsModule.conditions", "@en"),
    Field("kg:keyword", "conditionsModule.keywords", "@en"),
)
CLASSES: Final = ("kg:Trial", "schema:MedicalTrial", "biolink:ClinicalTrial")


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


# --- by a mapping


def flat(records: Path, out: Path) -> None:
    """Write the records with a key a path, so that a mapping finds all values on one level."""
    paths = dict.fromkeys(field.path for field in FIELDS)
    sections = (record["protocolSection"] for record in json.loads(records.read_text("utf-8")))
    rows = [{_key(path): found for path in paths if (found := list(_values(one, path)))} for one in sections]
    out.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


def _key(path: str) -> str:
    return path.replace(".", "_")


def mapping(records: Path) -> str:
    """Return the mapping in RML (https://rml.io/specs/rml/), in Turtle."""
    head = (
        "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n@prefix rml: <http://semweb.mmlab.be/ns/rml#> .\n"
        "@prefix ql: <http://semweb.mmlab.be/ns/ql#> .\n\n<#Trials> a rr:TriplesMap ;\n"
        f'  rml:logicalSource [ rml:source "{records}" ; rml:referenceFormulation ql:JSONPath ;\n'
        '    rml:iterator "$[*]" ] ;\n'
    )
    classes = ", ".join(f"<{_iri(name)}>" for name in CLASSES)
    subject = f'  rr:subjectMap [ rr:template "{TRIAL}{{identificationModule_nctId}}" ; rr:class {classes} ]'
    return head + " ;\n".join([subject, *map(_predicate_object, FIELDS)]) + " .\n"


def _predicate_object(field: Field) -> str:
    value = f'rml:reference "{_key(field.path)}"'
    if field.form.startswith("@"):
        value += f' ; rr:language "{field.form[1:]}"'
    elif field.form.startswith("xsd:"):
        value += f" ; rr:datatype <{_iri(field.form)}>"
    elif field.form:
        value = f'rr:template "{field.form}{{{_key(field.path)}}}"'
    return f"  rr:predicateObjectMap [ rr:predicate <{_iri(field.property)}> ; rr:objectMap [ {value} ] ]"


# --- by programs


def with_trialkg(records: Path, out: Path) -> None:
    """Parse each record as a build does, make all triples of its fields, and write those that are compared."""
    from kg.graph.nodes import Nodes  # noqa: PLC0415 - each program loads what it needs
    from kg.graph.record import RecordGraph  # noqa: PLC0415
    from kg.models import RawRecord  # noqa: PLC0415
    from kg.nquads import ntriples  # noqa: PLC0415
    from kg.read import parse, scan  # noqa: PLC0415
    from kg.terminology import load_terminology  # noqa: PLC0415

    terminology = load_terminology(MINTER)
    graph = RecordGraph(terminology, Nodes(terminology))
    wanted = {f"<{_iri(field.property)}>" for field in FIELDS}
    classes = {f"<{_iri(name)}>" for name in CLASSES}
    with out.open("w", encoding="utf-8") as file:
        for raw in scan([records]):
            assert isinstance(raw, RawRecord)  # noqa: S101 - a corpus without rejected records
            subject = f"<{TRIAL}{raw.nct_id}>"
            triples = {
                triple
                for triple in graph.triples(parse(raw), subject)
                if triple[0] == subject and (triple[1] in wanted or triple[2] in classes)
            }
            file.write(ntriples(triples))


def with_rdflib(records: Path, out: Path) -> None:
    """Do what a program of a few lines does."""
    import rdflib  # noqa: PLC0415 - as above

    graph = rdflib.Graph()
    for record in json.loads(records.read_text("utf-8")):
        section = record["protocolSection"]
        subject = rdflib.URIRef(TRIAL + section["identificationModule"]["nctId"])
        for name in CLASSES:
            graph.add((subject, rdflib.RDF.type, rdflib.URIRef(_iri(name))))
        for field in FIELDS:
            term = _rdflib_term(field.form, rdflib)
            for value in _values(section, field.path):
                graph.add((subject, rdflib.URIRef(_iri(field.property)), term(str(value))))
    graph.serialize(out, format="nt", encoding="utf-8")


def _rdflib_term(form: str, rdflib: Any) -> Callable[[str], Any]:
    if form.startswith("@"):
        return lambda value: rdflib.Literal(value, lang=form[1:])
    if form.startswith("xsd:"):
        return lambda value: rdflib.Literal(value, datatype=rdflib.URIRef(_iri(form)))
    return (lambda value: rdflib.URIRef(form + value)) if form else rdflib.Literal


def _values(section: dict[str, Any], path: str) -> Iterator[object]:
    found: Any = section
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if found is not None:
        yield from found if isinstance(found, list) else [found]


if __name__ == "__main__":
    {"trialkg": with_trialkg, "rdflib": with_rdflib}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
