"""How chemicals are written: formulas and ions, salts, stereochemical and isotopic prefixes, acids and their salts.

Element symbols and formulas follow IUPAC's Red Book; which counter-ions make salts of drugs is general pharmacy.
"""

import re
from collections.abc import Iterator
from typing import Final

from kg.linking.readings import Reading
from kg.linking.word_lists import listed, paired

_ELEMENTS: Final = paired(
    """
    H:hydrogen Li:lithium C:carbon N:nitrogen O:oxygen F:fluorine Na:sodium Mg:magnesium Al:aluminum Si:silicon
    P:phosphorus S:sulfur Cl:chlorine K:potassium Ca:calcium Cr:chromium Mn:manganese Fe:iron Co:cobalt Ni:nickel
    Cu:copper Zn:zinc As:arsenic Se:selenium Br:bromine Sr:strontium Mo:molybdenum Ag:silver Cd:cadmium Sn:tin
    I:iodine Ba:barium Gd:gadolinium Pt:platinum Au:gold Hg:mercury Tl:thallium Pb:lead Bi:bismuth Ti:titanium
    V:vanadium Rb:rubidium Cs:cesium Te:tellurium Sb:antimony
    """
)
_ANIONS: Final = paired(
    """
    Cl:chloride Br:bromide I:iodide F:fluoride O:oxide S:sulfide OH:hydroxide CN:cyanide SO4:sulfate CO3:carbonate
    HCO3:bicarbonate NO3:nitrate NO2:nitrite PO4:phosphate N3:azide ClO4:perchlorate
    """
)
_NAMED: Final = {
    "H2O": "water", "CO2": "carbon dioxide", "CO": "carbon monoxide", "O2": "oxygen", "N2": "nitrogen",
    "NO": "nitric oxide", "N2O": "nitrous oxide", "NO2": "nitrogen dioxide", "NH3": "ammonia",
    "NH4": "ammonium", "H2O2": "hydrogen peroxide", "HCl": "hydrochloric acid", "H2S": "hydrogen sulfide",
    "SO2": "sulfur dioxide", "CCl4": "carbon tetrachloride", "CHCl3": "chloroform", "H2": "hydrogen",
    "O3": "ozone", "H2SO4": "sulfuric acid", "HNO3": "nitric acid", "O2-": "superoxide",
}  # fmt: skip
_CHARGE: Final = re.compile(r"\s*\(?\d?[+\-−]{1,3}\)?$")
_SALT_OF_METAL: Final = re.compile(r"([A-Z][a-z]?)\d?\(?([A-Z][A-Za-z]*\d?)\)?\d?")
_INDEX_IN_BRACKETS: Final = re.compile(r"\((\d+)\)|_(\d+)")

_COUNTER_IONS: Final = listed(
    """
    hydrochloride dihydrochloride hcl chloride bromide hydrobromide iodide sulfate sulphate bisulfate phosphate
    diphosphate acetate diacetate citrate tartrate bitartrate maleate dimaleate fumarate succinate mesylate mesilate
    methanesulfonate tosylate besylate besilate esylate lactate gluconate nitrate malate oxalate pamoate stearate
    palmitate sodium disodium potassium dipotassium calcium magnesium zinc lithium meglumine tromethamine lysine
    arginine benzathine procaine monohydrate dihydrate trihydrate hydrate hemihydrate anhydrous salt acid base free
    hydrogen xinafoate propionate dipropionate valerate furoate decanoate enanthate cypionate undecanoate olamine
    axetil pivoxil medoxomil proxetil etexilate disoproxil alafenamide tosilate dihydrobromide hemifumarate
    camsylate benzoate hemisuccinate caproate hexanoate butyrate isobutyrate laurate embonate adipate aspartate
    pivalate sulfonate triphosphate monophosphate dipivoxil mofetil
    """
)
_CARRIERS: Final = frozenset(
    {"liposomal", "liposome", "liposome-encapsulated", "liposomes", "pegylated", "encapsulated"}
)
_JOINING: Final = frozenset({"+", "/", "&", "and", "or", "plus", "with", "versus", "vs"})
# Where an ester's acid sits: "dexamethasone 21-phosphate", "betamethasone-17,21-dipropionate".
_LOCANTS: Final = re.compile(r"(?<=[a-z])[ -](?:\d+(?:,\d+)*[- ]?)?(?:(?:alpha|beta)[- ]?)?(?=[a-z])")
# "(+)-", "(2R,3S)-", "L-", "all-trans-", "[3H]-", "14C-"; and a bare sign, "+-" or "-".
_STEREO: Final = re.compile(
    r"""^(?:\(\s*(?:[+\-−±]|\+/-|-/\+|[RSEZDL]|DL|\d*[RS](?:,\d*[RS])*)\s*\)\s*[-–]?\s*
        |(?:dl|DL|D|L|d|l|R|S|RS|rac|cis|trans|all-trans|threo|erythro|meso|levo|dextro)\s*[-–]\s*
        |[\[(]?\d{1,3}\s*-?\s*[A-Z][a-z]?[\])]?\s*[-–]\s*
        |radiolabell?ed\s+|racemic\s+
        |[+\-−±]\s*[-–]?(?=[A-Za-z]))""",
    re.VERBOSE,
)
# What medicine calls by the name of its class.
_EVERYDAY: Final = {"alcohol": "ethanol", "salt": "sodium chloride"}


