# What breaks a constraint of shapes/reference.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX trial: <https://identifiers.org/clinicaltrials:>

# sh:pattern of shape:Reference
DELETE { <reference/NCT00000001/01> ?p ?o } INSERT { <thing/NCT00000001/01> ?p ?o } WHERE { <reference/NCT00000001/01> ?p ?o } ;
DELETE { ?s ?p <reference/NCT00000001/01> } INSERT { ?s ?p <thing/NCT00000001/01> } WHERE { ?s ?p <reference/NCT00000001/01> }

# sh:or of shape:Reference-content
DELETE WHERE { <reference/NCT00000001/01> kg:pmid ?pmid ; dcterms:bibliographicCitation ?citation }

# sh:maxCount of shape:reference-citation
INSERT DATA { <reference/NCT00000001/01> dcterms:bibliographicCitation "Author A. Title. Journal 2020. 2"@en }

# sh:minLength of shape:reference-citation
DELETE DATA { <reference/NCT00000001/01> dcterms:bibliographicCitation "Author A. Title. Journal 2020."@en } ;
INSERT DATA { <reference/NCT00000001/01> dcterms:bibliographicCitation ""@en }

# sh:languageIn of shape:reference-citation
DELETE DATA { <reference/NCT00000001/01> dcterms:bibliographicCitation "Author A. Title. Journal 2020."@en } ;
INSERT DATA { <reference/NCT00000001/01> dcterms:bibliographicCitation "Author A. Title. Journal 2020." }

# sh:minCount of shape:reference-owner
DELETE DATA { trial:NCT00000001 kg:reference <reference/NCT00000001/01> }

# sh:datatype of shape:reference-pmid
DELETE DATA { <reference/NCT00000001/01> kg:pmid "12345678" } ;
INSERT DATA { <reference/NCT00000001/01> kg:pmid "12345678"@de }

# sh:maxCount of shape:reference-pmid
DELETE WHERE { <reference/NCT00000001/01> dcterms:references ?page } ;
INSERT DATA { <reference/NCT00000001/01> kg:pmid "87654321" }

# sh:pattern of shape:reference-pmid
DELETE WHERE { <reference/NCT00000001/01> dcterms:references ?page ; kg:pmid ?pmid } ;
INSERT DATA { <reference/NCT00000001/01> kg:pmid "PMC12345678" }

# sh:sparql of shape:reference-pmid-is-in-iri
DELETE DATA { <reference/NCT00000001/01> dcterms:references <https://identifiers.org/pubmed:12345678> } ;
INSERT DATA { <reference/NCT00000001/01> dcterms:references <https://identifiers.org/pubmed:123456782> }

# sh:nodeKind of shape:reference-reference-type
DELETE DATA { <reference/NCT00000001/01> kg:referenceType <code/reference-type/RESULT> } ;
INSERT DATA { <reference/NCT00000001/01> kg:referenceType "https://kg.example.org/code/reference-type/RESULT" }

# sh:maxCount of shape:reference-reference-type
INSERT DATA { <reference/NCT00000001/01> kg:referenceType <code/reference-type/BACKGROUND> }

# sh:pattern of shape:reference-reference-type
DELETE DATA { <reference/NCT00000001/01> kg:referenceType <code/reference-type/RESULT> } ;
INSERT DATA { <reference/NCT00000001/01> kg:referenceType <nonsense> }

# sh:nodeKind of shape:reference-references
DELETE DATA { <reference/NCT00000001/01> dcterms:references <https://identifiers.org/pubmed:12345678> } ;
INSERT DATA { <reference/NCT00000001/01> dcterms:references "https://identifiers.org/pubmed:12345678" }

# sh:maxCount of shape:reference-references
DELETE WHERE { <reference/NCT00000001/01> kg:pmid ?pmid } ;
INSERT DATA { <reference/NCT00000001/01> dcterms:references <https://identifiers.org/pubmed:87654321> }

# sh:pattern of shape:reference-references
DELETE WHERE { <reference/NCT00000001/01> kg:pmid ?pmid ; dcterms:references ?page } ;
INSERT DATA { <reference/NCT00000001/01> dcterms:references <https://pubmed.ncbi.nlm.nih.gov/12345678> }
