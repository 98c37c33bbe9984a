"""Which systems send alarms in the demo, and what do their alarm types do to service?"""

from mainstay.network.alarms.actions.sources import Rule, SourceSettings

TRANSPORT, IP, POWER = "nms-trans", "nms-ip", "nms-power"
NAMES = {TRANSPORT: "传输综合网管", IP: "数据网管", POWER: "动环监控"}
SILENCE_S = 600
"""After how many seconds without a word a source counts as silent, once the demo runs live."""

DOWN, DEGRADED, NONE = 2, 1, 0
RULES = {
    TRANSPORT: (
        Rule(DOWN, "LOS", note="收无光：承载的业务中断"),
        Rule(DOWN, "LOF", note="帧丢失"),
        Rule(DOWN, "LINK_DOWN", "link", note="链路中断"),
        Rule(DOWN, "FIBRE_BREAK", note="光时域反射仪判断断纤"),
        Rule(DOWN, "CARD_FAIL", "card", note="单板故障"),
        Rule(DOWN, "NE_OFFLINE", "device", note="网元脱管并业务中断"),
        Rule(DEGRADED, "SIGNAL_DEGRADE", note="误码劣化"),
        Rule(DEGRADED, "OPTICAL_POWER_LOW", note="光功率偏低"),
        Rule(NONE, "AIS", note="下游告警指示，本身不中断"),
        Rule(NONE, "RDI", note="远端缺陷指示"),
        Rule(NONE, "PROTECTION_SWITCH", note="保护倒换事件"),
        Rule(NONE, "FAN_FAIL", note="风扇故障"),
    ),
    IP: (
        Rule(DOWN, "PORT_DOWN", note="端口中断"),
        Rule(DOWN, "LINK_DOWN", "link", note="链路中断"),
        Rule(DOWN, "CARD_FAIL", "card", note="单板故障"),
        Rule(DOWN, "DEVICE_UNREACHABLE", "device", note="设备不可达并业务中断"),
        Rule(DOWN, "CPE_OFFLINE", "device", note="客户端设备掉线"),
        Rule(DEGRADED, "PACKET_LOSS", note="丢包超门限"),
        Rule(NONE, "CPU_HIGH", note="处理器占用高"),
        Rule(NONE, "BGP_FLAP", note="路由邻居震荡"),
    ),
    POWER: (
        Rule(DOWN, "POWER_LOSS", "site", note="市电与电池均中断：机房内设备停机"),
        Rule(NONE, "MAINS_FAIL", "site", note="市电中断，电池供电"),
        Rule(NONE, "TEMPERATURE_HIGH", note="机房高温"),
        Rule(NONE, "DOOR_OPEN", note="门禁"),
    ),
}  # fmt: skip


def settings(code: str, *, live: bool) -> SourceSettings:
    """Return how a source is read; only the two network managers are listened for, and only once the demo runs live."""
    return SourceSettings(silence_after_s=SILENCE_S if live and code != POWER else 0)


IP_TECHNOLOGIES = frozenset({"ipran", "mpls", "pon", "ptn"})


def source_of(technology: str) -> str:
    """Return which system watches a technology."""
    return IP if technology in IP_TECHNOLOGIES else TRANSPORT


def types_of(source: str) -> tuple[str, str, str]:
    """Return what a source calls a dead port, a dead link, a dead device."""
    return ("PORT_DOWN", "LINK_DOWN", "DEVICE_UNREACHABLE") if source == IP else ("LOS", "LINK_DOWN", "NE_OFFLINE")
