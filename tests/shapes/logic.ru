# What breaks a constraint of shapes/logic.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX mesh: <http://id.nlm.nih.gov/mesh/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

# sh:pattern of shape:Condition
DELETE { <logic/NCT00000001/03> ?p ?o } INSERT { <thing/NCT00000001/03> ?p ?o } WHERE { <logic/NCT00000001/03> ?p ?o } ;
DELETE { ?s ?p <logic/NCT00000001/03> } INSERT { ?s ?p <thing/NCT00000001/03> } WHERE { ?s ?p <logic/NCT00000001/03> }

# sh:pattern of shape:Group
DELETE { <logic/NCT00000001/04> ?p ?o } INSERT { <thing/NCT00000001/04> ?p ?o } WHERE { <logic/NCT00000001/04> ?p ?o } ;
DELETE { ?s ?p <logic/NCT00000001/04> } INSERT { ?s ?p <thing/NCT00000001/04> } WHERE { ?s ?p <logic/NCT00000001/04> }

# sh:maxCount of shape:condition-assay
INSERT DATA { <logic/NCT00000001/02> kg:assay <nonsense> }

# sh:nodeKind of shape:condition-comparator
DELETE DATA { <logic/NCT00000001/03> kg:comparator <code/comparator/ge> } ;
INSERT DATA { <logic/NCT00000001/03> kg:comparator "https://kg.example.org/code/comparator/ge" }

# sh:maxCount of shape:condition-comparator
INSERT DATA { <logic/NCT00000001/03> kg:comparator <code/comparator/ge2> }

# sh:pattern of shape:condition-comparator
DELETE DATA { <logic/NCT00000001/03> kg:comparator <code/comparator/ge> } ;
INSERT DATA { <logic/NCT00000001/03> kg:comparator <nonsense> }

# sh:maxCount of shape:condition-disease
INSERT DATA { <logic/NCT00000001/05> kg:disease <nonsense> }

# sh:datatype of shape:condition-end
DELETE DATA { <logic/NCT00000001/03> kg:end 47 } ;
INSERT DATA { <logic/NCT00000001/03> kg:end 47.0 }

# sh:minCount of shape:condition-end
DELETE DATA { <logic/NCT00000001/03> kg:end 47 }

# sh:maxCount of shape:condition-end
INSERT DATA { <logic/NCT00000001/03> kg:end 472 }

# sh:maxCount of shape:condition-marker
INSERT DATA { <logic/NCT00000001/02> kg:marker <nonsense> }

# sh:maxCount of shape:condition-marker-state
INSERT DATA { <logic/NCT00000001/02> kg:markerState <state/her2-low2> }

# sh:minCount of shape:condition-owner
DELETE DATA { <logic/NCT00000001/01> kg:operand <logic/NCT00000001/03> }

# sh:datatype of shape:condition-start
DELETE DATA { <logic/NCT00000001/03> kg:start 42 } ;
INSERT DATA { <logic/NCT00000001/03> kg:start 42.0 }

# sh:minCount of shape:condition-start
DELETE DATA { <logic/NCT00000001/03> kg:start 42 }

# sh:maxCount of shape:condition-start
INSERT DATA { <logic/NCT00000001/03> kg:start 43 }

# sh:minInclusive of shape:condition-start
DELETE DATA { <logic/NCT00000001/03> kg:start 42 } ;
INSERT DATA { <logic/NCT00000001/03> kg:start -1 }

# sh:lessThan of shape:condition-start
DELETE DATA { <logic/NCT00000001/03> kg:start 42 } ;
INSERT DATA { <logic/NCT00000001/03> kg:start 422 }

# sh:nodeKind of shape:condition-state
DELETE DATA { <logic/NCT00000001/02> kg:state <code/state/low> } ;
INSERT DATA { <logic/NCT00000001/02> kg:state "https://kg.example.org/code/state/low" }

# sh:maxCount of shape:condition-state
INSERT DATA { <logic/NCT00000001/02> kg:state <code/state/low2> }

# sh:pattern of shape:condition-state
INSERT DATA { <logic/NCT00000001/03> kg:state <nonsense> }

