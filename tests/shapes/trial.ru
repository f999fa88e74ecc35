# What breaks a constraint of shapes/trial.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX mesh: <http://id.nlm.nih.gov/mesh/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX trial: <https://identifiers.org/clinicaltrials:>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

# sh:pattern of shape:Trial
DELETE { trial:NCT00000001 ?p ?o } INSERT { <http://identifiers.org/clinicaltrials:NCT00000001> ?p ?o } WHERE { trial:NCT00000001 ?p ?o } ;
DELETE { ?s ?p trial:NCT00000001 } INSERT { ?s ?p <http://identifiers.org/clinicaltrials:NCT00000001> } WHERE { ?s ?p trial:NCT00000001 }

# sh:sparql of shape:TrialParts
INSERT DATA { trial:NCT00000001 kg:arm <arm/NCT00000002/01> . <arm/NCT00000002/01> a kg:Arm ; rdfs:label "Another trial's"@en }

# sh:datatype of shape:trial-accepts-healthy-volunteers
DELETE DATA { trial:NCT00000001 kg:acceptsHealthyVolunteers false } ;
INSERT DATA { trial:NCT00000001 kg:acceptsHealthyVolunteers "false" }

# sh:maxCount of shape:trial-accepts-healthy-volunteers
INSERT DATA { trial:NCT00000001 kg:acceptsHealthyVolunteers true }

# sh:maxCount of shape:trial-acronym
INSERT DATA { trial:NCT00000001 kg:acronym "ENDO 2"@en }

# sh:minLength of shape:trial-acronym
DELETE DATA { trial:NCT00000001 kg:acronym "ENDO"@en } ;
INSERT DATA { trial:NCT00000001 kg:acronym ""@en }

# sh:languageIn of shape:trial-acronym
DELETE DATA { trial:NCT00000001 kg:acronym "ENDO"@en } ;
INSERT DATA { trial:NCT00000001 kg:acronym "ENDO" }

# sh:sparql of shape:trial-age-limits-in-order
DELETE DATA { trial:NCT00000001 kg:maximumAge "P75Y"^^xsd:duration } ;
INSERT DATA { trial:NCT00000001 kg:maximumAge "P1Y"^^xsd:duration }

# sh:nodeKind of shape:trial-allocation
DELETE DATA { trial:NCT00000001 kg:allocation <code/allocation/RANDOMIZED> } ;
INSERT DATA { trial:NCT00000001 kg:allocation "https://kg.example.org/code/allocation/RANDOMIZED" }

# sh:maxCount of shape:trial-allocation
INSERT DATA { trial:NCT00000001 kg:allocation <code/allocation/NON_RANDOMIZED> }

# sh:pattern of shape:trial-allocation
DELETE DATA { trial:NCT00000001 kg:allocation <code/allocation/RANDOMIZED> } ;
INSERT DATA { trial:NCT00000001 kg:allocation <nonsense> }

# sh:class of shape:trial-arm
DELETE DATA { trial:NCT00000001 kg:arm <arm/NCT00000001/01> } ;
INSERT DATA { trial:NCT00000001 kg:arm "https://kg.example.org/arm/NCT00000001/01" }

# sh:maxCount of shape:trial-brief-summary
INSERT DATA { trial:NCT00000001 kg:briefSummary "It compares two treatments. 2"@en }

# sh:minLength of shape:trial-brief-summary
DELETE DATA { trial:NCT00000001 kg:briefSummary "It compares two treatments."@en } ;
INSERT DATA { trial:NCT00000001 kg:briefSummary ""@en }

# sh:languageIn of shape:trial-brief-summary
DELETE DATA { trial:NCT00000001 kg:briefSummary "It compares two treatments."@en } ;
INSERT DATA { trial:NCT00000001 kg:briefSummary "It compares two treatments." }

# sh:maxCount of shape:trial-brief-title
INSERT DATA { trial:NCT00000001 kg:briefTitle "Endocrine therapy with or without ribociclib 2"@en }

# sh:minLength of shape:trial-brief-title
DELETE DATA { trial:NCT00000001 kg:briefTitle "Endocrine therapy with or without ribociclib"@en } ;
INSERT DATA { trial:NCT00000001 kg:briefTitle ""@en }

# sh:languageIn of shape:trial-brief-title
DELETE DATA { trial:NCT00000001 kg:briefTitle "Endocrine therapy with or without ribociclib"@en } ;
INSERT DATA { trial:NCT00000001 kg:briefTitle "Endocrine therapy with or without ribociclib" }

# sh:class of shape:trial-collaborator
DELETE DATA { trial:NCT00000001 kg:collaborator <organization/company> } ;
INSERT DATA { trial:NCT00000001 kg:collaborator <nonsense> }

# sh:maxCount of shape:trial-completion-date
INSERT DATA { trial:NCT00000001 kg:completionDate "2026"^^xsd:gYear }

# sh:or of shape:trial-completion-date
DELETE DATA { trial:NCT00000001 kg:completionDate "2026-01-31"^^xsd:date } ;
INSERT DATA { trial:NCT00000001 kg:completionDate "2026-01-312"^^xsd:date }

# sh:sparql of shape:trial-completion-not-before-start
DELETE WHERE { trial:NCT00000001 kg:completionDate ?completion ; kg:primaryCompletionDate ?primary } ;
INSERT DATA { trial:NCT00000001 kg:completionDate "2024-04"^^xsd:gYearMonth }

# sh:nodeKind of shape:trial-condition-mesh
DELETE DATA { trial:NCT00000001 kg:conditionMesh mesh:D001943 } ;
INSERT DATA { trial:NCT00000001 kg:conditionMesh "http://id.nlm.nih.gov/mesh/D001943" }

# sh:nodeKind of shape:trial-condition-mesh-ancestor
DELETE DATA { trial:NCT00000001 kg:conditionMeshAncestor mesh:D009369 } ;
INSERT DATA { trial:NCT00000001 kg:conditionMeshAncestor "http://id.nlm.nih.gov/mesh/D009369" }

# sh:nodeKind of shape:trial-country
DELETE DATA { trial:NCT00000001 kg:country <country/FR> } ;
INSERT DATA { trial:NCT00000001 kg:country "https://kg.example.org/country/FR" }

# sh:pattern of shape:trial-country
DELETE DATA { trial:NCT00000001 kg:country <country/FR> } ;
INSERT DATA { trial:NCT00000001 kg:country <nonsense> }

# sh:class of shape:trial-criterion
INSERT DATA { trial:NCT00000001 kg:criterion <criterion/NCT00000001/03> }

# sh:maxCount of shape:trial-detailed-description
INSERT DATA { trial:NCT00000001 kg:detailedDescription "It compares them in two arms. 2"@en }

# sh:minLength of shape:trial-detailed-description
DELETE DATA { trial:NCT00000001 kg:detailedDescription "It compares them in two arms."@en } ;
INSERT DATA { trial:NCT00000001 kg:detailedDescription ""@en }

# sh:languageIn of shape:trial-detailed-description
DELETE DATA { trial:NCT00000001 kg:detailedDescription "It compares them in two arms."@en } ;
INSERT DATA { trial:NCT00000001 kg:detailedDescription "It compares them in two arms." }

# sh:class of shape:trial-document
INSERT DATA { trial:NCT00000001 kg:document <document/abababababababababababababababababababababababababababababababab> }

# sh:minCount of shape:trial-document
DELETE DATA { trial:NCT00000001 kg:document <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> } ;
INSERT DATA { <arm/NCT00000001/01> kg:document <document/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef> }

# sh:datatype of shape:trial-enrollment
DELETE DATA { trial:NCT00000001 kg:enrollment 0 } ;
INSERT DATA { trial:NCT00000001 kg:enrollment 0.0 }

# sh:maxCount of shape:trial-enrollment
INSERT DATA { trial:NCT00000001 kg:enrollment 2 }

# sh:minInclusive of shape:trial-enrollment
DELETE DATA { trial:NCT00000001 kg:enrollment 0 } ;
INSERT DATA { trial:NCT00000001 kg:enrollment -1 }

# sh:maxInclusive of shape:trial-enrollment-plausible
DELETE DATA { trial:NCT00000001 kg:enrollment 0 } ;
INSERT DATA { trial:NCT00000001 kg:enrollment 99999999 }

# sh:nodeKind of shape:trial-enrollment-type
DELETE DATA { trial:NCT00000001 kg:enrollmentType <code/enrollment-type/ACTUAL> } ;
INSERT DATA { trial:NCT00000001 kg:enrollmentType "https://kg.example.org/code/enrollment-type/ACTUAL" }

# sh:maxCount of shape:trial-enrollment-type
INSERT DATA { trial:NCT00000001 kg:enrollmentType <code/enrollment-type/ESTIMATED> }

# sh:pattern of shape:trial-enrollment-type
DELETE DATA { trial:NCT00000001 kg:enrollmentType <code/enrollment-type/ACTUAL> } ;
INSERT DATA { trial:NCT00000001 kg:enrollmentType <nonsense> }

# sh:maxCount of shape:trial-first-post-date
INSERT DATA { trial:NCT00000001 kg:firstPostDate "2025"^^xsd:gYear }

# sh:or of shape:trial-first-post-date
DELETE DATA { trial:NCT00000001 kg:firstPostDate "2024-04-01"^^xsd:date } ;
INSERT DATA { trial:NCT00000001 kg:firstPostDate "2024-04-012"^^xsd:date }

# sh:datatype of shape:trial-identifier
DELETE DATA { trial:NCT00000001 dcterms:identifier "NCT00000001" } ;
INSERT DATA { trial:NCT00000001 dcterms:identifier "NCT00000001"@de }

# sh:minCount of shape:trial-identifier
DELETE DATA { trial:NCT00000001 dcterms:identifier "NCT00000001" }

# sh:maxCount of shape:trial-identifier and sh:sparql of shape:trial-identifier-is-in-iri
INSERT DATA { trial:NCT00000001 dcterms:identifier "NCT00000002" }

# sh:pattern of shape:trial-identifier
DELETE DATA { trial:NCT00000001 dcterms:identifier "NCT00000001" } ;
INSERT DATA { trial:NCT00000001 dcterms:identifier "" }

# sh:sparql of shape:trial-identifier-is-in-iri
DELETE DATA { trial:NCT00000001 dcterms:identifier "NCT00000001" } ;
INSERT DATA { trial:NCT00000001 dcterms:identifier "NCT00000002" }

# sh:class of shape:trial-intervention
DELETE DATA { trial:NCT00000001 kg:intervention <intervention/NCT00000001/01> } ;
INSERT DATA { trial:NCT00000001 kg:intervention "https://kg.example.org/intervention/NCT00000001/01" }

# sh:nodeKind of shape:trial-intervention-mesh
DELETE DATA { trial:NCT00000001 kg:interventionMesh mesh:C000589651 } ;
INSERT DATA { trial:NCT00000001 kg:interventionMesh "http://id.nlm.nih.gov/mesh/C000589651" }

# sh:nodeKind of shape:trial-intervention-mesh-ancestor
DELETE DATA { trial:NCT00000001 kg:interventionMeshAncestor mesh:D000970 } ;
INSERT DATA { trial:NCT00000001 kg:interventionMeshAncestor "http://id.nlm.nih.gov/mesh/D000970" }

# sh:nodeKind of shape:trial-intervention-model
DELETE DATA { trial:NCT00000001 kg:interventionModel <code/intervention-model/PARALLEL> } ;
INSERT DATA { trial:NCT00000001 kg:interventionModel "https://kg.example.org/code/intervention-model/PARALLEL" }

# sh:maxCount of shape:trial-intervention-model
INSERT DATA { trial:NCT00000001 kg:interventionModel <code/intervention-model/SINGLE_GROUP> }

# sh:pattern of shape:trial-intervention-model
DELETE DATA { trial:NCT00000001 kg:interventionModel <code/intervention-model/PARALLEL> } ;
INSERT DATA { trial:NCT00000001 kg:interventionModel <nonsense> }

# sh:minLength of shape:trial-keyword
DELETE DATA { trial:NCT00000001 kg:keyword "CDK4/6"@en } ;
INSERT DATA { trial:NCT00000001 kg:keyword ""@en }

# sh:languageIn of shape:trial-keyword
DELETE DATA { trial:NCT00000001 kg:keyword "CDK4/6"@en } ;
INSERT DATA { trial:NCT00000001 kg:keyword "CDK4/6" }

# sh:maxCount of shape:trial-label
INSERT DATA { trial:NCT00000001 rdfs:label "Endocrine therapy with or without ribociclib 2"@en }

# sh:minLength of shape:trial-label
DELETE DATA { trial:NCT00000001 rdfs:label "Endocrine therapy with or without ribociclib"@en } ;
INSERT DATA { trial:NCT00000001 rdfs:label ""@en }

# sh:languageIn of shape:trial-label
DELETE DATA { trial:NCT00000001 rdfs:label "Endocrine therapy with or without ribociclib"@en } ;
INSERT DATA { trial:NCT00000001 rdfs:label "Endocrine therapy with or without ribociclib" }

# sh:minCount of shape:trial-label-present
DELETE DATA { trial:NCT00000001 rdfs:label "Endocrine therapy with or without ribociclib"@en }

# sh:maxCount of shape:trial-last-update-date
INSERT DATA { trial:NCT00000001 kg:lastUpdateDate "2025"^^xsd:gYear }

# sh:or of shape:trial-last-update-date
DELETE DATA { trial:NCT00000001 kg:lastUpdateDate "2025-06-30"^^xsd:date } ;
INSERT DATA { trial:NCT00000001 kg:lastUpdateDate "2025-06-302"^^xsd:date }

# sh:class of shape:trial-lead-sponsor
DELETE DATA { trial:NCT00000001 kg:leadSponsor <organization/institute> } ;
INSERT DATA { trial:NCT00000001 kg:leadSponsor <nonsense> }

# sh:maxCount of shape:trial-lead-sponsor
INSERT DATA { trial:NCT00000001 kg:leadSponsor <organization/company> }

# sh:nodeKind of shape:trial-masking
DELETE DATA { trial:NCT00000001 kg:masking <code/masking/DOUBLE> } ;
INSERT DATA { trial:NCT00000001 kg:masking "https://kg.example.org/code/masking/DOUBLE" }

# sh:maxCount of shape:trial-masking
INSERT DATA { trial:NCT00000001 kg:masking <code/masking/TRIPLE> }

# sh:pattern of shape:trial-masking
DELETE DATA { trial:NCT00000001 kg:masking <code/masking/DOUBLE> } ;
INSERT DATA { trial:NCT00000001 kg:masking <nonsense> }

# sh:datatype of shape:trial-maximum-age
DELETE DATA { trial:NCT00000001 kg:maximumAge "P75Y"^^xsd:duration } ;
INSERT DATA { trial:NCT00000001 kg:maximumAge "P75Y2"^^xsd:duration }

# sh:maxCount of shape:trial-maximum-age
INSERT DATA { trial:NCT00000001 kg:maximumAge "P99Y"^^xsd:duration }

# sh:not of shape:trial-maximum-age
DELETE DATA { trial:NCT00000001 kg:maximumAge "P75Y"^^xsd:duration } ;
INSERT DATA { trial:NCT00000001 kg:maximumAge "-P1Y"^^xsd:duration }

# sh:disjoint of shape:trial-mention-has-role
INSERT DATA { trial:NCT00000001 kg:mentions mesh:C000589651 } ;
DELETE DATA { <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object mesh:C000589651 } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> }

# sh:disjoint of shape:trial-mention-has-role
INSERT DATA { trial:NCT00000001 kg:mentions <concept/placebo> } ;
DELETE DATA { <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object <concept/placebo> } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> }

