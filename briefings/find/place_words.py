"""Words around a name that say whether it is a place, and which: abbreviations, titles, organisations, prepositions,
verbs.

Tables only; :mod:`briefings.find.mentions` reads them. Words are in small letters and without points, as tokens are
compared.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SMALL_WORDS = _words("""
    of de la le du des au aux and y el al the sur do da dos das del e et les in upon am an der und sous
""")
STATES = {
    "ala": "AL",
    "alaska": "AK",
    "ariz": "AZ",
    "ark": "AR",
    "calif": "CA",
    "colo": "CO",
    "conn": "CT",
    "del": "DE",
    "fla": "FL",
    "ga": "GA",
    "ill": "IL",
    "ind": "IN",
    "kan": "KS",
    "kans": "KS",
    "ky": "KY",
    "la": "LA",
    "md": "MD",
    "mass": "MA",
    "mich": "MI",
    "minn": "MN",
    "miss": "MS",
    "mo": "MO",
    "mont": "MT",
    "neb": "NE",
    "nebr": "NE",
    "nev": "NV",
    "nh": "NH",
    "nj": "NJ",
    "nm": "NM",
    "ny": "NY",
    "nc": "NC",
    "nd": "ND",
    "okla": "OK",
    "ore": "OR",
    "pa": "PA",
    "penn": "PA",
    "ri": "RI",
    "sc": "SC",
    "sd": "SD",
    "tenn": "TN",
    "tex": "TX",
    "texas": "TX",
    "vt": "VT",
    "va": "VA",
    "wash": "WA",
    "wva": "WV",
    "wis": "WI",
    "wisc": "WI",
    "wyo": "WY",
    "dc": "DC",
}
"""State abbreviations of the Associated Press, without points; they count after a town only."""
POSTAL = _words("""
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR
    PA RI SC SD TN TX UT VT VA WA WV WI WY DC
""")
PROVINCES = {
    "ont": "CA.08",
    "alta": "CA.01",
    "sask": "CA.11",
    "man": "CA.03",
    "que": "CA.10",
    "bc": "CA.02",
    "ns": "CA.07",
    "nb": "CA.04",
    "nl": "CA.05",
    "nfld": "CA.05",
    "pei": "CA.09",
}
_NEVER = _words("""
    capital town plan sector lot list portal rate registro economy agency officer secretary council summit
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec
    god christmas easter catholic muslim islam christian jewish ramadan ebola zika covid cholera taliban hamas
    hezbollah internet facebook twitter google apple amazon reuters reuter democrat democratic republican union
    united nations president minister prime senate congress parliament house court police army federal national
    international bank fund university school college church hospital the this that these those he she it they we
    you his her its their our my and but for with from in on at to of as by if so an no not or is are was be has
    had will can who what when where why how all some many most more one two three four five six seven eight nine
    ten first second third new old north south east west central northern southern eastern western street road
    avenue county city state mr mrs ms dr sen rep gov gen col lt sgt capt st inc corp ltd co plc van von bin ben
    al el la le de du da di abu ali mohamed mohammed muhammad ahmed hassan hussein ibrahim said aid red cross
    green white black blue brown gray long short young king queen prince love man men boy girl best day today week
    center centre park lake river republic island islands bay port fort mount mountain valley hill hills beach
    point falls springs grove forest wood woods field obama trump clinton bush reagan putin merkel assad biden
    erdogan netanyahu thatcher gorbachev nike toyota ford sony boeing samsung les des une est sur par dans pour
    los las del por con una arab arabs olympic olympics batman santa reserve story monument xinhua marketing male
    media bar same date opportunity energy
""")
NEVER = (
    _NEVER
    | {
        f"{way} {part}"
        for way in (
            *("north", "south", "east", "west", "northern", "southern", "eastern", "western", "central"),
            *("north west", "north east"),
        )
        for part in (
            *("western", "eastern", "west", "east", "district", "region", "division", "province", "zone"),
            *("state", "city", "side", "end"),
        )
    }
    | {
        "st",
        "supreme court",
        "red cross",
        "red crescent",
        "security council",
        "high court",
        "green party",
        "new deal",
        "blue house",
        "old city",
        "new city",
    }
    | _words("المدينه مدينه الجزيره الحي الساحل الحريه الثوره البرج")
)
"""Capitalised words that are places somewhere, and in the news almost never."""
COMMON = _words("الوادي الجديده العين البيضاء الابيض سالم الخضراء")
"""Words of Arabic, as keys, that are towns too: towns only where the article says so."""
NOT_FIRST = _words("""
    will may can an so see love in many long said the le la les el los las al un une den de da van my his her our
    much kind while man men west north south east young king queen prince royal
