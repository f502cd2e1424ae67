"""Answers with errors planted in them, each between ⟦ and ⟧, and the passages they were made from.

Every third answer of a subject was kept apart while the check was tuned; the subjects from WATER
on were written after that.
"""

import re
from pathlib import Path
from typing import NamedTuple


class Planted(NamedTuple):
    passages: tuple[str, ...]
    text: str  # without the marks
    wrong: tuple[str, ...]  # the sentences with an error
    kept_apart: bool


ANNUAL = (
    """Harwell Pumps plc, Annual Report 2021
Revenue rose to £214.6 million (2020: £198.3 million). Operating profit was £31.2 million, a margin
of 14.5%. The board proposes a final dividend of 6.4 pence a share, payable on 14 May 2022 to
shareholders on the register on 22 April 2022.""",
    """Segment | 2021 | 2020
(£ million)
Industrial | 121.4 | 116.0
Water | 93.2 | 82.3
The Water segment gained from a contract with Severn Valley Utilities worth £18 million over three
years. Chief executive Ingrid Thorsen called it "the largest single order in our history".""",
)
LEASE = (
    """Lease between Orchard Estates (landlord) and Bellweather Bakery Ltd (tenant), dated 3 March 2019.
The term is ten years from 1 April 2019. The yearly rent is EUR 48,000, payable quarterly in advance.
The tenant shall keep the premises in good repair.""",
    """The rent is reviewed every third year. The deposit amounts to three months' rent, that is EUR
12,000. Either party may end the lease with a notice of six months after the fifth year. Subletting
needs the written consent of the landlord. Disputes are heard in Rotterdam.""",
)
MANUAL = (
    """Model KX-40 air compressor. The tank holds 40 litres and the safety valve opens at 10.5 bar.
Drain the condensate daily. Change the oil after the first 50 hours and then every 500 hours. Use
SAE 30 oil, about 0.6 litres.""",
    """Fault: the motor hums but does not start. Causes: low voltage, a defective capacitor, or a blocked
piston. WARNING: "Never open the drain valve while the tank is under pressure." The noise level is
97 dB(A). Ambient temperature must stay between 5 °C and 40 °C.""",
)
TRIAL = (
    """We enrolled 412 adults with moderate asthma at nine hospitals between January 2016 and June 2018.
Patients received veltrazumab or placebo. The yearly rate of exacerbations was 0.52 with veltrazumab
and 0.91 with placebo (rate ratio 0.57, 95% CI 0.44 to 0.74).""",
    """Serious adverse events occurred in 7% of the veltrazumab group and in 9% of the placebo group. Two
patients stopped because of injection-site reactions. The trial was led by Dr. Amara Okafor of
Leiden University and paid for by the Nordhavn Foundation. "These results support use in patients
whose disease is not controlled by inhaled steroids," the authors write.""",
)
TOWN = (
    """The Old Mill in Karrendorf was built in 1743 by the miller Jonas Breitenbach. It burnt down on 12
August 1866 and was rebuilt within two years. Since 1974 it houses the town museum.""",
    """In 2019 the museum counted 23,480 visitors. Entry costs 6 euros, for children 2 euros. It is closed
on Mondays. The collection of clocks was given by the watchmaker Helene Sommer, who wrote: "A clock
that nobody hears is only furniture".""",
)
NETWORK = (
    """Maintenance window. On 2023-11-05 from 02:00 to 04:30 UTC the core switches in Reykjavik will be
upgraded to firmware 7.4.2. Up to 350 customers may lose their connection for at most 15 minutes.""",
    """Service levels. Availability is 99.95 % a month. For each full hour below it, 5 % of the monthly
fee is credited, up to 50 %. Support answers within 30 minutes for priority 1. Escalation contact:
Tomas Brandt, head of operations at Skyfold Networks.""",
)
POLICY = (
    """Employees have 28 days of leave a year, plus one day for every five years of service. Up to five
days may be carried over until 31 March. Leave of more than three weeks needs the approval of the
department head.""",
    """Remote work is possible on up to two days a week. Equipment is refunded up to $600 once. Since
January 2022 the contact is Priya Raman in Human Resources. Expenses above $75 need a receipt. Claims
must be filed within 60 days.""",
)
CASH = (
    """3M Company and Subsidiaries
Consolidated Statement of Cash Flows
(Millions) 2018 2017 2016
Net income including noncontrolling interest $ 5,363 $ 4,869 $ 5,058
Purchases of property, plant and equipment (PP&E) (1,577) (1,373) (1,420)""",
    """The Company expects capital spending of $1.7 billion to $1.8 billion in 2019. Michael F. Roman
became chief executive officer effective July 1, 2018, succeeding Inge G. Thulin. 3M employed 93,516
people at December 31, 2018.""",
)