# sh:disjoint of shape:trial-mention-has-role
INSERT DATA { trial:NCT00000001 kg:mentions <concept/endocrine-therapy> } ;
DELETE DATA { <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object <concept/endocrine-therapy> } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> }

# sh:disjoint of shape:trial-mention-has-role
INSERT DATA { trial:NCT00000001 kg:mentions <concept/immunohistochemistry> } ;
DELETE DATA { <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object <concept/immunohistochemistry> } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> }

# sh:disjoint of shape:trial-mention-has-role
INSERT DATA { trial:NCT00000001 kg:mentions <concept/surgery> } ;
DELETE DATA { <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object <concept/surgery> } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> }

# sh:disjoint of shape:trial-mention-has-role
INSERT DATA { trial:NCT00000001 kg:mentions <concept/chemotherapy> } ;
DELETE DATA { <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object <concept/chemotherapy> } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> }

# sh:disjoint of shape:trial-mention-has-role
INSERT DATA { trial:NCT00000001 kg:mentions <concept/ki-67> } ;
DELETE DATA { <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object <concept/ki-67> } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> }

# sh:disjoint of shape:trial-mention-has-role
INSERT DATA { trial:NCT00000001 kg:mentions mesh:D018719 } ;
DELETE DATA { <assertion/NCT00000001/13> rdf:object <concept/fulvestrant> } ;
INSERT DATA { <assertion/NCT00000001/13> rdf:object mesh:D018719 } ;
DELETE DATA { trial:NCT00000001 kg:mentions <concept/fulvestrant> }

