# What breaks a constraint of shapes/document.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

# sh:pattern of shape:Document
DELETE { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> ?p ?o } INSERT { <thing/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> ?p ?o } WHERE { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> ?p ?o } ;
DELETE { ?s ?p <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> } INSERT { ?s ?p <thing/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> } WHERE { ?s ?p <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> }

# sh:datatype of shape:document-format
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:format "ctgov-v2-json" } ;
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:format "ctgov-v2-json"@de }

# sh:minCount of shape:document-format
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:format "ctgov-v2-json" }

# sh:maxCount of shape:document-format
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:format "x" }

# sh:minLength of shape:document-format
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:format "ctgov-v2-json" } ;
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:format "" }

# sh:minCount of shape:document-owner
INSERT DATA { <document/abababababababababababababababababababababababababababababababab> a kg:Document ; kg:sha256 "abababababababababababababababababababababababababababababababab" ;
    kg:format "ctgov-xml" ; dcterms:source <https://clinicaltrials.gov/study/NCT00000001> }

# sh:datatype of shape:document-sha256
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } ;
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"@de }

# sh:minCount of shape:document-sha256
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }

# sh:maxCount of shape:document-sha256 and sh:sparql of shape:document-sha256-is-in-iri
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:sha256 "abababababababababababababababababababababababababababababababab" }

# sh:pattern of shape:document-sha256
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } ;
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:sha256 "" }

# sh:sparql of shape:document-sha256-is-in-iri
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } ;
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:sha256 "0000000000000000000000000000000000000000000000000000000000000000" }

# sh:nodeKind of shape:document-source
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> dcterms:source <https://clinicaltrials.gov/study/NCT00000001> } ;
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> dcterms:source "https://clinicaltrials.gov/study/NCT00000001" }

# sh:minCount of shape:document-source
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> dcterms:source <https://clinicaltrials.gov/study/NCT00000001> }

# sh:maxCount of shape:document-version-date
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:versionDate "2025"^^xsd:gYear }

# sh:or of shape:document-version-date
DELETE DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:versionDate "2025-06-30"^^xsd:date } ;
INSERT DATA { <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> kg:versionDate "2025-06-302"^^xsd:date }
