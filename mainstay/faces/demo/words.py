"""What the demo's commands print, in Chinese and English side by side: whoever starts it reads one of the two."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

STAGES = {
    "promise profiles": "承诺方案",
    "users": "用户",
    "customers": "大客户",
    "contacts": "联系人",
    "contracts": "合同",
    "resources": "网络资源",
    "circuits": "电路",
    "alarm sources": "告警源",
    "promises missed last month": "上月未达标承诺",
    "bills": "账单",
    "compensations": "赔偿",
    "customers with points": "有积分的客户",
    "documents": "报告文档",
    "samples": "性能采样",
    "rows of exports": "网管导出行",
    "senders": "消息发送通道",
    "incidents": "事件",
    "tickets": "工单",
    "standards": "基础资料",
    "network drawn": "绘制网络",
    "customers drawn": "绘制客户",
    "lines drawn": "绘制电路",
    "cases drawn": "抽取事项",
    "routes": "路由",
    "hops": "路由跳",
    "findings": "搜索条目",
    "entries": "处理记录",
    "departments": "部门",
    "clocks": "时限",
    "pauses": "挂起",
    "impacts": "影响",
    "alarms": "告警",
    "reports": "告警上报",
    "indexes": "索引与核对",
    "letters": "通知",
    "messages": "消息",
    "judged again": "重新判定",
    "live": "当前状态",
}
LOADING = "载入演示省份 / Loading the demo province"
LIVING = "经历过去 {days} 天 / Living through the last {days} days"
TOOK = "    {stage} {seconds:.1f} s"
SO_FAR = "    {count:,} / {of:,}"
JUDGED = (
    "    重新判定工单 {tickets} 张，差异 {differences} 处，{seconds:.1f} s"
    " / {tickets} tickets judged again, {differences} differences"
)
ROUTES_HOLD = "    核对路由 {count} 条，全部连通 / {count} routes checked, all join up"
STARTED = "    影响判定启动 {seconds:.1f} s / impact worker started"
BROKEN_OFF = (
    "上次载入没有完成；请换一个空数据库，并删除 {file}。"
    " / The last load was broken off; give an empty database, and remove {file}."
)
NOT_EMPTY = (
    "数据库不是空的；请换一个 MAINSTAY_HOME。/ The database is not empty; use another MAINSTAY_HOME for a new province."
)
PORT_TAKEN = (
    "端口 {port} 已被占用；请换一个，例如 PORT={other} make demo。/ "
    "Port {port} is taken; choose another, e.g. PORT={other} make demo."
)
FAILED = "“{step}”失败，见上。/ “{step}” failed, see above."
NOT_READY = "网页一分钟内没有就绪；日志在 {home}。/ The pages were not ready within a minute; the logs are in {home}."
DIED = (
    "{name} 退出（{code}），{wait:.0f} 秒后重启；{log} / {name} ended ({code}), starting again in {wait:.0f} s; {log}"
)
STOPPED = "演示已停止 / The demo has stopped"
CUT = "链路 {code} 已切断，{count} 条告警 / Link {code} cut, {count} reports"
RESTORED = "链路 {code} 已恢复，{count} 条清除 / Link {code} restored, {count} clears"
RING = "{customer} 的 {grade} 电路 {number} / circuit {number} ({grade}) of {customer}"
FIRST_CUT = "切断工作路由 {code}：失去保护，客户时限不计 / working path cut at {code}: unprotected, no customer's clock"
SECOND_CUT = "切断保护路由 {code}：中断，时限开始 / protection path cut at {code}: down, clocks start"
FIRST_BACK = "恢复 {code}：业务恢复，仍无保护 / {code} restored: up again, still unprotected"
SECOND_BACK = "恢复 {code}：一切正常 / {code} restored: all is well"
STORM = "{count} 条告警将在 {seconds:.0f} 秒内送入 / {count} alarms come in within {seconds:.0f} s"
POURED = "已送入 {count} 条；用 --calm 清除 / {count} sent; clear them with --calm"
CALMED = "已清除 {count} 条告警 / {count} alarms cleared"

_DUTIES = {
    "administrator": "系统管理员 administrator",
    "leader": "主管 leader",
    "duty_officer": "值班员 duty officer",
    "account_manager": "客户经理 account manager",
    "technician": "装维 technician",
}


class Member(Protocol):
    """What is said of one of the staff."""

    @property
    def username(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def duty(self) -> str: ...
    @property
    def sign_in(self) -> bool: ...


def said(stage: str) -> str:
    """Return a stage in both languages."""
    return f"{STAGES[stage]} ({stage})"


def welcome(address: str, home: Path, staff: Sequence[Member], portal: Sequence[str], password: str) -> str:
    """Return address, users and three things to try."""
    people = [f"    {m.username:<10} {m.name}  {_DUTIES[m.duty]}" for m in staff if m.sign_in]
    people += [f"    {name:<10} 客户联系人 customer's contact → {address}/portal/" for name in portal]
    return "\n".join(
        (
            "",
            f"  砥柱 Mainstay: {address}",
            f"  口令 password (所有用户 all users): {password}",
            *people,
            "",
            "  试一试 / Three things to try",
            f"  1. li.qiang → {address}/wall  看告警变成客户与时限 / watch alarms become customers and clocks",
            f"  2. MAINSTAY_HOME={home} .venv/bin/mainstay demo ring",
            "     依次切断一条 AAA 电路的两条路由 / cut both ways of an AAA circuit, one after the other",
            "  3. 按 / 搜客户名、拼音首字母或电路编号 / press / and search a name, pinyin initials or a circuit number",
            "",
            "  Ctrl-C 停止 / stops everything",
        )
    )
