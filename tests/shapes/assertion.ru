# What breaks a constraint of shapes/assertion.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX mesh: <http://id.nlm.nih.gov/mesh/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX trial: <https://identifiers.org/clinicaltrials:>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

# sh:pattern of shape:Assertion
DELETE { <assertion/NCT00000001/01> ?p ?o } INSERT { <thing/NCT00000001/01> ?p ?o } WHERE { <assertion/NCT00000001/01> ?p ?o } ;
DELETE { ?s ?p <assertion/NCT00000001/01> } INSERT { ?s ?p <thing/NCT00000001/01> } WHERE { ?s ?p <assertion/NCT00000001/01> }

# sh:datatype of shape:assertion-confidence
DELETE DATA { <assertion/NCT00000001/01> kg:confidence 0.9 } ;
INSERT DATA { <assertion/NCT00000001/01> kg:confidence "0.9"^^xsd:double }

# sh:minCount of shape:assertion-confidence
DELETE DATA { <assertion/NCT00000001/01> kg:confidence 0.9 }

# sh:maxCount of shape:assertion-confidence
INSERT DATA { <assertion/NCT00000001/01> kg:confidence 0.92 }

# sh:minInclusive of shape:assertion-confidence
DELETE DATA { <assertion/NCT00000001/01> kg:confidence 0.9 } ;
INSERT DATA { <assertion/NCT00000001/01> kg:confidence -0.1 }

# sh:maxInclusive of shape:assertion-confidence
DELETE DATA { <assertion/NCT00000001/01> kg:confidence 0.9 } ;
INSERT DATA { <assertion/NCT00000001/01> kg:confidence 5.0 }

# sh:datatype of shape:assertion-end
DELETE DATA { <assertion/NCT00000001/01> kg:end 17 } ;
INSERT DATA { <assertion/NCT00000001/01> kg:end "17" }

# sh:minCount of shape:assertion-end
DELETE DATA { <assertion/NCT00000001/01> kg:end 17 }

# sh:maxCount of shape:assertion-end and sh:sparql of shape:assertion-quote-fills-its-place
INSERT DATA { <assertion/NCT00000001/02> kg:end 31 }

# sh:datatype of shape:assertion-field
DELETE DATA { <assertion/NCT00000001/01> kg:field "/briefTitle" } ;
INSERT DATA { <assertion/NCT00000001/01> kg:field "/briefTitle"@de }

# sh:minCount of shape:assertion-field
DELETE DATA { <assertion/NCT00000001/01> kg:field "/briefTitle" }

# sh:maxCount of shape:assertion-field
INSERT DATA { <assertion/NCT00000001/01> kg:field "x" }

# sh:minLength of shape:assertion-field
DELETE DATA { <assertion/NCT00000001/01> kg:field "/briefTitle" } ;
INSERT DATA { <assertion/NCT00000001/01> kg:field "" }

# sh:minCount of shape:assertion-object
DELETE DATA { <assertion/NCT00000001/02> rdf:object mesh:C000589651 }

# sh:maxCount of shape:assertion-object
INSERT DATA { <assertion/NCT00000001/02> rdf:object <concept/ribociclib-fulvestrant> .
  trial:NCT00000001 kg:investigates <concept/ribociclib-fulvestrant> }

# sh:minCount of shape:assertion-predicate
DELETE DATA { <assertion/NCT00000001/02> rdf:predicate kg:investigates }

# sh:maxCount of shape:assertion-predicate
INSERT DATA { <assertion/NCT00000001/02> rdf:predicate kg:background . trial:NCT00000001 kg:background mesh:C000589651 }

# sh:in of shape:assertion-predicate
DELETE DATA { <assertion/NCT00000001/02> rdf:predicate kg:investigates } ;
INSERT DATA { <assertion/NCT00000001/02> rdf:predicate rdfs:seeAlso . trial:NCT00000001 rdfs:seeAlso mesh:C000589651 }

# sh:datatype of shape:assertion-quote
DELETE DATA { <assertion/NCT00000001/01> kg:quote "D001943" } ;
INSERT DATA { <assertion/NCT00000001/01> kg:quote "D001943"@de }

# sh:minCount of shape:assertion-quote
DELETE DATA { <assertion/NCT00000001/01> kg:quote "D001943" }

# sh:maxCount of shape:assertion-quote
INSERT DATA { <assertion/NCT00000001/01> kg:quote "xxxxxxx" }

# sh:minLength of shape:assertion-quote
DELETE DATA { <assertion/NCT00000001/02> kg:quote "ribociclib" ; kg:end 30 } ;
INSERT DATA { <assertion/NCT00000001/02> kg:quote "" ; kg:end 20 }

# sh:sparql of shape:assertion-quote-fills-its-place
DELETE DATA { <assertion/NCT00000001/02> kg:end 30 } ;
INSERT DATA { <assertion/NCT00000001/02> kg:end 31 }

# sh:nodeKind of shape:assertion-rule
DELETE DATA { <assertion/NCT00000001/01> kg:rule <rule/dictionary> } ;
INSERT DATA { <assertion/NCT00000001/01> kg:rule "https://kg.example.org/rule/dictionary" }

# sh:minCount of shape:assertion-rule
DELETE DATA { <assertion/NCT00000001/01> kg:rule <rule/dictionary> }

# sh:maxCount of shape:assertion-rule
INSERT DATA { <assertion/NCT00000001/01> kg:rule <rule/dictionary2> }

