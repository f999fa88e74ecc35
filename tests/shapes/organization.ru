# What breaks a constraint of shapes/organization.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

# sh:or of shape:Organization
DELETE { <organization/company> ?p ?o } INSERT { <thing/company> ?p ?o } WHERE { <organization/company> ?p ?o } ;
DELETE { ?s ?p <organization/company> } INSERT { ?s ?p <thing/company> } WHERE { ?s ?p <organization/company> }

# sh:minCount of shape:organization-label
DELETE DATA { <organization/company> skos:prefLabel "COMPANY"@en . <organization/company> skos:prefLabel "Company"@en }

# sh:minLength of shape:organization-label
DELETE DATA { <organization/company> skos:prefLabel "COMPANY"@en } ;
INSERT DATA { <organization/company> skos:prefLabel ""@en }

# sh:languageIn of shape:organization-label
DELETE DATA { <organization/company> skos:prefLabel "COMPANY"@en } ;
INSERT DATA { <organization/company> skos:prefLabel "COMPANY" }

# sh:nodeKind of shape:organization-sponsor-class
DELETE DATA { <organization/company> kg:sponsorClass <code/sponsor-class/INDUSTRY> } ;
INSERT DATA { <organization/company> kg:sponsorClass "https://kg.example.org/code/sponsor-class/INDUSTRY" }

# sh:pattern of shape:organization-sponsor-class
DELETE DATA { <organization/company> kg:sponsorClass <code/sponsor-class/INDUSTRY> } ;
INSERT DATA { <organization/company> kg:sponsorClass <nonsense> }
