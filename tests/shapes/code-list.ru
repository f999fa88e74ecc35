# What breaks a constraint of shapes/code-list.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>

# sh:or of shape:code-list-allocation
DELETE { <code/allocation/RANDOMIZED> ?p ?o } INSERT { <code/allocation/Nonsense> ?p ?o } WHERE { <code/allocation/RANDOMIZED> ?p ?o } ;
DELETE { ?s ?p <code/allocation/RANDOMIZED> } INSERT { ?s ?p <code/allocation/Nonsense> } WHERE { ?s ?p <code/allocation/RANDOMIZED> }

# sh:or of shape:code-list-arm-type
DELETE { <code/arm-type/EXPERIMENTAL> ?p ?o } INSERT { <code/arm-type/Nonsense> ?p ?o } WHERE { <code/arm-type/EXPERIMENTAL> ?p ?o } ;
DELETE { ?s ?p <code/arm-type/EXPERIMENTAL> } INSERT { ?s ?p <code/arm-type/Nonsense> } WHERE { ?s ?p <code/arm-type/EXPERIMENTAL> }

# sh:or of shape:code-list-enrollment-type
DELETE { <code/enrollment-type/ACTUAL> ?p ?o } INSERT { <code/enrollment-type/Nonsense> ?p ?o } WHERE { <code/enrollment-type/ACTUAL> ?p ?o } ;
DELETE { ?s ?p <code/enrollment-type/ACTUAL> } INSERT { ?s ?p <code/enrollment-type/Nonsense> } WHERE { ?s ?p <code/enrollment-type/ACTUAL> }

# sh:or of shape:code-list-intervention-model
DELETE { <code/intervention-model/PARALLEL> ?p ?o } INSERT { <code/intervention-model/Nonsense> ?p ?o } WHERE { <code/intervention-model/PARALLEL> ?p ?o } ;
DELETE { ?s ?p <code/intervention-model/PARALLEL> } INSERT { ?s ?p <code/intervention-model/Nonsense> } WHERE { ?s ?p <code/intervention-model/PARALLEL> }

# sh:or of shape:code-list-intervention-type
DELETE { <code/intervention-type/DRUG> ?p ?o } INSERT { <code/intervention-type/Nonsense> ?p ?o } WHERE { <code/intervention-type/DRUG> ?p ?o } ;
DELETE { ?s ?p <code/intervention-type/DRUG> } INSERT { ?s ?p <code/intervention-type/Nonsense> } WHERE { ?s ?p <code/intervention-type/DRUG> }

# sh:or of shape:code-list-masking
DELETE { <code/masking/DOUBLE> ?p ?o } INSERT { <code/masking/Nonsense> ?p ?o } WHERE { <code/masking/DOUBLE> ?p ?o } ;
DELETE { ?s ?p <code/masking/DOUBLE> } INSERT { ?s ?p <code/masking/Nonsense> } WHERE { ?s ?p <code/masking/DOUBLE> }

# sh:or of shape:code-list-observational-model
DELETE { <code/observational-model/COHORT> ?p ?o } INSERT { <code/observational-model/Nonsense> ?p ?o } WHERE { <code/observational-model/COHORT> ?p ?o } ;
DELETE { ?s ?p <code/observational-model/COHORT> } INSERT { ?s ?p <code/observational-model/Nonsense> } WHERE { ?s ?p <code/observational-model/COHORT> }

# sh:or of shape:code-list-official-role
DELETE { <code/official-role/PRINCIPAL_INVESTIGATOR> ?p ?o } INSERT { <code/official-role/PRINCIPAL_Nonsense> ?p ?o } WHERE { <code/official-role/PRINCIPAL_INVESTIGATOR> ?p ?o } ;
DELETE { ?s ?p <code/official-role/PRINCIPAL_INVESTIGATOR> } INSERT { ?s ?p <code/official-role/PRINCIPAL_Nonsense> } WHERE { ?s ?p <code/official-role/PRINCIPAL_INVESTIGATOR> }

# sh:or of shape:code-list-outcome-type
DELETE { <code/outcome-type/PRIMARY> ?p ?o } INSERT { <code/outcome-type/Nonsense> ?p ?o } WHERE { <code/outcome-type/PRIMARY> ?p ?o } ;
DELETE { ?s ?p <code/outcome-type/PRIMARY> } INSERT { ?s ?p <code/outcome-type/Nonsense> } WHERE { ?s ?p <code/outcome-type/PRIMARY> }