# sh:pattern of shape:assertion-rule
DELETE DATA { <assertion/NCT00000001/01> kg:rule <rule/dictionary> } ;
INSERT DATA { <assertion/NCT00000001/01> kg:rule <nonsense> }

# sh:class of shape:assertion-source
DELETE DATA { <assertion/NCT00000001/01> kg:source <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> } ;
INSERT DATA { <assertion/NCT00000001/01> kg:source <nonsense> }

# sh:minCount of shape:assertion-source
DELETE DATA { <assertion/NCT00000001/01> kg:source <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> }

# sh:maxCount of shape:assertion-source
INSERT DATA { <assertion/NCT00000001/02> kg:source <document/abababababababababababababababababababababababababababababababab> . trial:NCT00000001 kg:document <document/abababababababababababababababababababababababababababababababab> .
  <document/abababababababababababababababababababababababababababababababab> a kg:Document ; kg:sha256 "abababababababababababababababababababababababababababababababab" ; kg:format "ctgov-xml" ; dcterms:source <https://clinicaltrials.gov/study/NCT00000001> }

# sh:datatype of shape:assertion-start
DELETE DATA { <assertion/NCT00000001/01> kg:start 10 } ;
INSERT DATA { <assertion/NCT00000001/01> kg:start 10.0 }

# sh:minCount of shape:assertion-start
DELETE DATA { <assertion/NCT00000001/01> kg:start 10 }

# sh:maxCount of shape:assertion-start and sh:sparql of shape:assertion-quote-fills-its-place
INSERT DATA { <assertion/NCT00000001/02> kg:start 19 }

# sh:minInclusive of shape:assertion-start
DELETE DATA { <assertion/NCT00000001/02> kg:start 20 ; kg:end 30 } ;
INSERT DATA { <assertion/NCT00000001/02> kg:start -10 ; kg:end 0 }

# sh:sparql of shape:assertion-statement-is-in-graph
DELETE DATA { <assertion/NCT00000001/02> rdf:predicate kg:investigates } ;
INSERT DATA { <assertion/NCT00000001/02> rdf:predicate kg:background }

# sh:nodeKind of shape:assertion-subject
DELETE DATA { <assertion/NCT00000001/02> rdf:subject trial:NCT00000001 } ;
INSERT DATA { <assertion/NCT00000001/02> rdf:subject _:trial . _:trial kg:investigates mesh:C000589651 }

# sh:minCount of shape:assertion-subject
DELETE DATA { <assertion/NCT00000001/02> rdf:subject trial:NCT00000001 }

# sh:maxCount of shape:assertion-subject
INSERT DATA { <assertion/NCT00000001/14> rdf:subject <arm/NCT00000001/01> . <arm/NCT00000001/01> kg:agent mesh:C000589651 }

# sh:not of shape:assertion-without-contact-data
DELETE DATA { <assertion/NCT00000001/02> kg:quote "ribociclib" ; kg:end 30 } ;
INSERT DATA { <assertion/NCT00000001/02> kg:quote "me@example.org" ; kg:end 34 }

# sh:sparql of shape:backed-agent
INSERT DATA { <intervention/NCT00000001/01> kg:agent mesh:D011658 }

# sh:sparql of shape:backed-assessment
INSERT DATA { trial:NCT00000001 kg:assessment mesh:D011658 }

# sh:sparql of shape:backed-background
INSERT DATA { trial:NCT00000001 kg:background mesh:D011658 }

# sh:sparql of shape:backed-comparator
INSERT DATA { trial:NCT00000001 kg:comparator mesh:D011658 }

# sh:sparql of shape:backed-condition
INSERT DATA { trial:NCT00000001 kg:condition mesh:D011658 }

# sh:sparql of shape:backed-dose
INSERT DATA { <intervention/NCT00000001/01> kg:dose "300 mg"@en }

# sh:sparql of shape:backed-dose-form
INSERT DATA { <intervention/NCT00000001/01> kg:doseForm "capsules"@en }

# sh:sparql of shape:backed-endpoint
INSERT DATA { <outcome/NCT00000001/01> kg:endpoint mesh:D011658 }

# sh:sparql of shape:backed-excludes-marker-state
INSERT DATA { trial:NCT00000001 kg:excludesMarkerState <state/er-positive> }

# sh:sparql of shape:backed-excludes-treatment
INSERT DATA { trial:NCT00000001 kg:excludesTreatment mesh:D011658 }

# sh:sparql of shape:backed-investigates
INSERT DATA { trial:NCT00000001 kg:investigates mesh:D011658 }

# sh:sparql of shape:backed-measures-marker
INSERT DATA { trial:NCT00000001 kg:measuresMarker mesh:D011658 }

# sh:sparql of shape:backed-mentions
INSERT DATA { trial:NCT00000001 kg:mentions mesh:D011658 }

# sh:sparql of shape:backed-requires-marker-state
INSERT DATA { trial:NCT00000001 kg:requiresMarkerState <state/er-positive> }

# sh:sparql of shape:backed-requires-treatment
INSERT DATA { trial:NCT00000001 kg:requiresTreatment mesh:D011658 }

# sh:sparql of shape:backed-route
INSERT DATA { <intervention/NCT00000001/01> kg:route "by mouth"@en }

# sh:sparql of shape:backed-schedule
INSERT DATA { <intervention/NCT00000001/01> kg:schedule "weekly"@en }

# sh:sparql of shape:backed-stratifies-by
INSERT DATA { trial:NCT00000001 kg:stratifiesBy mesh:D011658 }
