# What breaks a constraint of shapes/concept.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX mesh: <http://id.nlm.nih.gov/mesh/>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX trial: <https://identifiers.org/clinicaltrials:>

# sh:node of shape:Concept
DELETE { <concept/ribociclib-fulvestrant> ?p ?o } INSERT { <reported/ribociclib> ?p ?o } WHERE { <concept/ribociclib-fulvestrant> ?p ?o }

# sh:nodeKind of shape:ConceptInUse
INSERT DATA { trial:NCT00000001 kg:mentions "http://id.nlm.nih.gov/mesh/D008545" } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> . <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object "http://id.nlm.nih.gov/mesh/D008545" }

# sh:node of shape:ConceptInUse
DELETE { mesh:D011658 ?p ?o } INSERT { mesh:Nonsense ?p ?o } WHERE { mesh:D011658 ?p ?o } ;
DELETE { ?s ?p mesh:D011658 } INSERT { ?s ?p mesh:Nonsense } WHERE { ?s ?p mesh:D011658 }

# sh:nodeKind of shape:MarkerStateInUse
DELETE DATA { trial:NCT00000001 kg:excludesMarkerState <state/her2-high> . <assertion/NCT00000001/10> rdf:object <state/her2-high> } ;
INSERT DATA { trial:NCT00000001 kg:excludesMarkerState "https://kg.example.org/state/her2-high" . <assertion/NCT00000001/10> rdf:object "https://kg.example.org/state/her2-high" }

# sh:pattern of shape:MarkerStateInUse
DELETE DATA { <logic/NCT00000001/02> kg:markerState <state/her2-low> } ;
INSERT DATA { <logic/NCT00000001/02> kg:markerState <state/HER2_low> }

# sh:not of shape:MarkerStateInUse
DELETE DATA { <logic/NCT00000001/02> kg:markerState <state/her2-low> } ;
INSERT DATA { <logic/NCT00000001/02> kg:markerState <code/state/not-amplified> }

# sh:pattern of shape:MeshHeadingInUse
DELETE { mesh:D009369 ?p ?o } INSERT { <nonsense> ?p ?o } WHERE { mesh:D009369 ?p ?o } ;
DELETE { ?s ?p mesh:D009369 } INSERT { ?s ?p <nonsense> } WHERE { ?s ?p mesh:D009369 }

# sh:nodeKind of shape:concept-alt-label
INSERT DATA { mesh:C000589651 skos:altLabel <nonsense> }

# sh:minLength of shape:concept-alt-label
INSERT DATA { mesh:C000589651 skos:altLabel "" }

# sh:nodeKind of shape:concept-ambiguous-label
INSERT DATA { mesh:C000589651 kg:ambiguousLabel <nonsense> }

# sh:minLength of shape:concept-ambiguous-label
INSERT DATA { mesh:C000589651 kg:ambiguousLabel "" }

# sh:class of shape:concept-broader
INSERT DATA { mesh:C000589651 skos:broader <nonsense> }

# sh:nodeKind of shape:concept-close-match
DELETE DATA { mesh:C000589651 skos:closeMatch obo:CHEBI_90869 } ;
INSERT DATA { mesh:C000589651 skos:closeMatch "http://purl.obolibrary.org/obo/CHEBI_90869" }

# sh:node of shape:concept-close-match
DELETE DATA { mesh:C000589651 skos:closeMatch obo:CHEBI_90869 } ;
INSERT DATA { mesh:C000589651 skos:closeMatch <https://purl.obolibrary.org/obo/CHEBI_90869> }

# sh:nodeKind of shape:concept-exact-match
DELETE DATA { mesh:D001943 skos:exactMatch obo:NCIT_C9335 } ;
INSERT DATA { mesh:D001943 skos:exactMatch "http://purl.obolibrary.org/obo/NCIT_C9335" }

# sh:node of shape:concept-exact-match
INSERT DATA { mesh:C000589651 skos:exactMatch <urn:x:y> }

# sh:maxCount of shape:concept-gene
INSERT DATA { mesh:D018719 kg:gene "http://identifiers.org/hgnc/3430" }

# sh:pattern of shape:concept-gene
INSERT DATA { mesh:C000589651 kg:gene "x" }

# sh:class of shape:concept-has-part
DELETE DATA { <concept/ribociclib-fulvestrant> kg:hasPart mesh:C000589651 } ;
INSERT DATA { <concept/ribociclib-fulvestrant> kg:hasPart <concept/not-described> }

# sh:class of shape:concept-has-target
INSERT DATA { mesh:C000589651 kg:hasTarget <nonsense> }

# sh:nodeKind of shape:concept-hidden-label
INSERT DATA { mesh:C000589651 skos:hiddenLabel <nonsense> }

# sh:minLength of shape:concept-hidden-label
INSERT DATA { mesh:C000589651 skos:hiddenLabel "" }

# sh:sparql of shape:concept-hierarchy-without-cycle
INSERT DATA { <concept/endocrine-therapy> skos:broader <concept/fulvestrant> }

# sh:disjoint of shape:concept-labels-disjoint
INSERT DATA { mesh:D018719 skos:altLabel "HER2"@en }

# sh:disjoint of shape:concept-labels-disjoint
INSERT DATA { mesh:D018719 skos:altLabel "her-2/neu"@en }

# sh:disjoint of shape:concept-matches-disjoint
INSERT DATA { <concept/fulvestrant> skos:exactMatch <concept/endocrine-therapy> }

# sh:disjoint of shape:concept-matches-disjoint
INSERT DATA { <concept/ribociclib-fulvestrant> skos:exactMatch mesh:C000589651 }

# sh:datatype of shape:concept-mesh-tree-number
DELETE DATA { mesh:D018719 kg:meshTreeNumber "D12.776.543.750" } ;
INSERT DATA { mesh:D018719 kg:meshTreeNumber "D12.776.543.750"@en }

# sh:pattern of shape:concept-mesh-tree-number
INSERT DATA { mesh:C000589651 kg:meshTreeNumber "x" }

# sh:class of shape:concept-possible-state
INSERT DATA { mesh:C000589651 kg:possibleState "x" }

# sh:minCount of shape:concept-pref-label
DELETE DATA { mesh:C000589651 skos:prefLabel "ribociclib"@en }

# sh:maxCount of shape:concept-pref-label
INSERT DATA { mesh:C000589651 skos:prefLabel "ribociclib 2"@en }

# sh:minLength of shape:concept-pref-label
DELETE DATA { mesh:C000589651 skos:prefLabel "ribociclib"@en } ;
INSERT DATA { mesh:C000589651 skos:prefLabel ""@en }

# sh:languageIn of shape:concept-pref-label
DELETE DATA { mesh:C000589651 skos:prefLabel "ribociclib"@en } ;
INSERT DATA { mesh:C000589651 skos:prefLabel "ribociclib" }

# sh:hasValue of shape:concept-type
DELETE DATA { <http://identifiers.org/hgnc/3430> a skos:Concept }

# sh:minCount of shape:drug-combination-parts
DELETE DATA { <concept/ribociclib-fulvestrant> kg:hasPart mesh:C000589651 . <concept/ribociclib-fulvestrant> kg:hasPart <concept/fulvestrant> }

# sh:minCount of shape:marker-notation
DELETE DATA { <concept/ki-67> skos:notation "ki-67" }

# sh:pattern of shape:marker-notation
DELETE DATA { <concept/ki-67> skos:notation "ki-67" } ;
INSERT DATA { <concept/ki-67> skos:notation "Ki-67" }