# sh:maxCount of shape:condition-treatment
INSERT DATA { <logic/NCT00000001/06> kg:treatment <nonsense> }

# sh:datatype of shape:condition-unit
DELETE DATA { <logic/NCT00000001/03> kg:unit "years" } ;
INSERT DATA { <logic/NCT00000001/03> kg:unit "years"@de }

# sh:maxCount of shape:condition-unit
INSERT DATA { <logic/NCT00000001/03> kg:unit "x" }

# sh:minLength of shape:condition-unit
DELETE DATA { <logic/NCT00000001/03> kg:unit "years" } ;
INSERT DATA { <logic/NCT00000001/03> kg:unit "" }

# sh:datatype of shape:condition-value
DELETE DATA { <logic/NCT00000001/03> kg:value "18" } ;
INSERT DATA { <logic/NCT00000001/03> kg:value "18"@de }

# sh:maxCount of shape:condition-value
INSERT DATA { <logic/NCT00000001/03> kg:value "x" }

# sh:minLength of shape:condition-value
DELETE DATA { <logic/NCT00000001/03> kg:value "18" } ;
INSERT DATA { <logic/NCT00000001/03> kg:value "" }

# sh:datatype of shape:condition-within
DELETE DATA { <logic/NCT00000001/06> kg:within "P28D"^^xsd:duration } ;
INSERT DATA { <logic/NCT00000001/06> kg:within "4 weeks" }

# sh:maxCount of shape:condition-within
INSERT DATA { <logic/NCT00000001/06> kg:within "P6M"^^xsd:duration }

# sh:minCount of shape:disease-condition-disease
DELETE DATA { <logic/NCT00000001/05> kg:disease mesh:D011658 }

# sh:minCount of shape:group-operand
DELETE WHERE { <logic/NCT00000001/04> kg:operand ?operand . ?operand ?predicate ?value }

# sh:minCount of shape:group-operands
DELETE DATA { <logic/NCT00000001/04> a kg:Not } ;
INSERT DATA { <logic/NCT00000001/04> a kg:AnyOf }

# sh:minCount of shape:group-owner
DELETE DATA { <logic/NCT00000001/01> kg:operand <logic/NCT00000001/04> }

# sh:datatype of shape:lab-condition-analyte
DELETE DATA { <logic/NCT00000001/07> kg:analyte "platelet count" } ;
INSERT DATA { <logic/NCT00000001/07> kg:analyte "platelet count"@en }

# sh:minCount of shape:lab-condition-analyte
DELETE DATA { <logic/NCT00000001/07> kg:analyte "platelet count" }

# sh:maxCount of shape:lab-condition-analyte
INSERT DATA { <logic/NCT00000001/07> kg:analyte "haemoglobin" }

# sh:minLength of shape:lab-condition-analyte
DELETE DATA { <logic/NCT00000001/07> kg:analyte "platelet count" } ;
INSERT DATA { <logic/NCT00000001/07> kg:analyte "" }

# sh:maxCount of shape:logic-node-owner
INSERT DATA { mesh:C000589651 kg:operand <logic/NCT00000001/02> }

# sh:minCount of shape:logic-node-type
DELETE DATA { <logic/NCT00000001/02> a kg:MarkerCondition }

# sh:in of shape:logic-node-type
DELETE DATA { <logic/NCT00000001/02> a kg:MarkerCondition } ;
INSERT DATA { <logic/NCT00000001/02> a <nonsense> }

# sh:minCount of shape:marker-condition-marker
DELETE DATA { <logic/NCT00000001/02> kg:marker mesh:D018719 }

# sh:maxCount of shape:not-operand
INSERT DATA { <logic/NCT00000001/04> kg:operand <logic/NCT00000001/09> .
  <logic/NCT00000001/09> a kg:AgeCondition ; kg:start 42 ; kg:end 47 ; kg:value "18" ; kg:unit "years" }

# sh:minCount of shape:treatment-condition-treatment
DELETE DATA { <logic/NCT00000001/06> kg:treatment <concept/surgery> }
