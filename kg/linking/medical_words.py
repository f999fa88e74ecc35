"""General medical vocabulary: which words mean the same thing, and which say little. Facts of language only.

Words are written as dictionaries write them and kept in the normal form of `kg.tokens`.
"""

from typing import Final

from kg.linking.word_lists import listed, paired
from kg.tokens import key


def _forms(text: str) -> frozenset[str]:
    return frozenset(map(key, listed(text)))


# Adjectives and variants to the noun that terminologies prefer.
_NOUNS: Final = paired(
    """
    renal:kidney nephric:kidney hepatic:liver cardiac:heart cordis:heart pulmonary:lung pulmonic:lung
    gastric:stomach intestinal:intestine enteric:intestine bowel:intestine gut:intestine cerebral:brain
    encephalic:brain neural:nerve neuronal:neuron ocular:eye ophthalmic:eye cutaneous:skin dermal:skin
    dermatologic:skin dermatological:skin mammary:breast ovarian:ovary testicular:testis testicle:testis
    prostatic:prostate uterine:uterus endometrial:endometrium vesical:bladder urinary:urine oral:mouth nasal:nose
    lingual:tongue dental:tooth teeth:tooth osseous:bone skeletal:skeleton muscular:muscle myocardial:myocardium
    vascular:vessel arterial:artery venous:vein lymphatic:lymph splenic:spleen pancreatic:pancreas biliary:bile
    thyroidal:thyroid hypophyseal:pituitary hypophysial:pituitary esophageal:esophagus colonic:colon rectal:rectum
    anal:anus duodenal:duodenum laryngeal:larynx pharyngeal:pharynx tracheal:trachea bronchial:bronchus
    pleural:pleura peritoneal:peritoneum pericardial:pericardium endocardial:endocardium meningeal:meninges
    spinal:spine vertebral:spine facial:face auricular:ear aural:ear otic:ear articular:joint hematologic:blood
    hematological:blood hematic:blood visual:vision auditory:hearing psychiatric:mental psychic:mental
    cognitive:cognition neurologic:neurological fetal:fetus foetal:fetus neonatal:newborn neonate:newborn
    immunologic:immune immunological:immune metastatic:metastasis infective:infection viral:virus bacterial:bacteria
    fungal:fungus parasitic:parasite tuberculous:tuberculosis diabetic:diabetes anxious:anxiety febrile:fever
    pyrexia:fever hemorrhage:bleeding hemorrhagic:bleeding nephrotoxic:nephrotoxicity adrenocortical:adrenal
    umbilical:umbilicus retinal:retina corneal:cornea conjunctival:conjunctiva optical:optic gingival:gingiva
    palatal:palate aortic:aorta valvular:valve atrial:atrium auricle:atrium ventricular:ventricle
    septal:septum cerebellar:cerebellum cortical:cortex hippocampal:hippocampus thalamic:thalamus
    hypothalamic:hypothalamus tubular:tubule glomerular:glomerulus ureteral:ureter
    ureteric:ureter urethral:urethra penile:penis vulvar:vulva vaginal:vagina cystic:cyst lienal:spleen
    thymic:thymus tonsillar:tonsil parathyroidal:parathyroid ileal:ileum jejunal:jejunum cecal:cecum
    appendiceal:appendix abdominal:abdomen thoracic:thorax pelvic:pelvis cranial:skull femoral:femur tibial:tibia
    humeral:humerus ulnar:ulna costal:rib sternal:sternum motor:movement
    locomotor:movement gustatory:taste olfactory:smell acoustic:hearing deaf:hearing hyperglycemic:hyperglycemia
    suicidal:suicide obese:obesity schizophrenic:schizophrenia
    autistic:autism demented:dementia parkinsonian:parkinsonism jaundiced:jaundice comatose:coma edematous:edema
    alcoholic:alcohol ethanolic:alcohol genetic:hereditary inherited:hereditary familial:hereditary
    autosomal:hereditary recessive:hereditary dominant:hereditary inborn:congenital
    childhood:child pediatric:child adulthood:adult decrease:reduction decreased:reduction
    reduced:reduction lowered:reduction low:reduction increased:increase elevated:increase elevation:increase
    raised:increase high:increase enlarged:enlargement swollen:swelling swelling:edema itching:pruritus fits:seizure
    convulsion:seizure convulsive:seizure
    sleepiness:somnolence sleepy:somnolence heartbeat:heart hypotensive:hypotension hypertensive:hypertension
    thrombus:thrombosis ulcerative:ulcer ulceration:ulcer ulcerated:ulcer sexual:sex erectile:erection
    addicted:addiction craniofacial:face intolerant:intolerance aggressive:aggression bradycardic:bradycardia
    tachycardic:tachycardia ache:pain aching:pain painful:pain sore:pain soreness:pain discomfort:pain weak:weakness
    tired:fatigue tiredness:fatigue deadly:death dead:death died:death mortality:death fatality:death
    lethality:death lethal:death abuse:addiction misuse:addiction dependence:addiction dependent:addiction
    dependency:addiction
    """
)
SAME_WORD: Final = {key(word): key(noun) for word, noun in _NOUNS.items()}

