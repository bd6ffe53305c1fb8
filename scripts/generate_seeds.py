"""Write made-up articles, as many as asked for: ``python scripts/generate_seeds.py 20000 /tmp/inbox``.

For measuring ingest, and for its tests. The same number always gives the same article. Agencies are fictional, places
are real, what is said to have happened there is not.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

PLACES = (
    "PORT LOUIS", "BEIRA", "ALEPPO", "KATHMANDU", "PALU", "VALENCIA", "DERNA", "NAIROBI", "JUBA", "GENOA", "BOGOTA",
    "DHAKA", "FREETOWN", "KINSHASA", "LIMA", "QUITO", "SUVA", "APIA", "TUNIS", "OSLO", "TURIN", "LAHORE", "MULTAN",
)  # fmt: skip
AGENCIES = ("Harbour News", "Lantern Wire", "Plainfield Press", "Agencia Cordillera", "Northern Dispatch")
MONTHS = ("January", "March", "April", "June", "August", "October", "December")
WHO = (
    "the ports authority", "the regional council", "a spokesman for the ministry", "volunteers of the Red Crescent",
    "fishermen from the lower town", "the district court", "teachers at three schools", "the union of bakers",
    "engineers of the water board", "the mayor", "doctors at the university hospital", "residents of the old quarter",
    "the national museum", "farmers along the river", "an association of truck drivers", "the weather service",
    "the electoral commission", "two former judges", "the railway company", "nurses on the night shift",
    "the society for the protection of birds", "a committee of parliament", "the island's only newspaper",
    "pupils of the music school", "the harbour pilots", "insurance brokers", "the highways department",
)  # fmt: skip
DID = (
    "reopened", "closed for a week", "asked for a review of", "presented a plan for", "warned about the state of",
    "voted against", "paid for", "counted the losses at", "sent inspectors to", "finished the repair of",
    "postponed the sale of", "published figures on", "complained about", "promised to rebuild", "took over",
    "cut the budget of", "welcomed the return of", "rejected an offer for", "mapped", "handed back",
)  # fmt: skip
WHAT = (
    "the bridge over the northern channel", "a grain store near the station", "the ferry to the outer islands",
    "the ground floor of the library", "sixteen kilometres of coastal road", "the emergency radio network",
    "an unfinished stadium", "the fish market", "the archive of the land registry", "a camp for displaced families",
    "the reservoir above the town", "the tram line to the airport", "the botanical garden", "a shipment of vaccines",
    "the old customs house", "the school bus service", "a field of solar panels", "the drainage of the main square",
    "the telephone exchange", "the contract for street lighting", "the sea wall", "the ambulance depot",
)  # fmt: skip
HOW = (
    "after weeks of heavy rain", "because money from abroad had not arrived", "in spite of a ruling last spring",
    "while the rest of the district was without power", "at a hearing that lasted until midnight",
    "with help from neighbouring towns", "although nobody had asked for it", "for the first time in eleven years",
    "on the advice of an outside expert", "before the holiday season", "under an agreement signed in winter",
    "as prices for diesel went up again", "during a visit by inspectors", "without naming a date",
    "against the wishes of the owners", "to the surprise of shopkeepers", "once the roads were dry",
)  # fmt: skip
ENDINGS = (
    "No date has been set for the next step.", "The work is expected to take until the end of the year.",
    "Those concerned were not available for comment.", "A decision is due next month.",
    "Similar measures failed in the past.", "Details were to be given at a meeting on Thursday.",
)  # fmt: skip


def article(number: int) -> str:
    """Return one article: headline, dateline, some paragraphs."""
    chance = random.Random(number)  # noqa: S311 - text, no secrets
    place = chance.choice(PLACES)

    def sentence() -> str:
        who, did, what, how = (chance.choice(words) for words in (WHO, DID, WHAT, HOW))
        count = chance.randint(2, 900)
        form = chance.choice(("{who} {did} {what} {how}", "{how}, {who} {did} {what}", "{who} {did} {what}"))
        said = form.format(who=who, did=did, what=what, how=how)
        if chance.random() < 0.4:
            said += f", and {count} people were told to wait"
        return said[0].upper() + said[1:] + "."

    headline = f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)}"
    day, month, year = chance.randint(1, 28), chance.choice(MONTHS), chance.randint(2010, 2024)
    dateline = f"{place}, {month} {day}, {year} ({chance.choice(AGENCIES)}) - "
    paragraphs = [" ".join(sentence() for _ in range(chance.randint(1, 4))) for _ in range(chance.randint(4, 9))]
    return "\n\n".join([headline[0].upper() + headline[1:], dateline + paragraphs[0], *paragraphs[1:],
                        chance.choice(ENDINGS)]) + "\n"  # fmt: skip


def main(count: int, folder: Path) -> None:
    """Write articles into ``folder``, a thousand to a folder."""
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(number), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[1].isdigit():
        sys.exit("usage: python scripts/generate_seeds.py COUNT FOLDER")
    main(int(sys.argv[1]), Path(sys.argv[2]))
