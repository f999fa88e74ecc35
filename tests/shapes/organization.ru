# What breaks a constraint of shapes/organization.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

# sh:or of shape:Organization
DELETE { <organization/company> ?p ?o } INSERT { <thing/company> ?p ?o } WHERE { <organization/company> ?p ?o } ;
DELETE { ?s ?p <organization/company> } INSERT { ?s ?p <thing/company> } WHERE { ?s ?p <organization/company> }

# sh:minCount of shape:organization-label
DELETE DATA { <organization/company> rdfs:label "COMPANY"@en . <organization/company> rdfs:label "Company"@en }

# sh:minLength of shape:organization-label
DELETE DATA { <organization/company> rdfs:label "COMPANY"@en } ;
INSERT DATA { <organization/company> rdfs:label ""@en }

# sh:languageIn of shape:organization-label
DELETE DATA { <organization/company> rdfs:label "COMPANY"@en } ;
INSERT DATA { <organization/company> rdfs:label "COMPANY" }

# sh:nodeKind of shape:organization-sponsor-class
DELETE DATA { <organization/company> kg:sponsorClass <code/sponsor-class/INDUSTRY> } ;
INSERT DATA { <organization/company> kg:sponsorClass "https://kg.example.org/code/sponsor-class/INDUSTRY" }

# sh:pattern of shape:organization-sponsor-class
DELETE DATA { <organization/company> kg:sponsorClass <code/sponsor-class/INDUSTRY> } ;
INSERT DATA { <organization/company> kg:sponsorClass <nonsense> }