""")
"""Given names in the census that open a sentence, or stand before a name, as other words."""
TITLES = _words("""
    mr mrs ms miss dr prof professor sen senator rep representative gov governor lt col colonel gen general capt
    captain sgt sergeant judge justice coach sheriff detective officer pastor rev reverend bishop archbishop
    cardinal sir lord lady prince princess king queen pope president minister chairman chairwoman chief mayor
    deputy trooper private cpl corporal major maj commander ambassador secretary spokesman spokeswoman analyst
    economist director actor actress singer attorney lawyer son daughter wife husband brother sister named
    congressman congresswoman councilman councilwoman commissioner superintendent m mme monsieur madame don dona
    sr sra
""")
ORGANISATIONS = _words("""
    university bank times post club airlines airways air court convention street avenue road fc united city group
    fund corp corporation inc ltd plc company co college school institute foundation society association league
    herald tribune journal news news-press gazette star daily observer telegraph guardian chronicle securities oil
    gas petroleum energy steel motors electric power stock exchange hotel hilton press trust insurance financial
    capital partners holdings industries international bureau agency treaty accord accords agreement protocol pact
    declaration conference summit symphony orchestra museum cup open marathon bulls hospital church cathedral
    boulevard lane drive blvd ave st rd tower bridge stadium arena theatre theater center centre library raiders
    giants yankees red mets jets cowboys patriots eagles lions tigers bears cubs sox dodgers lakers knicks celtics
    rangers rovers wanderers town villa times-picayune sun-times business systems research technologies technology
    laboratories savings life mutual national crude
""")
GEOGRAPHIC = _words("""
    county province state district governorate region prefecture department island islands river valley airport
    bay area peninsula desert border highlands delta basin coast port harbor harbour mountains hills village town
    suburb metropolitan zone canton oblast parish township borough beach lake falls police mayor residents
""")
LOCALS = _words("""
    man woman teen teenager resident residents police firefighters council mayor native couple officials voters
    selectmen schools homeowner motorist sheriff aldermen supervisors twp
""")
"""Words that follow the name of a town in the news of that town."""
DIRECTIONS = _words("""
    north south east west northern southern eastern western central northeast northwest southeast southwest
    northeastern northwestern southeastern southwestern greater downtown upper lower inner outer mainland
    metropolitan suburban rural the old post-war
""")
LOCATIVE = _words("""
    in near at outside around across into throughout inside within toward towards through off leaving left fled
    hit struck shook reach reaches reached visit visited visiting en au aux a à dans vers pres près desde hacia
    cerca في قرب
""")
VERBS = _words("""
    said says accused denied called blamed wants warned urged announced agreed rejected condemned demanded
    insisted insists refused vowed claims claimed believes hopes hoped threatened responded replied accuses denies
    blames warns urges sees considers maintains supports backs backed signed imposed imposes welcomed expelled
    summoned and
""")
AGAINST = _words("""
    with against by between than like unlike while both
""")
SPEAKS = _words("""
    said says told asked testified added pleaded admitted explained recalled joked replied wrote thinks knew
    scored grew smiled laughed himself herself
""")
"""Verbs that persons are the subject of, and towns hardly."""
MONEY = _words("""
    dollar dollars dlr dlrs riyal riyals pound pounds franc francs mark marks peso pesos yen bond bonds treasury
""")
KINDS_AFTER = {
    "state": ("state",),
    "states": ("state",),
    "province": ("state", "district"),
    "county": ("district",),
    "governorate": ("state",),
    "district": ("district", "state"),
    "region": ("state", "region"),
    "city": ("city", "capital"),
    "island": ("region", "state"),
}
"""The word after a name that says which kind of namesake is meant."""
COMPARED = _words("""
    than like unlike resembling remembering since
""")
SEATS = frozenset(
    {"white house", "pentagon", "kremlin", "downing street", "whitehall", "capitol hill", "scotland yard"}
)
"""Buildings that stand for those who govern in them."""
PEOPLE = _words("""
    refugee refugees migrant migrants national nationals citizen citizens immigrant immigrants tourist tourists
    expatriate expatriates exile exiles children mothers family families woman man men women passport restaurant
    food-loving descent-born descent origin teacher doctor expert experts player striker midfielder student
    students
""")
