"""Names that people have, for staff and customers who do not exist."""

FIRST = [
    "Aisha", "Alejandro", "Amara", "Andre", "Anika", "Ben", "Bianca", "Caleb", "Camila", "Chloe", "Clara",
    "Dario", "Diego", "Elena", "Eli", "Emeka", "Esther", "Farah", "Felix", "Freya", "Gabriel", "Grace", "Hana",
    "Hugo", "Ibrahim", "Imani", "Ingrid", "Isaac", "Jamal", "Jin", "Joana", "Kai", "Kenji", "Lars", "Leila",
    "Lena", "Luca", "Maeve", "Malik", "Marisol", "Mateo", "Mei", "Mila", "Nadia", "Naomi", "Niko", "Noor",
    "Omar", "Oskar", "Paloma", "Priya", "Quinn", "Rafael", "Rosa", "Ruth", "Sami", "Sofia", "Tariq", "Thea",
    "Tomas", "Uma", "Viktor", "Wren", "Xavier", "Yara", "Zoe",
]  # fmt: skip
LAST = [
    "Abara", "Adler", "Alvarez", "Bakshi", "Barros", "Becker", "Brandt", "Castillo", "Chen", "Cho", "Costa",
    "Dahl", "Dubois", "Eriksen", "Farouk", "Fischer", "Fontaine", "Garcia", "Gupta", "Haddad", "Hale",
    "Hoffman", "Ito", "Jansen", "Kaplan", "Khan", "Kim", "Kowalski", "Lind", "Lopez", "Maier", "Marsh", "Mbeki",
    "Moreau", "Nakamura", "Nguyen", "Novak", "O'Brien", "Okafor", "Olsen", "Ortiz", "Park", "Patel", "Pereira",
    "Quist", "Reyes", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Sorensen", "Tanaka", "Torres", "Usman",
    "Vargas", "Vogel", "Walsh", "Weber", "Xu", "Yilmaz", "Young", "Zhang",
]  # fmt: skip