# Words that head many names and say about the same; a different word of the same group costs a little.
HEADS: Final[dict[str, str]] = {
    word: group
    for group, words in {
        "~disorder": "disease disorder syndrome condition illness sickness",
        "~abnormality": "abnormality anomaly defect malformation deformity",
        "~neoplasm": """neoplasm neoplasia neoplastic tumor tumoral cancer cancerous malignancy malignant carcinoma
            adenocarcinoma""",
        "~injury": "injury damage lesion trauma injured damaged insult wound",
        "~toxicity": "toxicity toxic",
        "~dysfunction": "dysfunction impairment impaired deficit disturbance dysfunctional",
        "~failure": "failure insufficiency deficiency deficient",
    }.items()
    for word in _forms(words)
}

# Severity, course, side, extent: a name keeps its meaning, more generally, without them.
QUALIFIERS: Final = _forms(
    """
    severe mild moderate serious marked profound massive minor major extensive slight subtle overt subclinical
    transient transitory temporary reversible irreversible persistent permanent prolonged sustained intermittent
    recurrent recurring relapsed relapsing refractory resistant progressive advanced fatal terminal sudden abrupt
    rapid gradual delayed early late onset new old acute subacute chronic bilateral unilateral left right diffuse
    focal multifocal localized local generalized global regional partial complete total incomplete isolated primary
    secondary idiopathic sporadic unexplained unexpected unusual rare common typical atypical classic classical
    symptomatic asymptomatic clinical significant apparent possible probable suspected confirmed associated related
    induced mediated dependent evoked elicited type stage grade level state episode event attack human patient
    spontaneous nonspecific other various multiple several single first second third active uncomplicated
    complicated life threatening untreated treated newly diagnosed diagnosis pre existing underlying hereditary
    congenital adult child increase reduction worsening exacerbation symptom sign effect adverse reaction side
    development occurrence presence episodic dose limiting group
    """
)

# A name without one of these means the opposite, or something else.
NEGATIONS: Final = _forms("no non not without free anti absence negative except excluding un")

STOP: Final = _forms("a an the of in on at to by for with and or due from as is nos nec during after following")

# What the first part of a compound word means.
COMBINING: Final = paired(
    """
    hepato:liver nephro:kidney reno:kidney cardio:heart neuro:nerve pneumo:lung pulmo:lung oto:ear
    vestibulo:vestibular gastro:stomach entero:intestine encephalo:brain cerebro:brain dermato:skin hemato:blood
    myelo:marrow ocular:eye ophthalmo:eye retino:retina myo:muscle osteo:bone arthro:joint vasculo:vessel
    angio:vessel feto:fetus immuno:immune spleno:spleen pancreato:pancreas broncho:bronchus
    cysto:bladder uro:urine cephal:head arthr:joint my:muscle neur:nerve gastr:stomach ot:ear odont:tooth
    """
)
# What the last part of a compound word means.
ENDINGS: Final = paired(
    """
    toxicity:toxicity toxic:toxicity pathy:disease pathic:disease megaly:enlargement algia:pain dynia:pain
    rrhagia:bleeding rrhage:bleeding plegia:paralysis malacia:softening
    """
)

# A name with this head is also read with these others, how sure that is; "" is the rest of the name alone. A toxic
# effect on an organ is an injury by drugs, and like any dysfunction of it a disorder of the organ.
OTHER_HEADS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "~toxicity": (("drug induced injury", 0.9), ("disease", 0.85), ("injury", 0.8), ("drug toxicity", 0.9)),
    "~injury": (("disease", 0.82), ("injury", 0.9)),
    "~dysfunction": (("disease", 0.82), ("insufficiency", 0.72)),
    "~failure": (("disease", 0.75),),
    "~abnormality": (("disease", 0.78),),
    "complication": (("disease", 0.78),),
    "problem": (("disease", 0.78),),
    "manifestation": (("disease", 0.7),),
    "~disorder": (("", 0.7),),
    "infection": (("disease", 0.75),),
}
# How terminologies name what drugs and other substances cause.
INDUCED: Final = ("drug induced", "substance induced", "chemical drug induced")