# sh:or of shape:code-list-overall-status
DELETE { <code/overall-status/TERMINATED> ?p ?o } INSERT { <code/overall-status/Nonsense> ?p ?o } WHERE { <code/overall-status/TERMINATED> ?p ?o } ;
DELETE { ?s ?p <code/overall-status/TERMINATED> } INSERT { ?s ?p <code/overall-status/Nonsense> } WHERE { ?s ?p <code/overall-status/TERMINATED> }

# sh:or of shape:code-list-phase
DELETE { <code/phase/PHASE2> ?p ?o } INSERT { <code/phase/Nonsense> ?p ?o } WHERE { <code/phase/PHASE2> ?p ?o } ;
DELETE { ?s ?p <code/phase/PHASE2> } INSERT { ?s ?p <code/phase/Nonsense> } WHERE { ?s ?p <code/phase/PHASE2> }

# sh:or of shape:code-list-primary-purpose
DELETE { <code/primary-purpose/TREATMENT> ?p ?o } INSERT { <code/primary-purpose/Nonsense> ?p ?o } WHERE { <code/primary-purpose/TREATMENT> ?p ?o } ;
DELETE { ?s ?p <code/primary-purpose/TREATMENT> } INSERT { ?s ?p <code/primary-purpose/Nonsense> } WHERE { ?s ?p <code/primary-purpose/TREATMENT> }

# sh:or of shape:code-list-reference-type
DELETE { <code/reference-type/RESULT> ?p ?o } INSERT { <code/reference-type/Nonsense> ?p ?o } WHERE { <code/reference-type/RESULT> ?p ?o } ;
DELETE { ?s ?p <code/reference-type/RESULT> } INSERT { ?s ?p <code/reference-type/Nonsense> } WHERE { ?s ?p <code/reference-type/RESULT> }

# sh:or of shape:code-list-sampling-method
DELETE { <code/sampling-method/PROBABILITY_SAMPLE> ?p ?o } INSERT { <code/sampling-method/PROBABILITY_Nonsense> ?p ?o } WHERE { <code/sampling-method/PROBABILITY_SAMPLE> ?p ?o } ;
DELETE { ?s ?p <code/sampling-method/PROBABILITY_SAMPLE> } INSERT { ?s ?p <code/sampling-method/PROBABILITY_Nonsense> } WHERE { ?s ?p <code/sampling-method/PROBABILITY_SAMPLE> }

# sh:or of shape:code-list-sex
DELETE { <code/sex/FEMALE> ?p ?o } INSERT { <code/sex/Nonsense> ?p ?o } WHERE { <code/sex/FEMALE> ?p ?o } ;
DELETE { ?s ?p <code/sex/FEMALE> } INSERT { ?s ?p <code/sex/Nonsense> } WHERE { ?s ?p <code/sex/FEMALE> }

# sh:or of shape:code-list-sponsor-class
DELETE { <code/sponsor-class/INDUSTRY> ?p ?o } INSERT { <code/sponsor-class/Nonsense> ?p ?o } WHERE { <code/sponsor-class/INDUSTRY> ?p ?o } ;
DELETE { ?s ?p <code/sponsor-class/INDUSTRY> } INSERT { ?s ?p <code/sponsor-class/Nonsense> } WHERE { ?s ?p <code/sponsor-class/INDUSTRY> }

# sh:or of shape:code-list-study-type
DELETE { <code/study-type/INTERVENTIONAL> ?p ?o } INSERT { <code/study-type/Nonsense> ?p ?o } WHERE { <code/study-type/INTERVENTIONAL> ?p ?o } ;
DELETE { ?s ?p <code/study-type/INTERVENTIONAL> } INSERT { ?s ?p <code/study-type/Nonsense> } WHERE { ?s ?p <code/study-type/INTERVENTIONAL> }

# sh:or of shape:code-list-time-perspective
DELETE { <code/time-perspective/PROSPECTIVE> ?p ?o } INSERT { <code/time-perspective/Nonsense> ?p ?o } WHERE { <code/time-perspective/PROSPECTIVE> ?p ?o } ;
DELETE { ?s ?p <code/time-perspective/PROSPECTIVE> } INSERT { ?s ?p <code/time-perspective/Nonsense> } WHERE { ?s ?p <code/time-perspective/PROSPECTIVE> }

# sh:or of shape:code-list-who-masked
DELETE { <code/who-masked/PARTICIPANT> ?p ?o } INSERT { <code/who-masked/Nonsense> ?p ?o } WHERE { <code/who-masked/PARTICIPANT> ?p ?o } ;
DELETE { ?s ?p <code/who-masked/PARTICIPANT> } INSERT { ?s ?p <code/who-masked/Nonsense> } WHERE { ?s ?p <code/who-masked/PARTICIPANT> }
