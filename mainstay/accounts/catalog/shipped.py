"""What products and promise profiles are shipped, each figure with its source; an operator edits them as data (D3, D4).

The figures of different operators are not mixed: one profile each. Terms marked OURS are not in the sources; they are
defaults of ours, so that response, progress reports, availability and notices are promised at all.

What the model does not hold of the sources:
- S1 tells urban (48 h) from rural (72 h) places; circuits know no such thing. The profile promises the stricter 48 h,
  and a rural circuit gets a circuit term of 72 h. That the month's rent is waived when late, and that terminal faults
  are
  excluded, are clauses of compensation and of judging, not terms.
- S4 names short message/MMS, voice, APN and Internet lines with the same figures, and its line on data lines breaks off
  (assumed alike): its terms therefore name no product.
"""

from dataclasses import dataclass
from typing import Final

ALWAYS: Final = "24x7"
WORKING: Final = "office"

PRODUCTS: Final = (
    ("digital-circuit", "数字电路", "Digital circuit"),
    ("digital-trunk", "数字中继", "Digital trunk"),
    ("mstp-line", "MSTP 专线", "MSTP line"),
    ("otn-line", "OTN 精品专线", "OTN line"),
    ("ddn", "DDN 专线", "DDN line"),
    ("fr", "帧中继", "Frame relay"),
    ("atm", "ATM 专线", "ATM line"),
    ("mpls-vpn", "MPLS VPN", "MPLS VPN"),
    ("dark-fibre", "裸光纤", "Dark fibre"),
    ("internet-line", "互联网专线", "Internet line"),
    ("voice-line", "语音专线", "Voice line"),
    ("sms-line", "短彩信专线", "Short message line"),
    ("data-line", "数据专线", "Data line"),
    ("apn", "APN 专线", "APN line"),
    ("idc", "IDC 托管", "Data centre hosting"),
)
"""Code, Chinese and English name (D2, D4)."""

_M: Final = 1_024
_ALL: Final = ("local", "province", "country")
_LINES: Final = (2 * _M, 10 * _M, 50 * _M, 100 * _M, _M * _M)
_ETHERNET: Final = ("FE", "GE")
PARAMETERS: Final[dict[str, tuple[str, tuple[int, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "digital-circuit": ("leased_line", (2 * _M, 34 * _M, 155 * _M, 622 * _M), ("E1 G.703", "STM-1", "STM-4"), _ALL),
    "digital-trunk": ("leased_line", (2 * _M,), ("E1 G.703",), _ALL),
    "mstp-line": ("leased_line", _LINES, _ETHERNET, _ALL),
    "otn-line": ("leased_line", (100 * _M, _M * _M, 10 * _M * _M), ("GE", "10GE"), _ALL),
    "ddn": ("switched", (64, 128, 256, 512, 2 * _M), ("V.35", "E1 G.703"), _ALL),
    "fr": ("switched", (64, 256, 512, 2 * _M), ("V.35", "E1 G.703"), _ALL),
    "atm": ("switched", (2 * _M, 34 * _M, 155 * _M), ("E1 G.703", "STM-1"), _ALL),
    "mpls-vpn": ("vpn", _LINES, _ETHERNET, _ALL),
    "dark-fibre": ("fibre", (), ("LC", "SC"), ("local", "province")),
    "internet-line": ("internet", (20 * _M, 50 * _M, 100 * _M, 500 * _M, _M * _M), (*_ETHERNET, "10GE"), ("local",)),
    "voice-line": ("voice", (2 * _M,), ("E1 PRI", "SIP"), ("local",)),
    "sms-line": ("voice", (2 * _M,), ("FE",), ("local", "province")),
    "data-line": ("leased_line", _LINES, _ETHERNET, _ALL),
    "apn": ("mobile", (2 * _M, 10 * _M), ("FE",), ("local", "province")),
    "idc": ("hosting", (), ("GE", "10GE"), ("local",)),
}
"""By code: family, usual speed steps in kbit/s, interfaces, reaches; ours, an operator edits them. No prices: those are
each operator's own."""


@dataclass(frozen=True)
class ShippedTerm:
    """A figure of a profile, valid from the profile's begin without end."""

    metric: str
    amount: str
    unit: str = "natural_minutes"
    calendar: str = ALWAYS
    grade: str = ""
    reach: str = ""


@dataclass(frozen=True)
class ShippedProfile:
    """A profile as shipped, with its source as users read it."""

    code: str
    name: str
    source: str
    terms: tuple[ShippedTerm, ...]


def _restoration(minutes: dict[str, int], reach: str = "") -> tuple[ShippedTerm, ...]:
    return tuple(ShippedTerm("restoration", str(m), grade=grade, reach=reach) for grade, m in minutes.items())


_OURS: Final = (
    *(ShippedTerm("response", m, grade=g) for g, m in (("AAA", "15"), ("AA", "20"), ("A", "30"), ("", "60"))),
    *(ShippedTerm("feedback", m, grade=g) for g, m in (("AAA", "30"), ("AA", "60"), ("A", "60"), ("", "120"))),
    *(
        ShippedTerm("availability", p, unit="percent", grade=g)
        for g, p in (("AAA", "99.99"), ("AA", "99.95"), ("A", "99.9"), ("", "99.5"))
    ),
    *(
        ShippedTerm("planned_notice", d, unit="working_days", calendar=WORKING, grade=g)
        for g, d in (("AAA", "3"), ("", "2"))
    ),
)

PROFILES: Final = (
    ShippedProfile(
        "s3",
        "政企客户差异化服务（S3）",
        "D3：政企客户差异化服务管理办法，恢复时限 AAA 60、AA 90、A 180、Ⅰ/Ⅱ/Ⅲ 240 分钟；其余指标为本系统默认值",
        (
            *_restoration({"AAA": 60, "AA": 90, "A": 180, "I": 240, "II": 240, "III": 240}),
            ShippedTerm("restoration", "240"),
            *_OURS,
        ),
    ),
    ShippedProfile(
        "s4",
        "集客维护支撑（S4）",
        "D3：集客维护支撑体系，本地市及地市间 2/4/6/8 小时，省际 4/5/6/8 小时（AAA/AA/A/普通）；其余指标为本系统默认值",
        (
            *_restoration({"AAA": 120, "AA": 240, "A": 360, "": 480}, "local"),
            *_restoration({"AAA": 120, "AA": 240, "A": 360, "": 480}, "province"),
            *_restoration({"AAA": 240, "AA": 300, "A": 360, "": 480}, "country"),
            *_OURS,
        ),
    ),
    ShippedProfile(
        "s1",
        "集团客户服务标准（S1）",
        "D3：集团公司客户服务标准，城镇 48 小时（农村 72 小时以电路条款另定）；其余指标为本系统默认值",
        (ShippedTerm("restoration", "2880"), *_OURS),
    ),
)
