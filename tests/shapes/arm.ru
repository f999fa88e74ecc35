# What breaks a constraint of shapes/arm.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX trial: <https://identifiers.org/clinicaltrials:>

# sh:pattern of shape:Arm
DELETE { <arm/NCT00000001/01> ?p ?o } INSERT { <thing/NCT00000001/01> ?p ?o } WHERE { <arm/NCT00000001/01> ?p ?o } ;
DELETE { ?s ?p <arm/NCT00000001/01> } INSERT { ?s ?p <thing/NCT00000001/01> } WHERE { ?s ?p <arm/NCT00000001/01> }

# sh:nodeKind of shape:arm-arm-type
DELETE DATA { <arm/NCT00000001/01> kg:armType <code/arm-type/EXPERIMENTAL> } ;
INSERT DATA { <arm/NCT00000001/01> kg:armType "https://kg.example.org/code/arm-type/EXPERIMENTAL" }

# sh:maxCount of shape:arm-arm-type
INSERT DATA { <arm/NCT00000001/01> kg:armType <code/arm-type/ACTIVE_COMPARATOR> }

# sh:pattern of shape:arm-arm-type
DELETE DATA { <arm/NCT00000001/01> kg:armType <code/arm-type/EXPERIMENTAL> } ;
INSERT DATA { <arm/NCT00000001/01> kg:armType <nonsense> }

# sh:maxCount of shape:arm-comment
INSERT DATA { <arm/NCT00000001/01> rdfs:comment "600 mg a day. 2"@en }

# sh:minLength of shape:arm-comment
DELETE DATA { <arm/NCT00000001/01> rdfs:comment "600 mg a day."@en } ;
INSERT DATA { <arm/NCT00000001/01> rdfs:comment ""@en }

# sh:languageIn of shape:arm-comment
DELETE DATA { <arm/NCT00000001/01> rdfs:comment "600 mg a day."@en } ;
INSERT DATA { <arm/NCT00000001/01> rdfs:comment "600 mg a day." }

# sh:class of shape:arm-intervention
DELETE DATA { <arm/NCT00000001/01> kg:intervention <intervention/NCT00000001/01> } ;
INSERT DATA { <arm/NCT00000001/01> kg:intervention <nonsense> }

# sh:minCount of shape:arm-label
DELETE DATA { <arm/NCT00000001/01> rdfs:label "Ribociclib"@en }

# sh:maxCount of shape:arm-label
INSERT DATA { <arm/NCT00000001/01> rdfs:label "Ribociclib 2"@en }

# sh:minLength of shape:arm-label
DELETE DATA { <arm/NCT00000001/01> rdfs:label "Ribociclib"@en } ;
INSERT DATA { <arm/NCT00000001/01> rdfs:label ""@en }

# sh:languageIn of shape:arm-label
DELETE DATA { <arm/NCT00000001/01> rdfs:label "Ribociclib"@en } ;
INSERT DATA { <arm/NCT00000001/01> rdfs:label "Ribociclib" }

# sh:minCount of shape:arm-owner
DELETE DATA { <intervention/NCT00000001/01> kg:arm <arm/NCT00000001/01> . trial:NCT00000001 kg:arm <arm/NCT00000001/01> }
