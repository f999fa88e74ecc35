# What breaks a constraint of shapes/outcome.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX trial: <https://identifiers.org/clinicaltrials:>

# sh:pattern of shape:Outcome
DELETE { <outcome/NCT00000001/01> ?p ?o } INSERT { <thing/NCT00000001/01> ?p ?o } WHERE { <outcome/NCT00000001/01> ?p ?o } ;
DELETE { ?s ?p <outcome/NCT00000001/01> } INSERT { ?s ?p <thing/NCT00000001/01> } WHERE { ?s ?p <outcome/NCT00000001/01> }

# sh:maxCount of shape:outcome-comment
INSERT DATA { <outcome/NCT00000001/01> rdfs:comment "By central review. 2"@en }

# sh:minLength of shape:outcome-comment
DELETE DATA { <outcome/NCT00000001/01> rdfs:comment "By central review."@en } ;
INSERT DATA { <outcome/NCT00000001/01> rdfs:comment ""@en }

# sh:languageIn of shape:outcome-comment
DELETE DATA { <outcome/NCT00000001/01> rdfs:comment "By central review."@en } ;
INSERT DATA { <outcome/NCT00000001/01> rdfs:comment "By central review." }

# sh:minCount of shape:outcome-measure
DELETE DATA { <outcome/NCT00000001/01> kg:measure "Progression-free survival"@en }

# sh:maxCount of shape:outcome-measure
INSERT DATA { <outcome/NCT00000001/01> kg:measure "Progression-free survival 2"@en }

# sh:minLength of shape:outcome-measure
DELETE DATA { <outcome/NCT00000001/01> kg:measure "Progression-free survival"@en } ;
INSERT DATA { <outcome/NCT00000001/01> kg:measure ""@en }

# sh:languageIn of shape:outcome-measure
DELETE DATA { <outcome/NCT00000001/01> kg:measure "Progression-free survival"@en } ;
INSERT DATA { <outcome/NCT00000001/01> kg:measure "Progression-free survival" }

# sh:nodeKind of shape:outcome-outcome-type
DELETE DATA { <outcome/NCT00000001/01> kg:outcomeType <code/outcome-type/PRIMARY> } ;
INSERT DATA { <outcome/NCT00000001/01> kg:outcomeType "https://kg.example.org/code/outcome-type/PRIMARY" }

# sh:minCount of shape:outcome-outcome-type
DELETE DATA { <outcome/NCT00000001/01> kg:outcomeType <code/outcome-type/PRIMARY> }

# sh:maxCount of shape:outcome-outcome-type
INSERT DATA { <outcome/NCT00000001/01> kg:outcomeType <code/outcome-type/SECONDARY> }

# sh:pattern of shape:outcome-outcome-type
DELETE DATA { <outcome/NCT00000001/01> kg:outcomeType <code/outcome-type/PRIMARY> } ;
INSERT DATA { <outcome/NCT00000001/01> kg:outcomeType <nonsense> }

# sh:minCount of shape:outcome-owner
DELETE DATA { trial:NCT00000001 kg:outcome <outcome/NCT00000001/01> }

# sh:maxCount of shape:outcome-time-frame
INSERT DATA { <outcome/NCT00000001/01> kg:timeFrame "5 years 2"@en }

# sh:minLength of shape:outcome-time-frame
DELETE DATA { <outcome/NCT00000001/01> kg:timeFrame "5 years"@en } ;
INSERT DATA { <outcome/NCT00000001/01> kg:timeFrame ""@en }

# sh:languageIn of shape:outcome-time-frame
DELETE DATA { <outcome/NCT00000001/01> kg:timeFrame "5 years"@en } ;
INSERT DATA { <outcome/NCT00000001/01> kg:timeFrame "5 years" }
