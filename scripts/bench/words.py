"""The words that articles for measurements are made of, written for this project."""

from __future__ import annotations

TAGS = tuple(
    """Water supply|Floods|Drought|Harvests|Food prices|Fisheries|Livestock|Locusts|Irrigation|Forests|Wildfires
Earthquakes|Cyclones|Landslides|Volcanoes|Heat waves|Cold waves|Coasts|Glaciers|Air quality|Waste|Rivers|Dams|Energy
Electricity|Solar power|Wind power|Oil|Gas|Mining|Coal|Railways|Roads|Bridges|Ports|Shipping|Airports|Buses|Cycling
Road safety|Housing|Rents|City planning|Public spaces|Markets|Small shops|Tourism|Factories|Textiles|Trade|Tariffs
Customs|Currencies|Banks|Microcredit|Remittances|Taxes|Budgets|Debt|Pensions|Wages|Strikes|Trade unions|Jobs
Apprentices|Schools|Universities|Teachers|School meals|Literacy|Languages|Libraries|Museums|Heritage|Music|Theatre|Film
Football|Athletics|Chess|Courts|Prisons|Police|Corruption|Elections|Parliament|Local councils|Constitutions|Treaties
Borders|Peace talks|Ceasefires|Armed conflict|Mines|Veterans|Refugees|Displacement|Return|Shelter|Relief|Logistics
Aid funding|Volunteers|Hospitals|Clinics|Midwives|Nurses|Vaccines|Measles|Cholera|Malaria|Polio|Nutrition|Mental health
Disability|Older people|Children|Women|Youth|Radio""".replace("\n", "|").split("|")
)
"""Subjects, the frequent ones first."""

PLACES = tuple(
    tuple(row.rsplit(" ", 1))
    for row in """Aleppo SY|Damascus SY|Homs SY|Beirut LB|Tripoli LB|Amman JO|Baghdad IQ|Basra IQ|Mosul IQ|Erbil IQ
Tehran IR|Tabriz IR|Kabul AF|Herat AF|Kandahar AF|Islamabad PK|Karachi PK|Lahore PK|Peshawar PK|Quetta PK|Delhi IN
Mumbai IN|Kolkata IN|Chennai IN|Patna IN|Kathmandu NP|Pokhara NP|Dhaka BD|Chittagong BD|Colombo LK|Jaffna LK|Yangon MM
Mandalay MM|Bangkok TH|Vientiane LA|Hanoi VN|Phnom Penh KH|Kuala Lumpur MY|Jakarta ID|Surabaya ID|Palu ID|Manila PH
Tacloban PH|Dili TL|Port Moresby PG|Suva FJ|Honiara SB|Apia WS|Nairobi KE|Mombasa KE|Kisumu KE|Kampala UG
Gulu UG|Kigali RW|Bujumbura BI|Goma CD|Bukavu CD|Kinshasa CD|Lubumbashi CD|Brazzaville CG|Bangui CF|Juba SS|Malakal SS
Khartoum SD|El Fasher SD|Addis Ababa ET|Mekele ET|Asmara ER|Bosaso SO|Mogadishu SO|Kismayo SO|Hargeisa SO|Dodoma TZ
Dar es Salaam TZ|Lilongwe MW|Blantyre MW|Lusaka ZM|Harare ZW|Bulawayo ZW|Maputo MZ|Beira MZ|Antananarivo MG|Windhoek NA
Gaborone BW|Pretoria ZA|Durban ZA|Maseru LS|Luanda AO|Libreville GA|Yaounde CM|Douala CM|Ndjamena TD|Abuja NG|Lagos NG
Kano NG|Maiduguri NG|Niamey NE|Agadez NE|Cotonou BJ|Lome TG|Accra GH|Tamale GH|Abidjan CI|Bouake CI|Monrovia LR
Freetown SL|Conakry GN|Bissau GW|Banjul GM|Dakar SN|Nouakchott MR|Bamako ML|Gao ML|Ouagadougou BF|Tunis TN|Algiers DZ
Rabat MA|Casablanca MA|Cairo EG|Alexandria EG|Benghazi LY|Sanaa YE|Muscat OM
Ankara TR|Gaziantep TR|Izmir TR|Tbilisi GE|Yerevan AM|Baku AZ|Tashkent UZ|Bishkek KG|Osh KG|Dushanbe TJ|Almaty KZ
Kyiv UA|Kharkiv UA|Odesa UA|Chisinau MD|Bucharest RO|Sofia BG|Skopje MK|Tirana AL|Sarajevo BA|Belgrade RS|Zagreb HR
Athens GR|Rome IT|Naples IT|Geneva CH|Vienna AT|Paris FR|Marseille FR|Brussels BE|London GB|Dublin IE|Oslo NO
Stockholm SE|Helsinki FI|Warsaw PL|Madrid ES|Lisbon PT|Bogota CO|Cali CO|Quito EC|Lima PE|La Paz BO|Santiago CL
Managua NI|Tegucigalpa HN|San Salvador SV""".replace("\n", "|").split("|")
)
"""Names and countries, the frequent ones first; the gazetteer knows where they are."""

