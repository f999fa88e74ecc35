# What breaks a constraint of shapes/site.ttl: changes to valid.ttl, each with what it breaks and nothing else.

BASE <https://kg.example.org/>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
PREFIX kg: <https://w3id.org/trialkg/vocab#>
PREFIX trial: <https://identifiers.org/clinicaltrials:>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

# sh:pattern of shape:Site
DELETE { <site/NCT00000001/01> ?p ?o } INSERT { <thing/NCT00000001/01> ?p ?o } WHERE { <site/NCT00000001/01> ?p ?o } ;
DELETE { ?s ?p <site/NCT00000001/01> } INSERT { ?s ?p <thing/NCT00000001/01> } WHERE { ?s ?p <site/NCT00000001/01> }

# sh:or of shape:Site-coordinates
DELETE WHERE { <site/NCT00000001/01> geo:long ?long }

# sh:not of shape:Site-null-island
DELETE { ?site geo:lat ?lat ; geo:long ?long } INSERT { ?site geo:lat 0.0 ; geo:long 0.0 } WHERE { ?site geo:lat ?lat ; geo:long ?long }

# sh:or of shape:Site-place
DELETE WHERE { <site/NCT00000001/01> kg:facility ?facility ; kg:city ?city ; kg:country ?country }

# sh:maxCount of shape:site-city
INSERT DATA { <site/NCT00000001/01> kg:city "Marseille 2"@en }

# sh:minLength of shape:site-city
DELETE DATA { <site/NCT00000001/01> kg:city "Marseille"@en } ;
INSERT DATA { <site/NCT00000001/01> kg:city ""@en }

# sh:languageIn of shape:site-city
DELETE DATA { <site/NCT00000001/01> kg:city "Marseille"@en } ;
INSERT DATA { <site/NCT00000001/01> kg:city "Marseille" }

# sh:nodeKind of shape:site-country
DELETE DATA { <site/NCT00000001/01> kg:country <country/FR> } ;
INSERT DATA { <site/NCT00000001/01> kg:country "https://kg.example.org/country/FR" }

# sh:maxCount of shape:site-country
INSERT DATA { <site/NCT00000001/01> kg:country <country/FR2> }

# sh:pattern of shape:site-country
DELETE DATA { <site/NCT00000001/01> kg:country <country/FR> } ;
INSERT DATA { <site/NCT00000001/01> kg:country <nonsense> }

# sh:class of shape:site-facility
DELETE DATA { <site/NCT00000001/01> kg:facility <organization/institute> } ;
INSERT DATA { <site/NCT00000001/01> kg:facility <nonsense> }

# sh:maxCount of shape:site-facility
INSERT DATA { <site/NCT00000001/01> kg:facility <organization/company> }

# sh:datatype of shape:site-lat
DELETE DATA { <site/NCT00000001/01> geo:lat 43.29695 } ;
INSERT DATA { <site/NCT00000001/01> geo:lat "43.29695"^^xsd:double }

# sh:maxCount of shape:site-lat
INSERT DATA { <site/NCT00000001/01> geo:lat 43.296952 }

# sh:minInclusive of shape:site-lat
DELETE DATA { <site/NCT00000001/01> geo:lat 43.29695 } ;
INSERT DATA { <site/NCT00000001/01> geo:lat -91.0 }

# sh:maxInclusive of shape:site-lat
DELETE DATA { <site/NCT00000001/01> geo:lat 43.29695 } ;
INSERT DATA { <site/NCT00000001/01> geo:lat 91.0 }

# sh:datatype of shape:site-long
DELETE DATA { <site/NCT00000001/01> geo:long 5.38107 } ;
INSERT DATA { <site/NCT00000001/01> geo:long "5.38107"^^xsd:double }

# sh:maxCount of shape:site-long
INSERT DATA { <site/NCT00000001/01> geo:long 5.381072 }

# sh:minInclusive of shape:site-long
DELETE DATA { <site/NCT00000001/01> geo:long 5.38107 } ;
INSERT DATA { <site/NCT00000001/01> geo:long -181.0 }

# sh:maxInclusive of shape:site-long
DELETE DATA { <site/NCT00000001/01> geo:long 5.38107 } ;
INSERT DATA { <site/NCT00000001/01> geo:long 181.0 }

# sh:minCount of shape:site-owner
DELETE DATA { trial:NCT00000001 kg:site <site/NCT00000001/01> }

# sh:datatype of shape:site-postal-code
DELETE DATA { <site/NCT00000001/01> kg:postalCode "13009" } ;
INSERT DATA { <site/NCT00000001/01> kg:postalCode "13009"@de }

# sh:maxCount of shape:site-postal-code
INSERT DATA { <site/NCT00000001/01> kg:postalCode "x" }

# sh:minLength of shape:site-postal-code
DELETE DATA { <site/NCT00000001/01> kg:postalCode "13009" } ;
INSERT DATA { <site/NCT00000001/01> kg:postalCode "" }

# sh:maxCount of shape:site-region
INSERT DATA { <site/NCT00000001/01> kg:region "Provence 2"@en }

# sh:minLength of shape:site-region
DELETE DATA { <site/NCT00000001/01> kg:region "Provence"@en } ;
INSERT DATA { <site/NCT00000001/01> kg:region ""@en }

# sh:languageIn of shape:site-region
DELETE DATA { <site/NCT00000001/01> kg:region "Provence"@en } ;
INSERT DATA { <site/NCT00000001/01> kg:region "Provence" }

# sh:nodeKind of shape:site-site-status
DELETE DATA { <site/NCT00000001/01> kg:siteStatus <code/overall-status/RECRUITING> } ;
INSERT DATA { <site/NCT00000001/01> kg:siteStatus "https://kg.example.org/code/overall-status/RECRUITING" }

# sh:maxCount of shape:site-site-status
INSERT DATA { <site/NCT00000001/01> kg:siteStatus <code/overall-status/COMPLETED> }

# sh:pattern of shape:site-site-status
DELETE DATA { <site/NCT00000001/01> kg:siteStatus <code/overall-status/RECRUITING> } ;
INSERT DATA { <site/NCT00000001/01> kg:siteStatus <nonsense> }