# sh:datatype of shape:trial-minimum-age
DELETE DATA { trial:NCT00000001 kg:minimumAge "P18Y"^^xsd:duration } ;
INSERT DATA { trial:NCT00000001 kg:minimumAge "P18Y2"^^xsd:duration }

# sh:maxCount of shape:trial-minimum-age
INSERT DATA { trial:NCT00000001 kg:minimumAge "P1Y"^^xsd:duration }

# sh:not of shape:trial-minimum-age
DELETE DATA { trial:NCT00000001 kg:minimumAge "P18Y"^^xsd:duration } ;
INSERT DATA { trial:NCT00000001 kg:minimumAge "-P1Y"^^xsd:duration }

# sh:datatype of shape:trial-nct-alias
DELETE DATA { trial:NCT00000001 kg:nctAlias "NCT00000009" } ;
INSERT DATA { trial:NCT00000001 kg:nctAlias "NCT00000009"@de }

# sh:pattern of shape:trial-nct-alias
DELETE DATA { trial:NCT00000001 kg:nctAlias "NCT00000009" } ;
INSERT DATA { trial:NCT00000001 kg:nctAlias "x" }

# sh:nodeKind of shape:trial-observational-model
DELETE DATA { trial:NCT00000001 kg:observationalModel <code/observational-model/COHORT> } ;
INSERT DATA { trial:NCT00000001 kg:observationalModel "https://kg.example.org/code/observational-model/COHORT" }

