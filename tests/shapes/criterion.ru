# What breaks a constraint of shapes/criterion.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX trial: <https://identifiers.org/clinicaltrials:>

# sh:pattern of shape:Criterion
DELETE { <criterion/NCT00000001/01> ?p ?o } INSERT { <thing/NCT00000001/01> ?p ?o } WHERE { <criterion/NCT00000001/01> ?p ?o } ;
DELETE { ?s ?p <criterion/NCT00000001/01> } INSERT { ?s ?p <thing/NCT00000001/01> } WHERE { ?s ?p <criterion/NCT00000001/01> }

# sh:datatype of shape:criterion-end
DELETE DATA { <criterion/NCT00000001/01> kg:end 121 } ;
INSERT DATA { <criterion/NCT00000001/01> kg:end "121" }

# sh:minCount of shape:criterion-end
DELETE DATA { <criterion/NCT00000001/01> kg:end 121 }

# sh:maxCount of shape:criterion-end and sh:sparql of shape:criterion-text-fills-its-place
INSERT DATA { <criterion/NCT00000001/01> kg:end 76 }

# sh:datatype of shape:criterion-field
DELETE DATA { <criterion/NCT00000001/01> kg:field "/eligibilityCriteria" } ;
INSERT DATA { <criterion/NCT00000001/01> kg:field "/eligibilityCriteria"@de }

# sh:minCount of shape:criterion-field
DELETE DATA { <criterion/NCT00000001/01> kg:field "/eligibilityCriteria" }

# sh:maxCount of shape:criterion-field
INSERT DATA { <criterion/NCT00000001/01> kg:field "x" }

# sh:minLength of shape:criterion-field
DELETE DATA { <criterion/NCT00000001/01> kg:field "/eligibilityCriteria" } ;
INSERT DATA { <criterion/NCT00000001/01> kg:field "" }

# sh:maxCount of shape:criterion-logic
INSERT DATA { <criterion/NCT00000001/01> kg:logic <logic/NCT00000001/09> .
  <logic/NCT00000001/09> a kg:AgeCondition ; kg:start 42 ; kg:end 47 ; kg:value "18" ; kg:unit "years" }

# sh:datatype of shape:criterion-order
DELETE DATA { <criterion/NCT00000001/01> kg:order 0 } ;
INSERT DATA { <criterion/NCT00000001/01> kg:order 0.0 }

# sh:minCount of shape:criterion-order
DELETE DATA { <criterion/NCT00000001/01> kg:order 0 }

# sh:maxCount of shape:criterion-order
INSERT DATA { <criterion/NCT00000001/01> kg:order 2 }

# sh:minInclusive of shape:criterion-order
DELETE DATA { <criterion/NCT00000001/01> kg:order 0 } ;
INSERT DATA { <criterion/NCT00000001/01> kg:order -1 }

# sh:minCount of shape:criterion-owner
DELETE DATA { trial:NCT00000001 kg:criterion <criterion/NCT00000001/01> }

# sh:minCount of shape:criterion-polarity
DELETE DATA { <criterion/NCT00000001/01> kg:polarity kg:inclusion }

# sh:maxCount of shape:criterion-polarity
INSERT DATA { <criterion/NCT00000001/01> kg:polarity kg:exclusion }

# sh:in of shape:criterion-polarity
DELETE DATA { <criterion/NCT00000001/01> kg:polarity kg:inclusion } ;
INSERT DATA { <criterion/NCT00000001/01> kg:polarity <nonsense> }

# sh:class of shape:criterion-source
DELETE DATA { <criterion/NCT00000001/01> kg:source <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> } ;
INSERT DATA { <criterion/NCT00000001/01> kg:source <nonsense> }

# sh:minCount of shape:criterion-source
DELETE DATA { <criterion/NCT00000001/01> kg:source <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> }

# sh:maxCount of shape:criterion-source
INSERT DATA { <criterion/NCT00000001/01> kg:source <document/abababababababababababababababababababababababababababababababab> . trial:NCT00000001 kg:document <document/abababababababababababababababababababababababababababababababab> .
  <document/abababababababababababababababababababababababababababababababab> a kg:Document ; kg:sha256 "abababababababababababababababababababababababababababababababab" ; kg:format "ctgov-xml" ; dcterms:source <https://clinicaltrials.gov/study/NCT00000001> }

# sh:datatype of shape:criterion-start
DELETE DATA { <criterion/NCT00000001/01> kg:start 24 } ;
INSERT DATA { <criterion/NCT00000001/01> kg:start 24.0 }

# sh:minCount of shape:criterion-start
DELETE DATA { <criterion/NCT00000001/01> kg:start 24 }

# sh:maxCount of shape:criterion-start and sh:sparql of shape:criterion-text-fills-its-place
INSERT DATA { <criterion/NCT00000001/01> kg:start 23 }

# sh:minInclusive of shape:criterion-start
DELETE DATA { <criterion/NCT00000001/01> kg:start 24 ; kg:end 121 } ;
INSERT DATA { <criterion/NCT00000001/01> kg:start -97 ; kg:end 0 }

# sh:minCount of shape:criterion-text
DELETE DATA { <criterion/NCT00000001/01> kg:text "HER2-low disease, adult, no fibrosis, after surgery; platelets 100 G/L; expected to live 12 weeks"@en }

# sh:maxCount of shape:criterion-text
INSERT DATA { <criterion/NCT00000001/01> kg:text "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"@en }

# sh:minLength of shape:criterion-text
DELETE DATA { <criterion/NCT00000001/02> kg:text "any chemotherapy"@en ; kg:end 156 } ;
INSERT DATA { <criterion/NCT00000001/02> kg:text ""@en ; kg:end 140 }

# sh:languageIn of shape:criterion-text
DELETE DATA { <criterion/NCT00000001/01> kg:text "HER2-low disease, adult, no fibrosis, after surgery; platelets 100 G/L; expected to live 12 weeks"@en } ;
INSERT DATA { <criterion/NCT00000001/01> kg:text "HER2-low disease, adult, no fibrosis, after surgery; platelets 100 G/L; expected to live 12 weeks" }

# sh:sparql of shape:criterion-text-fills-its-place
DELETE DATA { <criterion/NCT00000001/01> kg:text "HER2-low disease, adult, no fibrosis, after surgery; platelets 100 G/L; expected to live 12 weeks"@en } ;
INSERT DATA { <criterion/NCT00000001/01> kg:text "HER2-low disease, adult, no fibrosis, after surgery; platelets 100 G/L; expected to live 12 weeks 2"@en }

# sh:not of shape:criterion-without-contact-data
DELETE DATA { <criterion/NCT00000001/02> kg:text "any chemotherapy"@en ; kg:end 156 } ;
INSERT DATA { <criterion/NCT00000001/02> kg:text "me@example.org"@en ; kg:end 154 }
