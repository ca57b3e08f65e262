"""The fictional companies: who they are, and their books. No such company is listed anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from yanku.testing.samples.economy import Economy, simulate
from yanku.testing.samples.ledger import Books


@dataclass(frozen=True, slots=True)
class Firm:
    """A listed company that does not exist; ``code`` starts with 999, which no exchange uses."""

    code: str
    short: str
    full: str
    english: str
    exchange: str
    city: str
    address: str
    representative: str
    accountant: str
    secretary: str
    auditor: str
    products: tuple[str, ...]
    product_shares: tuple[Decimal, ...]
    group: Economy
    parent: Economy
    seed: int


@dataclass(frozen=True, slots=True)
class Company:
    """A firm with the books of the group and of the parent company alone."""

    firm: Firm
    group: Books
    parent: Books


def found(firm: Firm) -> Company:
    """Keep a firm's books for all its quarters."""
    parent = simulate(firm.parent, firm.seed + 1)
    reserve = {
        year: parent.closing(year, 4)["surplus_reserve"]
        - parent.closing(year, 3)["surplus_reserve"]
        for year in {q.year for q in parent.quarters}
    }
    return Company(firm, simulate(firm.group, firm.seed, reserve), parent)


def companies(seed: int = 2024) -> tuple[Company, Company, Company]:
    """Return 澜桥精密, 霁川生物 and Towen (拓纹新材); the same seed gives the same books."""
    firms = (_lanqiao(), _jichuan(), _towen())
    made = [found(replace(firm, seed=firm.seed + seed)) for firm in firms]
    return made[0], made[1], made[2]


def _parent(group: Economy, size: str, subsidiaries: str) -> Economy:
    """Return the parent alone: smaller, without minority or goodwill, owning subsidiaries."""
    opening = {
        **group.opening,
        "goodwill": Decimal(0),
        "long_term_equity": Decimal(subsidiaries),
    }
    scale = Decimal(size)
    return replace(
        group,
        revenue=group.revenue * scale,
        minority=Decimal(0),
        treasury=group.treasury,
        capital_reserve=group.capital_reserve,
        opening=opening,
    )


def _decimals(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(part) for part in text.split())


def _lanqiao() -> Firm:
    group = Economy(
        revenue=Decimal("318462900"),
        growth=_decimals("0 0.164 0.218"),
        season=_decimals("0.88 1.02 1.01 1.13"),
        margin=_decimals("0.352 0.361 0.3785"),
        research=_decimals("0.068 0.074 0.081"),
        dividends=_decimals("1.80 2.20 2.60"),
        selling=Decimal("0.043"),
        admin=Decimal("0.058"),
        capex=Decimal("0.102"),
        minority=Decimal("0.031"),
        shares=286_400_000,
        capital_reserve=Decimal("612847305.66"),
        surplus_reserve=Decimal("71294516.08"),
    )
    return Firm(
        code="999101",
        short="澜桥精密",
        full="澜桥精密传动股份有限公司",
        english="Lanqiao Precision Transmission Co., Ltd.",
        exchange="上海证券交易所",
        city="常州",
        address="江苏省常州市澜桥区传动路 18 号",
        representative="顾闻笙",
        accountant="秦予安",
        secretary="陆知微",
        auditor="衡谷会计师事务所（特殊普通合伙）",
        products=("谐波减速器", "精密轴承", "滚珠丝杠"),
        product_shares=_decimals("0.521 0.287 0.164"),
        group=group,
        parent=_parent(group, "0.79", "1.05"),
        seed=101,
    )


def _jichuan() -> Firm:
    group = Economy(
        revenue=Decimal("176835400"),
        growth=_decimals("0 0.093 -0.067"),
        season=_decimals("0.94 1.03 0.97 1.06"),
        margin=_decimals("0.583 0.571 0.5462"),
        research=_decimals("0.112 0.121 0.138"),
        dividends=_decimals("2.00 2.50 1.50"),
        selling=Decimal("0.147"),
        admin=Decimal("0.071"),
        capex=Decimal("0.121"),
        minority=Decimal("0.058"),
        shares=128_600_000,
        capital_reserve=Decimal("438129640.27"),
        surplus_reserve=Decimal("38216077.91"),
        treasury=Decimal("19863254.40"),
        opening={"long_loans": Decimal("0.31"), "short_loans": Decimal("0.22")},
    )
    return Firm(
        code="999202",
        short="霁川生物",
        full="霁川生物科技股份有限公司",
        english="Jichuan Biotechnology Co., Ltd.",
        exchange="深圳证券交易所",
        city="绵阳",
        address="四川省绵阳市霁川新区酶谷大道 66 号",
        representative="沈既白",
        accountant="温如许",
        secretary="柏清和",
        auditor="衡谷会计师事务所（特殊普通合伙）",
        products=("工业酶制剂", "诊断用酶", "技术服务"),
        product_shares=_decimals("0.548 0.331 0.098"),
        group=group,
        parent=_parent(group, "0.83", "0.74"),
        seed=202,
    )


def _towen() -> Firm:
    group = Economy(
        revenue=Decimal("542716000"),
        growth=_decimals("0 0.087 0.126"),
        season=_decimals("0.91 1.00 1.02 1.07"),
        margin=_decimals("0.274 0.268 0.291"),
        research=_decimals("0.047 0.049 0.052"),
        dividends=_decimals("1.00 1.20 1.50"),
        selling=Decimal("0.031"),
        admin=Decimal("0.049"),
        capex=Decimal("0.094"),
        minority=Decimal("0.044"),
        shares=402_500_000,
        capital_reserve=Decimal("897254000"),
        surplus_reserve=Decimal("88613000"),
        quantum=Decimal(1000),
    )
    return Firm(
        code="999303",
        short="拓纹新材",
        full="拓纹新材料股份有限公司",
        english="Towen Advanced Materials Co., Ltd.",
        exchange="深圳证券交易所",
        city="Wuhu",
        address="No. 9 Towen Avenue, Wuhu, Anhui Province",
        representative="Jiang Muyuan",
        accountant="Ouyang Lin",
        secretary="Bai Shuo",
        auditor="Henggu Certified Public Accountants LLP",
        products=("Optical films", "Battery separators", "Coated fabrics"),
        product_shares=_decimals("0.472 0.359 0.141"),
        group=group,
        parent=_parent(group, "0.81", "0.66"),
        seed=303,
    )