# sh:maxCount of shape:trial-observational-model
INSERT DATA { trial:NCT00000001 kg:observationalModel <code/observational-model/CASE_ONLY> }

# sh:pattern of shape:trial-observational-model
DELETE DATA { trial:NCT00000001 kg:observationalModel <code/observational-model/COHORT> } ;
INSERT DATA { trial:NCT00000001 kg:observationalModel <nonsense> }

# sh:class of shape:trial-official
INSERT DATA { trial:NCT00000001 kg:official <official/NCT00000001/02> }

# sh:maxCount of shape:trial-official-title
INSERT DATA { trial:NCT00000001 kg:officialTitle "A study of endocrine therapy with or without ribociclib 2"@en }

# sh:minLength of shape:trial-official-title
DELETE DATA { trial:NCT00000001 kg:officialTitle "A study of endocrine therapy with or without ribociclib"@en } ;
INSERT DATA { trial:NCT00000001 kg:officialTitle ""@en }

# sh:languageIn of shape:trial-official-title
DELETE DATA { trial:NCT00000001 kg:officialTitle "A study of endocrine therapy with or without ribociclib"@en } ;
INSERT DATA { trial:NCT00000001 kg:officialTitle "A study of endocrine therapy with or without ribociclib" }

# sh:datatype of shape:trial-org-study-identifier
DELETE DATA { trial:NCT00000001 kg:orgStudyIdentifier "ENDO-1" } ;
INSERT DATA { trial:NCT00000001 kg:orgStudyIdentifier "ENDO-1"@de }

