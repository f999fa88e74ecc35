# What breaks a constraint of shapes/code.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

# sh:nodeKind of shape:Code
INSERT DATA { _:code a skos:Concept ; skos:notation "PHASE5" ; skos:prefLabel "Phase 5"@en }

# sh:pattern of shape:Country
DELETE { <country/FR> ?p ?o } INSERT { <country/Nonsense> ?p ?o } WHERE { <country/FR> ?p ?o } ;
DELETE { ?s ?p <country/FR> } INSERT { ?s ?p <country/Nonsense> } WHERE { ?s ?p <country/FR> }

# sh:minCount of shape:code-label
DELETE DATA { <code/state/high> skos:prefLabel "high"@en }

# sh:minLength of shape:code-label
DELETE DATA { <code/state/low> skos:prefLabel "low"@en } ;
INSERT DATA { <code/state/low> skos:prefLabel ""@en }

# sh:languageIn of shape:code-label
DELETE DATA { <code/state/low> skos:prefLabel "low"@en } ;
INSERT DATA { <code/state/low> skos:prefLabel "niedrig"@de }

# sh:datatype of shape:code-notation
DELETE DATA { <code/state/high> skos:notation "high" } ;
INSERT DATA { <code/state/high> skos:notation "high"@en }

# sh:maxCount of shape:code-notation
INSERT DATA { <code/state/high> skos:notation "hi" }

# sh:minLength of shape:code-notation
DELETE DATA { <code/state/high> skos:notation "high" } ;
INSERT DATA { <code/state/high> skos:notation "" }

# sh:hasValue of shape:code-type
DELETE DATA { <code/state/high> a skos:Concept }

# sh:datatype of shape:country-alpha3
DELETE DATA { <country/FR> kg:alpha3 "FRA" } ;
INSERT DATA { <country/FR> kg:alpha3 "FRA"@de }

# sh:maxCount of shape:country-alpha3
INSERT DATA { <country/FR> kg:alpha3 "FXX" }

# sh:pattern of shape:country-alpha3
DELETE DATA { <country/FR> kg:alpha3 "FRA" } ;
INSERT DATA { <country/FR> kg:alpha3 "x" }

# sh:minCount of shape:country-label
DELETE DATA { <reported/country/atlantis> skos:prefLabel "ATLANTIS"@en . <reported/country/atlantis> skos:prefLabel "Atlantis"@en }

# sh:minLength of shape:country-label
INSERT DATA { <reported/country/atlantis> skos:prefLabel ""@en }

# sh:languageIn of shape:country-label
INSERT DATA { <reported/country/atlantis> skos:prefLabel "Atlantide"@fr }
