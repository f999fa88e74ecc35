# What breaks a constraint of shapes/official.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX schema: <https://schema.org/>
PREFIX trial: <https://identifiers.org/clinicaltrials:>

# sh:pattern of shape:Official
DELETE { <official/NCT00000001/01> ?p ?o } INSERT { <thing/NCT00000001/01> ?p ?o } WHERE { <official/NCT00000001/01> ?p ?o } ;
DELETE { ?s ?p <official/NCT00000001/01> } INSERT { ?s ?p <thing/NCT00000001/01> } WHERE { ?s ?p <official/NCT00000001/01> }

# sh:or of shape:Person
DELETE DATA { <official/NCT00000001/01> a kg:Person }

# sh:class of shape:official-affiliation
DELETE DATA { <official/NCT00000001/01> kg:affiliation <organization/institute> } ;
INSERT DATA { <official/NCT00000001/01> kg:affiliation <nonsense> }

# sh:maxCount of shape:official-affiliation
INSERT DATA { <official/NCT00000001/01> kg:affiliation <organization/company> }

# sh:datatype of shape:official-name
DELETE DATA { <official/NCT00000001/01> schema:name "A. Nonymous" } ;
INSERT DATA { <official/NCT00000001/01> schema:name "A. Nonymous"@de }

# sh:maxCount of shape:official-name
INSERT DATA { <official/NCT00000001/01> schema:name "x" }

# sh:minLength of shape:official-name
DELETE DATA { <official/NCT00000001/01> schema:name "A. Nonymous" } ;
INSERT DATA { <official/NCT00000001/01> schema:name "" }

# sh:minCount of shape:official-owner
DELETE DATA { trial:NCT00000001 kg:official <official/NCT00000001/01> }

# sh:nodeKind of shape:official-role
DELETE DATA { <official/NCT00000001/01> kg:officialRole <code/official-role/PRINCIPAL_INVESTIGATOR> } ;
INSERT DATA { <official/NCT00000001/01> kg:officialRole "https://kg.example.org/code/official-role/PRINCIPAL_INVESTIGATOR" }

# sh:maxCount of shape:official-role
INSERT DATA { <official/NCT00000001/01> kg:officialRole <code/official-role/SUB_INVESTIGATOR> }

# sh:pattern of shape:official-role
DELETE DATA { <official/NCT00000001/01> kg:officialRole <code/official-role/PRINCIPAL_INVESTIGATOR> } ;
INSERT DATA { <official/NCT00000001/01> kg:officialRole <nonsense> }
