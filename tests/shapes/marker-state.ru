# What breaks a constraint of shapes/marker-state.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX mesh: <http://id.nlm.nih.gov/mesh/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

# sh:pattern of shape:StateValue
DELETE { <code/state/high> ?p ?o } INSERT { <thing/state/high> ?p ?o } WHERE { <code/state/high> ?p ?o } ;
DELETE { ?s ?p <code/state/high> } INSERT { ?s ?p <thing/state/high> } WHERE { ?s ?p <code/state/high> }

# sh:sparql of shape:marker-state-is-of-its-marker
DELETE DATA { <state/her2-low> kg:marker mesh:D018719 } ;
INSERT DATA { <state/her2-low> kg:marker <concept/ki-67> }

# sh:maxCount of shape:marker-state-label
INSERT DATA { <state/her2-low> skos:prefLabel "low HER2"@en }

# sh:class of shape:marker-state-marker
DELETE DATA { <state/her2-low> kg:marker mesh:D018719 } ;
INSERT DATA { <state/her2-low> kg:marker <nonsense> }

# sh:minCount of shape:marker-state-marker
DELETE DATA { <state/her2-low> kg:marker mesh:D018719 }

# sh:maxCount of shape:marker-state-marker and sh:sparql of shape:marker-state-is-of-its-marker
INSERT DATA { <state/her2-low> kg:marker <concept/ki-67> }

# sh:minCount of shape:marker-state-notation
DELETE DATA { <state/her2-low> skos:notation "her2-low" }

# sh:sparql of shape:marker-state-notation-is-in-iri
DELETE { <state/her2-low> ?p ?o } INSERT { <state/her2-lower> ?p ?o } WHERE { <state/her2-low> ?p ?o }

# sh:class of shape:marker-state-state
DELETE DATA { <state/her2-low> kg:state <code/state/low> } ;
INSERT DATA { <state/her2-low> kg:state <nonsense> }

# sh:minCount of shape:marker-state-state
DELETE DATA { <state/her2-low> kg:state <code/state/low> }

# sh:maxCount of shape:marker-state-state and sh:sparql of shape:marker-state-is-of-its-marker
INSERT DATA { <state/her2-low> kg:state <code/state/high> }

# sh:class of shape:state-value-contradicts
DELETE DATA { <code/state/high> kg:contradicts <code/state/low> } ;
INSERT DATA { <code/state/high> kg:contradicts <nonsense> }

# sh:minCount of shape:state-value-notation
DELETE DATA { <code/state/high> skos:notation "high" }