# sh:maxCount of shape:trial-org-study-identifier
INSERT DATA { trial:NCT00000001 kg:orgStudyIdentifier "x" }

# sh:minLength of shape:trial-org-study-identifier
DELETE DATA { trial:NCT00000001 kg:orgStudyIdentifier "ENDO-1" } ;
INSERT DATA { trial:NCT00000001 kg:orgStudyIdentifier "" }

# sh:class of shape:trial-outcome
INSERT DATA { trial:NCT00000001 kg:outcome <outcome/NCT00000001/02> }

# sh:nodeKind of shape:trial-overall-status
DELETE DATA { trial:NCT00000001 kg:overallStatus <code/overall-status/TERMINATED> } ;
INSERT DATA { trial:NCT00000001 kg:overallStatus "https://kg.example.org/code/overall-status/TERMINATED" }

# sh:maxCount of shape:trial-overall-status
INSERT DATA { trial:NCT00000001 kg:overallStatus <code/overall-status/COMPLETED> }

# sh:pattern of shape:trial-overall-status
DELETE DATA { trial:NCT00000001 kg:overallStatus <code/overall-status/TERMINATED> } ;
INSERT DATA { trial:NCT00000001 kg:overallStatus <nonsense> }

# sh:minCount of shape:trial-overall-status-present
DELETE DATA { trial:NCT00000001 kg:overallStatus <code/overall-status/TERMINATED> }