WATER = (
    """The Aurelia Water Authority supplies 1.2 million people in 34 municipalities. Its largest
reservoir, Lake Tamsin, holds 88 million cubic metres. In the dry summer of 2022 it fell to 41
percent of capacity.""",
    """Leakage was cut from 23.5% in 2015 to 17.8% in 2022. Director Hanneke Vos announced on 9
February 2023 a programme of €340 million to replace 620 kilometres of pipes by 2030. "Every
litre we do not lose is a litre we need not pump," she said.""",
)
BATTLE = (
    """The Battle of Ormond Ridge took place on 17 October 1642. About 8,000 royalists under Sir
William Hartley met 11,500 men of Parliament led by the Earl of Denby. The royalists lost 1,900
men.""",
    """The chronicler Thomas Ashe noted that "the river ran red until the second morning". Hartley fled
to France, where he died in 1651. A monument by the sculptor Edith Crane was unveiled in 1902.""",
)
CODE = (
    """Function retry(call, attempts=3, delay=0.5): calls until it succeeds, at most `attempts` times,
waiting `delay` seconds, doubled each time. Raises RetryError. Added in version 2.4; the
parameter jitter was added in 3.1.""",
    """Configuration: MAX_POOL defaults to 20 connections. Idle connections are closed after 300
seconds. The default port is 5433. Logging goes to stderr unless LOG_FILE is set. Maintained by
Sanjay Mehta since 2018.""",
)
QUARTER = (
    """Mitsuri Holdings Q3 2023 results. Net sales: ¥412.5 billion (up 6.1% year on year). Operating
income ¥38.9 billion. Full-year guidance raised from ¥1.60 trillion to ¥1.65 trillion. Interim
dividend ¥45 per share.""",
    """By region: Japan 48%, Asia 31%, Americas 21%. President Kenji Aramaki said demand for sensors
"remained firm despite weaker phones". The company will buy back up to 5 million shares until 31
March 2024. Headcount: 27,340.""",
)
RECIPE = (
    """Recipe: Quince tart. Serves 8. 1 kg quinces, 250 g sugar, 200 g butter, 300 g flour, 2 eggs.
Poach the quinces for 45 minutes in water with a vanilla pod. Rest the dough for one hour.""",
    """Bake at 190 °C for 35 minutes. Serve with crème fraîche. The recipe comes from Marguerite
Duval's notebook of 1911, kept in Lyon.""",
)

_MARKED = re.compile(r"⟦(.*?)⟧", re.DOTALL)


def _planted() -> list[Planted]:
    """In the file: # subject, then its answers, one a line but for lists, tables and code."""
    text = Path(__file__).with_name("planted.txt").read_text(encoding="utf-8")
    found = []
    for subject in text.strip().removeprefix("# ").split("\n\n# "):
        name, _, together = subject.partition("\n")
        for number, marked in enumerate(_whole(together), start=1):
            wrong = tuple(_MARKED.findall(marked))
            text = _MARKED.sub(r"\1", marked)
            found.append(Planted(globals()[name], text, wrong, number % 3 == 0))
    return found


def _whole(together: str) -> list[str]:
    answers: list[str] = []
    for line in together.split("\n"):
        goes_on = answers and line[:1] in "-|`c" and answers[-1][:1] in "-|`"
        if goes_on:
            answers[-1] += f"\n{line}"
        else:
            answers.append(line)
    return answers


PLANTED = _planted()