def readings(name: str) -> Iterator[Reading]:
    """Yield what else a chemical's name may be written as."""
    formula = _formula(name.strip())
    if formula is not None:
        yield Reading(formula, 0.97, f"formula of {formula}")
    everyday = _EVERYDAY.get(name.lower())
    if everyday is not None:
        yield Reading(everyday, 1.0, f"everyday word for {everyday}")
    yield from _acids_and_salts(name)
    bare = _without_prefixes(name)
    if bare != name:
        rule = f'without "{name[: len(name) - len(bare)].strip()}"'
        yield Reading(bare, 0.93, rule)
        yield from (it.after(0.95, rule) for it in _acids_and_salts(bare))


def _without_prefixes(name: str) -> str:
    while (bare := _STEREO.sub("", name)) != name and bare:
        name = bare
    return name


def _formula(name: str) -> str | None:
    """Return the name of what a formula or symbol stands for, its charge left out."""
    plain = _INDEX_IN_BRACKETS.sub(r"\1\2", name)
    for written in (plain, _CHARGE.sub("", plain)):
        named = _NAMED.get(written) or _ELEMENTS.get(written)
        if named is not None:
            return named
    match = _SALT_OF_METAL.fullmatch(_CHARGE.sub("", plain))
    if match and match.group(1) in _ELEMENTS:
        anion = _ANIONS.get(match.group(2)) or _ANIONS.get(match.group(2).rstrip("0123456789"))
        return f"{_ELEMENTS[match.group(1)]} {anion}" if anion else None
    return None


def is_anion(word: str) -> bool:
    """Tell whether a word names the acid's part of a salt, which is no drug by itself behind another word.

    >>> is_anion("carbonate"), is_anion("calcium"), is_anion("furosemide")
    (True, False, False)
    """
    word = word.lower()
    return word.endswith(("ate", "ide")) and (word in _COUNTER_IONS or word.endswith("carbonate"))


def base_of(name: str) -> str | None:
    """Return the name of a salt, an ester or a liposomal form without what makes it one; None for what is none.

    >>> base_of("testosterone 17 beta-cypionate"), base_of("liposomal doxorubicin"), base_of("zinc acetate")
    ('testosterone', 'doxorubicin', None)
    """
    parts = _LOCANTS.sub(" ", name.lower()).split()
    kept = [part for part in parts if part not in _COUNTER_IONS and part not in _CARRIERS]
    return " ".join(kept) if kept and len(kept) < len(parts) and parts[0] not in _COUNTER_IONS else None


def _acids_and_salts(name: str) -> Iterator[Reading]:
    yield from _acid_or_salt(name)
    parts = name.split()
    kept = [part for part in parts if part.lower().strip("(),") not in _COUNTER_IONS]
    # In "ketamine + magnesium sulfate" the salt is a member, and not one of ketamine.
    whole = kept and _JOINING.isdisjoint((kept[0].lower(), kept[-1].lower()))
    if whole and len(kept) < len(parts):
        rule = 'without "' + " ".join(part for part in parts if part not in kept) + '"'
        yield Reading(" ".join(kept), 0.92, rule)
        yield from (it.after(0.95, rule) for it in _acid_or_salt(" ".join(kept)))


def _acid_or_salt(name: str) -> Iterator[Reading]:
    """Yield "valproic acid" for "valproate", and the other way."""
    if name.endswith("ate") and len(name) > len("acetate"):
        yield Reading(f"{name.removesuffix('ate')}ic acid", 0.95, "acid of this salt")
    elif name.endswith("ic acid"):
        yield Reading(f"{name.removesuffix('ic acid')}ate", 0.95, "salt of this acid")