# sh:nodeKind of shape:trial-phase
DELETE DATA { trial:NCT00000001 kg:phase <code/phase/PHASE2> } ;
INSERT DATA { trial:NCT00000001 kg:phase "https://kg.example.org/code/phase/PHASE2" }

# sh:pattern of shape:trial-phase
DELETE DATA { trial:NCT00000001 kg:phase <code/phase/PHASE2> } ;
INSERT DATA { trial:NCT00000001 kg:phase <nonsense> }

# sh:maxCount of shape:trial-primary-completion-date
INSERT DATA { trial:NCT00000001 kg:primaryCompletionDate "2025"^^xsd:gYear }

# sh:or of shape:trial-primary-completion-date
DELETE DATA { trial:NCT00000001 kg:primaryCompletionDate "2026"^^xsd:gYear } ;
INSERT DATA { trial:NCT00000001 kg:primaryCompletionDate "2026" }

# sh:sparql of shape:trial-primary-completion-not-after-completion
DELETE DATA { trial:NCT00000001 kg:completionDate "2026-01-31"^^xsd:date } ;
INSERT DATA { trial:NCT00000001 kg:completionDate "2025"^^xsd:gYear }

# sh:sparql of shape:trial-primary-completion-not-before-start
DELETE DATA { trial:NCT00000001 kg:primaryCompletionDate "2026"^^xsd:gYear } ;
INSERT DATA { trial:NCT00000001 kg:primaryCompletionDate "1999"^^xsd:gYear }

# sh:nodeKind of shape:trial-primary-purpose
DELETE DATA { trial:NCT00000001 kg:primaryPurpose <code/primary-purpose/TREATMENT> } ;
INSERT DATA { trial:NCT00000001 kg:primaryPurpose "https://kg.example.org/code/primary-purpose/TREATMENT" }

# sh:maxCount of shape:trial-primary-purpose
INSERT DATA { trial:NCT00000001 kg:primaryPurpose <code/primary-purpose/PREVENTION> }

# sh:pattern of shape:trial-primary-purpose
DELETE DATA { trial:NCT00000001 kg:primaryPurpose <code/primary-purpose/TREATMENT> } ;
INSERT DATA { trial:NCT00000001 kg:primaryPurpose <nonsense> }

# sh:class of shape:trial-reference
INSERT DATA { trial:NCT00000001 kg:reference <reference/NCT00000001/02> }

# sh:minLength of shape:trial-registry-mesh-label
DELETE DATA { trial:NCT00000001 kg:registryMeshLabel "Breast Neoplasms"@en } ;
INSERT DATA { trial:NCT00000001 kg:registryMeshLabel ""@en }

# sh:languageIn of shape:trial-registry-mesh-label
DELETE DATA { trial:NCT00000001 kg:registryMeshLabel "Breast Neoplasms"@en } ;
INSERT DATA { trial:NCT00000001 kg:registryMeshLabel "Breast Neoplasms" }

