"""Where the fictional chain has its houses: real US ZIP codes, whose centroids and zones come from `zipcodes`."""

from dataclasses import dataclass

# region -> district -> ZIP codes of its stores. The first store of all is the one that the demo people work in.
STORES: dict[str, dict[str, list[str]]] = {
    "North": {
        "Twin Cities": ["55401", "55102", "55425", "55369", "55125"],
        "Upper Midwest": ["53202", "53703", "58102", "57104", "55802"],
        "Great Lakes": ["60611", "60173", "48226", "49503", "46204"],
    },
    "East": {
        "New England": ["02116", "02903", "04101", "05401", "06103"],
        "New York": ["10011", "11201", "14203", "12207", "07030"],
        "Mid-Atlantic": ["19103", "15222", "21202", "20001", "23219"],
    },
    "South": {
        "Southeast": ["30309", "28202", "27601", "29401", "37203"],
        "Florida": ["33131", "32801", "33602", "32202", "32502"],
        "Texas": ["75201", "77002", "78701", "78205", "79901"],
    },
    "West": {
        "Mountain": ["80202", "84101", "83702", "85004", "87102"],
        "California": ["94103", "95814", "90014", "92101", "93721"],
        "Pacific": ["98101", "97205", "99201", "99501", "96815"],
    },
}
# Names where two stores share a city, or where the post office's name is not the one that people say.
SAID = {
    "55401": "Mill District", "55102": "West Seventh", "55425": "Bloomington", "55369": "Maple Grove",
    "55125": "Woodbury", "60611": "Streeterville", "02116": "Back Bay", "10011": "Chelsea", "04101": "Portland, Maine",
    "97205": "Portland, Oregon", "90014": "Arts District", "94103": "Mission", "96815": "Waikiki",
}  # fmt: skip
DISTRIBUTION_CENTERS = {"46168": "Plainfield", "89408": "Fernley"}
VENDOR = ("49423", "Tulip City Furniture")
PARTNER = ("05602", "Maple & Main Woodworks")

STREETS = [
    "Main St", "Market St", "Washington Ave", "2nd Ave", "Mill St", "Front St", "Broadway", "Lake St",
    "Union St", "Court St", "Pearl St", "Spring St",
]  # fmt: skip


@dataclass(frozen=True)
class Site:
    """One store to be: its ZIP code, its name, and where it hangs in the tree."""

    postal_code: str
    region: str
    district: str
    name: str


def sites(count: int) -> list[Site]:
    """The first `count` stores; a smaller chain still reaches over several districts."""
    by_district = [
        [Site(code, region, district, SAID.get(code, "")) for code in codes]
        for region, districts in STORES.items()
        for district, codes in districts.items()
    ]
    # The home district whole, then the others by turns.
    home, others = by_district[0], by_district[1:]
    rest = [district[n] for n in range(5) for district in others]
    return (home + rest)[:count]
