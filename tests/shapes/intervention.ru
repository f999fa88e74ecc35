# What breaks a constraint of shapes/intervention.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX trial: <https://identifiers.org/clinicaltrials:>

# sh:pattern of shape:Intervention
DELETE { <intervention/NCT00000001/01> ?p ?o } INSERT { <thing/NCT00000001/01> ?p ?o } WHERE { <intervention/NCT00000001/01> ?p ?o } ;
DELETE { ?s ?p <intervention/NCT00000001/01> } INSERT { ?s ?p <thing/NCT00000001/01> } WHERE { ?s ?p <intervention/NCT00000001/01> }

# sh:class of shape:intervention-arm
DELETE DATA { <intervention/NCT00000001/01> kg:arm <arm/NCT00000001/01> } ;
INSERT DATA { <intervention/NCT00000001/01> kg:arm <nonsense> }

# sh:maxCount of shape:intervention-comment
INSERT DATA { <intervention/NCT00000001/01> rdfs:comment "A tablet. 2"@en }

# sh:minLength of shape:intervention-comment
DELETE DATA { <intervention/NCT00000001/01> rdfs:comment "A tablet."@en } ;
INSERT DATA { <intervention/NCT00000001/01> rdfs:comment ""@en }

# sh:languageIn of shape:intervention-comment
DELETE DATA { <intervention/NCT00000001/01> rdfs:comment "A tablet."@en } ;
INSERT DATA { <intervention/NCT00000001/01> rdfs:comment "A tablet." }

# sh:minLength of shape:intervention-dose
DELETE DATA { <intervention/NCT00000001/01> kg:dose "600 mg"@en . <assertion/NCT00000001/16> rdf:object "600 mg"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:dose ""@en . <assertion/NCT00000001/16> rdf:object ""@en }

# sh:languageIn of shape:intervention-dose
DELETE DATA { <intervention/NCT00000001/01> kg:dose "600 mg"@en . <assertion/NCT00000001/16> rdf:object "600 mg"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:dose "600 mg" . <assertion/NCT00000001/16> rdf:object "600 mg" }

# sh:minLength of shape:intervention-dose-form
DELETE DATA { <intervention/NCT00000001/01> kg:doseForm "tablets"@en . <assertion/NCT00000001/19> rdf:object "tablets"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:doseForm ""@en . <assertion/NCT00000001/19> rdf:object ""@en }

# sh:languageIn of shape:intervention-dose-form
DELETE DATA { <intervention/NCT00000001/01> kg:doseForm "tablets"@en . <assertion/NCT00000001/19> rdf:object "tablets"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:doseForm "tablets" . <assertion/NCT00000001/19> rdf:object "tablets" }

# sh:nodeKind of shape:intervention-intervention-type
DELETE DATA { <intervention/NCT00000001/01> kg:interventionType <code/intervention-type/DRUG> } ;
INSERT DATA { <intervention/NCT00000001/01> kg:interventionType "https://kg.example.org/code/intervention-type/DRUG" }

# sh:maxCount of shape:intervention-intervention-type
INSERT DATA { <intervention/NCT00000001/01> kg:interventionType <code/intervention-type/DEVICE> }

# sh:pattern of shape:intervention-intervention-type
DELETE DATA { <intervention/NCT00000001/01> kg:interventionType <code/intervention-type/DRUG> } ;
INSERT DATA { <intervention/NCT00000001/01> kg:interventionType <nonsense> }

# sh:minCount of shape:intervention-label
DELETE DATA { <intervention/NCT00000001/01> rdfs:label "ribociclib"@en }

# sh:maxCount of shape:intervention-label
INSERT DATA { <intervention/NCT00000001/01> rdfs:label "ribociclib 2"@en }

# sh:minLength of shape:intervention-label
DELETE DATA { <intervention/NCT00000001/01> rdfs:label "ribociclib"@en } ;
INSERT DATA { <intervention/NCT00000001/01> rdfs:label ""@en }

# sh:languageIn of shape:intervention-label
DELETE DATA { <intervention/NCT00000001/01> rdfs:label "ribociclib"@en } ;
INSERT DATA { <intervention/NCT00000001/01> rdfs:label "ribociclib" }

# sh:minLength of shape:intervention-other-name
DELETE DATA { <intervention/NCT00000001/01> kg:otherName "LEE011"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:otherName ""@en }

# sh:languageIn of shape:intervention-other-name
DELETE DATA { <intervention/NCT00000001/01> kg:otherName "LEE011"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:otherName "LEE011" }

# sh:minCount of shape:intervention-owner
DELETE DATA { <arm/NCT00000001/01> kg:intervention <intervention/NCT00000001/01> . trial:NCT00000001 kg:intervention <intervention/NCT00000001/01> }

# sh:minLength of shape:intervention-route
DELETE DATA { <intervention/NCT00000001/01> kg:route "orally"@en . <assertion/NCT00000001/17> rdf:object "orally"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:route ""@en . <assertion/NCT00000001/17> rdf:object ""@en }

# sh:languageIn of shape:intervention-route
DELETE DATA { <intervention/NCT00000001/01> kg:route "orally"@en . <assertion/NCT00000001/17> rdf:object "orally"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:route "orally" . <assertion/NCT00000001/17> rdf:object "orally" }

# sh:minLength of shape:intervention-schedule
DELETE DATA { <intervention/NCT00000001/01> kg:schedule "once daily"@en . <assertion/NCT00000001/18> rdf:object "once daily"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:schedule ""@en . <assertion/NCT00000001/18> rdf:object ""@en }

# sh:languageIn of shape:intervention-schedule
DELETE DATA { <intervention/NCT00000001/01> kg:schedule "once daily"@en . <assertion/NCT00000001/18> rdf:object "once daily"@en } ;
INSERT DATA { <intervention/NCT00000001/01> kg:schedule "once daily" . <assertion/NCT00000001/18> rdf:object "once daily" }