# sh:nodeKind of shape:trial-registry-page
DELETE DATA { trial:NCT00000001 schema:url <https://clinicaltrials.gov/study/NCT00000001> } ;
INSERT DATA { trial:NCT00000001 schema:url "https://clinicaltrials.gov/study/NCT00000001" }

# sh:minCount of shape:trial-registry-page
DELETE DATA { trial:NCT00000001 schema:url <https://clinicaltrials.gov/study/NCT00000001> }

# sh:maxCount of shape:trial-registry-page
INSERT DATA { trial:NCT00000001 schema:url <https://clinicaltrials.gov/study/NCT000000012> }

# sh:pattern of shape:trial-registry-page
DELETE DATA { trial:NCT00000001 schema:url <https://clinicaltrials.gov/study/NCT00000001> } ;
INSERT DATA { trial:NCT00000001 schema:url <nonsense> }

# sh:minLength of shape:trial-reported-condition
DELETE DATA { trial:NCT00000001 kg:reportedCondition "Breast Cancer"@en } ;
INSERT DATA { trial:NCT00000001 kg:reportedCondition ""@en }

# sh:languageIn of shape:trial-reported-condition
DELETE DATA { trial:NCT00000001 kg:reportedCondition "Breast Cancer"@en } ;
INSERT DATA { trial:NCT00000001 kg:reportedCondition "Breast Cancer" }

# sh:nodeKind of shape:trial-sampling-method
DELETE DATA { trial:NCT00000001 kg:samplingMethod <code/sampling-method/PROBABILITY_SAMPLE> } ;
INSERT DATA { trial:NCT00000001 kg:samplingMethod "https://kg.example.org/code/sampling-method/PROBABILITY_SAMPLE" }

# sh:maxCount of shape:trial-sampling-method
INSERT DATA { trial:NCT00000001 kg:samplingMethod <code/sampling-method/NON_PROBABILITY_SAMPLE> }

# sh:pattern of shape:trial-sampling-method
DELETE DATA { trial:NCT00000001 kg:samplingMethod <code/sampling-method/PROBABILITY_SAMPLE> } ;
INSERT DATA { trial:NCT00000001 kg:samplingMethod <nonsense> }

# sh:datatype of shape:trial-secondary-identifier
DELETE DATA { trial:NCT00000001 kg:secondaryIdentifier "2024-500001-11" } ;
INSERT DATA { trial:NCT00000001 kg:secondaryIdentifier "2024-500001-11"@de }

# sh:minLength of shape:trial-secondary-identifier
DELETE DATA { trial:NCT00000001 kg:secondaryIdentifier "2024-500001-11" } ;
INSERT DATA { trial:NCT00000001 kg:secondaryIdentifier "" }

# sh:nodeKind of shape:trial-see-also
DELETE DATA { trial:NCT00000001 rdfs:seeAlso <https://results.example.org/> } ;
INSERT DATA { trial:NCT00000001 rdfs:seeAlso "https://results.example.org/" }

# sh:nodeKind of shape:trial-sex
DELETE DATA { trial:NCT00000001 kg:sex <code/sex/FEMALE> } ;
INSERT DATA { trial:NCT00000001 kg:sex "https://kg.example.org/code/sex/FEMALE" }

# sh:maxCount of shape:trial-sex
INSERT DATA { trial:NCT00000001 kg:sex <code/sex/ALL> }

# sh:pattern of shape:trial-sex
DELETE DATA { trial:NCT00000001 kg:sex <code/sex/FEMALE> } ;
INSERT DATA { trial:NCT00000001 kg:sex <nonsense> }

# sh:class of shape:trial-site
INSERT DATA { trial:NCT00000001 kg:site <site/NCT00000001/02> }

# sh:maxCount of shape:trial-start-date
INSERT DATA { trial:NCT00000001 kg:startDate "2025"^^xsd:gYear }

# sh:or of shape:trial-start-date
DELETE DATA { trial:NCT00000001 kg:startDate "2024-05"^^xsd:gYearMonth } ;
INSERT DATA { trial:NCT00000001 kg:startDate "2024-052"^^xsd:gYearMonth }

# sh:disjoint of shape:trial-state-required-and-excluded
DELETE DATA { <assertion/NCT00000001/03> rdf:predicate kg:investigates ; rdf:object mesh:C000589651 } ;
INSERT DATA { <assertion/NCT00000001/03> rdf:predicate kg:requiresMarkerState ; rdf:object <state/her2-high> . trial:NCT00000001 kg:requiresMarkerState <state/her2-high> }

# sh:sparql of shape:trial-states-contradict
DELETE DATA { trial:NCT00000001 kg:investigates mesh:C000589651 } ;
DELETE DATA { <assertion/NCT00000001/02> rdf:predicate kg:investigates ; rdf:object mesh:C000589651 } ;
INSERT DATA { <assertion/NCT00000001/02> rdf:predicate kg:requiresMarkerState ; rdf:object <state/er-positive> . trial:NCT00000001 kg:requiresMarkerState <state/er-positive> } ;
DELETE DATA { <assertion/NCT00000001/03> rdf:predicate kg:investigates ; rdf:object mesh:C000589651 } ;
INSERT DATA { <assertion/NCT00000001/03> rdf:predicate kg:requiresMarkerState ; rdf:object <state/er-negative> . trial:NCT00000001 kg:requiresMarkerState <state/er-negative> }

# sh:maxCount of shape:trial-status-verified-date
INSERT DATA { trial:NCT00000001 kg:statusVerifiedDate "2025"^^xsd:gYear }

# sh:or of shape:trial-status-verified-date
DELETE DATA { trial:NCT00000001 kg:statusVerifiedDate "2025-06"^^xsd:gYearMonth } ;
INSERT DATA { trial:NCT00000001 kg:statusVerifiedDate "2025-062"^^xsd:gYearMonth }

# sh:nodeKind of shape:trial-study-type
DELETE DATA { trial:NCT00000001 kg:studyType <code/study-type/INTERVENTIONAL> } ;
INSERT DATA { trial:NCT00000001 kg:studyType "https://kg.example.org/code/study-type/INTERVENTIONAL" }

# sh:maxCount of shape:trial-study-type
INSERT DATA { trial:NCT00000001 kg:studyType <code/study-type/OBSERVATIONAL> }

# sh:pattern of shape:trial-study-type
DELETE DATA { trial:NCT00000001 kg:studyType <code/study-type/INTERVENTIONAL> } ;
INSERT DATA { trial:NCT00000001 kg:studyType <nonsense> }

# sh:minCount of shape:trial-study-type-present
DELETE DATA { trial:NCT00000001 kg:studyType <code/study-type/INTERVENTIONAL> }

# sh:nodeKind of shape:trial-time-perspective
DELETE DATA { trial:NCT00000001 kg:timePerspective <code/time-perspective/PROSPECTIVE> } ;
INSERT DATA { trial:NCT00000001 kg:timePerspective "https://kg.example.org/code/time-perspective/PROSPECTIVE" }

# sh:maxCount of shape:trial-time-perspective
INSERT DATA { trial:NCT00000001 kg:timePerspective <code/time-perspective/RETROSPECTIVE> }

# sh:pattern of shape:trial-time-perspective
DELETE DATA { trial:NCT00000001 kg:timePerspective <code/time-perspective/PROSPECTIVE> } ;
INSERT DATA { trial:NCT00000001 kg:timePerspective <nonsense> }

# sh:disjoint of shape:trial-treatment-required-and-excluded
DELETE DATA { <assertion/NCT00000001/03> rdf:predicate kg:investigates ; rdf:object mesh:C000589651 } ;
INSERT DATA { <assertion/NCT00000001/03> rdf:predicate kg:requiresTreatment ; rdf:object <concept/chemotherapy> . trial:NCT00000001 kg:requiresTreatment <concept/chemotherapy> }

# sh:hasValue of shape:trial-type
DELETE DATA { trial:NCT00000001 a schema:MedicalTrial }

# sh:hasValue of shape:trial-type
DELETE DATA { trial:NCT00000001 a biolink:ClinicalTrial }

# sh:sparql of shape:trial-update-not-before-first-post
DELETE DATA { trial:NCT00000001 kg:lastUpdateDate "2025-06-30"^^xsd:date } ;
INSERT DATA { trial:NCT00000001 kg:lastUpdateDate "1999"^^xsd:gYear }

# sh:nodeKind of shape:trial-who-masked
DELETE DATA { trial:NCT00000001 kg:whoMasked <code/who-masked/PARTICIPANT> } ;
INSERT DATA { trial:NCT00000001 kg:whoMasked "https://kg.example.org/code/who-masked/PARTICIPANT" }

# sh:pattern of shape:trial-who-masked
DELETE DATA { trial:NCT00000001 kg:whoMasked <code/who-masked/PARTICIPANT> } ;
INSERT DATA { trial:NCT00000001 kg:whoMasked <nonsense> }

# sh:maxCount of shape:trial-why-stopped
INSERT DATA { trial:NCT00000001 kg:whyStopped "Slow accrual 2"@en }

# sh:minLength of shape:trial-why-stopped
DELETE DATA { trial:NCT00000001 kg:whyStopped "Slow accrual"@en } ;
INSERT DATA { trial:NCT00000001 kg:whyStopped ""@en }

# sh:languageIn of shape:trial-why-stopped
DELETE DATA { trial:NCT00000001 kg:whyStopped "Slow accrual"@en } ;
INSERT DATA { trial:NCT00000001 kg:whyStopped "Slow accrual" }
