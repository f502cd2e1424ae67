"""A CSV of 5,000 rows and a workbook of three sheets, and what was made of them by other means."""

import random
from datetime import date, timedelta

from tests.files_office import sheets

COUNTRIES = ["France", "Germany", "Italy", "Spain", "Austria"]
PRODUCTS = ["Laptop", "Mouse", "Office Chair", "Desk Lamp", "Monitor"]
CUSTOMERS = ["Acme GmbH", "Bolt & Co", "Cobalt Ltd", "Delta AG", "Eagle Inc", "Falcon SA"]
STATES = ["Shipped", "Open", "Cancelled"]


class Orders:
    """Rows as values; `csv` writes them as a German program would, `Amount` with a comma."""

    def __init__(self, rows: int = 5_000) -> None:
        chance = random.Random(20_240)
        self.rows = [self._row(chance, number) for number in range(1, rows + 1)]

    def _row(self, chance: random.Random, number: int) -> dict:
        return {
            "id": f"A-{number:05}",
            "day": date(2021, 1, 1) + timedelta(days=chance.randrange(4 * 365)),
            "customer": chance.choice(CUSTOMERS),
            "country": chance.choice(COUNTRIES),
            "product": chance.choice(PRODUCTS),
            "quantity": chance.randint(1, 20),
            "cents": chance.randint(500, 900_000),
            "status": chance.choice(STATES),
            "email": "" if number % 7 == 0 else f"u{number}@example.org",
        }

    def csv(self) -> bytes:
        lines = ["Order ID;Order Date;Customer;Country;Product;Quantity;Amount;Status;Email"]
        for row in self.rows:
            amount = f"{row['cents'] / 100:,.2f}".translate(str.maketrans(",.", ".,"))
            cells = [row["id"], f"{row['day']:%d.%m.%Y}", row["customer"], row["country"]]
            cells += [row["product"], row["quantity"], amount, row["status"], row["email"]]
            lines.append(";".join(map(str, cells)))
        total = sum(row["cents"] for row in self.rows) / 100
        lines.append(f"Total;;;;;;{total:.2f};;")
        return "\n".join(lines).encode()

    def where(self, **wanted: object) -> list[dict]:
        return [row for row in self.rows if all(row[k] == v for k, v in wanted.items())]


class Staff:
    """Three sheets: people, the money of each department and year, and offices."""

    def __init__(self) -> None:
        chance = random.Random(7)
        self.people = [
            [f"Person {n}", chance.choice(["Sales", "Research", "Legal"]), chance.randint(20, 64),
             chance.randint(30_000, 99_000), date(2010 + n % 14, 1 + n % 12, 1 + n % 28)]
            for n in range(1, 301)
        ]  # fmt: skip
        self.budget = [
            [department, year, chance.randint(100_000, 900_000)]
            for department in ("Sales", "Research", "Legal")
            for year in range(2018, 2025)
        ]
        self.offices = [
            ["Berlin", "Germany", 0.25],
            ["Paris", "France", 0.5],
            ["Graz", "Austria", 0.125],
        ]

    def xlsx(self) -> bytes:
        return sheets(
            {
                "Employees": [["Name", "Department", "Age", "Salary", "Hired"], *self.people],
                "Budget": [["Department", "Year", "Budget EUR"], *self.budget],
                "Offices": [["City", "Country", "Occupancy"], *self.offices],
            }
        )