SOURCES = tuple(
    f"{first} {second}"
    for second in ("Wire", "Dispatch", "Courier", "Bulletin")
    for first in ("Lagoon", "Harbour", "Tideline", "Meridian", "Highland", "Delta", "Savanna", "Straits")
)
"""Plainly fictional agencies."""

WHO = tuple(
    """the district council|the ministry of public works|the water board|farmers in three valleys|the teachers' union
health workers|the port authority|a committee of residents|the national weather service|aid groups|shopkeepers
the provincial court|the railway company|officials of the ministry of health|drivers at the border|fishing cooperatives
the election commission|engineers|members of parliament|nurses at the main clinic|the city government|families
the food programme|the central bank|village elders|the power company|students|relief workers|the statistics office
pilots of the supply flights|the mine clearance service|local radio""".replace("\n", "|").split("|")
)
SAID = (
    "said", "reported", "announced", "confirmed", "warned", "told reporters", "noted", "explained", "wrote in a report",
    "said in a statement",
)  # fmt: skip
WHAT = tuple(
    """the road to the north would stay closed|repairs to the bridge had begun|the wells had run dry for the second year
prices of flour had risen by a third|the new clinic would open before the rains|the count would take another week
classes would start again in two shifts|boats could not leave the harbour|the last convoy had arrived in the evening
more than half of the seed had been lost|the budget would be voted on next month|trains would run twice a day
wages for the last quarter had been paid|the pumps worked again|the talks had moved to another building
the camp had room for no more tents|the vaccination of children was nearly done|the cable had been cut in two places
the old market would be rebuilt in stone|the river had fallen by forty centimetres since the morning
no decision had been taken|the ships waited for fuel|the school had no roof|the harvest was better than feared
the ballot papers had been printed abroad|the tax on imports would be lifted
three villages could only be reached on foot
the ceasefire held along most of the line""".replace("\n", "|").split("|")
)
WHEN = (
    "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "over the weekend", "after two days of rain",
    "late in the evening", "for the third time this year", "at the start of the season", "a week after the storm",
    "before the session ended", "in the early morning", "during the holidays",
)  # fmt: skip
WHERE = (
    "in the old town", "along the coast", "in the hills", "near the border", "on both banks of the river",
    "in the eastern districts", "at the junction", "in the upper valley", "around the airport", "in the port",
    "on the islands", "in the suburbs", "beside the railway", "in most of the province",
)  # fmt: skip
MORE = (
    "The work is expected to take several weeks.", "Nobody was hurt.", "The figures could not be checked at once.",
    "A second meeting is planned.", "The cost was not given.", "It is the largest such project in the province.",
    "Similar measures were taken five years ago.", "Most people have stayed with relatives.",
    "Trucks now take a longer way.", "Electricity came back after nine hours.", "The rains usually end in this month.",
    "Others saw it differently.", "That is less than in the year before.", "The plan has been discussed for a decade.",
)  # fmt: skip
HEADS = tuple(
    """{place}: {tag} at the centre of talks|New plan for {tag} in {place}|{tag}: what changes in {place}
{place} waits for an answer on {tag}|Council of {place} votes on {tag}|More money for {tag} in {place}
{tag} in {place}: work begins|{place} reports progress on {tag}|Report from {place}: {tag}|{place} turns to {tag}
Debate about {tag} returns to {place}|{tag}: a slow start in {place}""".replace("\n", "|").split("|")
)
