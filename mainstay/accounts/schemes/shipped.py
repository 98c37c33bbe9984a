"""Which scheme models are shipped, as examples to begin with? Ours; no operator's, and no competitor's name (D4)."""

from typing import Final

from mainstay.accounts.schemes.actions.models import NewCounter, NewModel, NewPart

_SURVEY: Final = NewPart("work", "现场勘查与施工", counting="per_site", one_time_fen=80_000)
_ROUTER: Final = NewPart("equipment", "接入路由器", counting="per_site", one_time_fen=320_000)

MODELS: Final = (
    NewModel(
        "branch-dual-homing", "网点双归接入方案", "dual_homing",
        "总部与各网点分别由两个局站接入，主用与备用电路的管道、局站、设备全部分离；任一局站或光缆中断，业务自动切到另一方向。",
        (
            NewPart("product", "主用 MSTP 专线", "mstp-line", "MSTP", "per_site"),
            NewPart("product", "备用数据专线", "data-line", "PON", "per_site", speed_kbps=2_048),
            _ROUTER, _SURVEY,
        ),
        customer_kinds=("group", "organisation"), industries=("J",),
        drawing="客户总部 | MSTP 主用 | 汇聚局甲 | 传输网 | 网点\n客户总部 | PON 备用 | 汇聚局乙 | 数据网 | 网点",
        parameters=(("切换时间", "< 50 ms"), ("路由分离", "管道、局站、设备")),
        advantages="主备路由物理分离，可提供路由图备查\n"
                   "保障等级可按网点分别选 AAA、AA\n一个客户经理、一张工单受理全部网点",
        limits="两个方向都须有管道资源，无资源时需先做建设评估\n备用电路带宽低于主用，切换后仅保障生产业务",
        counters=(NewCounter("竞争对手甲", "单链路专线加 4G 备份",
                             "4G 备份与主用同局站汇聚，局站故障时同时中断；"
                             "我方主备局站分离，并在月报中给出可用率与切换记录。"),),
    ),
    NewModel(
        "branch-vpn", "多分支 MPLS VPN 组网方案", "vpn",
        "总部与分支通过 MPLS VPN 组成全网状专网，分支间直接互通，带宽按点选择，新增分支不改动已有节点。",
        (
            NewPart("product", "MPLS VPN 端口", "mpls-vpn", "IPRAN", "per_site"),
            _ROUTER, _SURVEY,
        ),
        customer_kinds=("group", "organisation"),
        drawing="客户总部 | IPRAN | PE 路由器甲 | MPLS 骨干 | PE 路由器乙 | IPRAN | 分支",
        parameters=(("业务等级", "金、银、铜三级 QoS"),),
        advantages="新增分支当地接入，总部不动\n三级 QoS 区分语音、视频、数据\n跨省一点受理、一张账单",
        limits="跨省分支时限按省际标准",
        counters=(NewCounter("竞争对手乙", "互联网 IPSec VPN",
                             "互联网路径不承诺时延与可用率；MPLS VPN 有月可用率承诺与赔偿条款，故障由网管主动发现。"),),
    ),
    NewModel(
        "idc-access", "数据中心专线接入方案", "idc_access",
        "客户总部以两条 OTN 精品专线接入本地数据中心机柜，硬管道、低时延，可按周扩容。",
        (
            NewPart("product", "OTN 精品专线", "otn-line", "OTN", quantity=2, speed_kbps=1_048_576),
            NewPart("product", "数据中心托管", "idc", quantity=1),
            _SURVEY,
        ),
        drawing="客户总部 | OTN 甲路由 | 数据中心\n客户总部 | OTN 乙路由 | 数据中心",
        parameters=(("单向时延", "< 1 ms（同城）"),),
        advantages="硬管道独享带宽\n甲乙双路由，网管可视",
        limits="仅限已通 OTN 的楼宇",
    ),
    NewModel(
        "internet-dual-exit", "互联网双出口方案", "internet",
        "两条互联网专线由不同局站接入，地址由我方统一分配，出口故障时自动改道。",
        (NewPart("product", "互联网专线", "internet-line", "PON", quantity=2), _SURVEY),
        drawing="客户 | 互联网专线 甲 | 城域网核心甲\n客户 | 互联网专线 乙 | 城域网核心乙",
        advantages="双局站接入，单局站故障不断网\n一个 112 服务台受理",
        limits="跨运营商双出口需客户自备地址",
    ),
    NewModel(
        "mobile-backup", "APN 无线备份方案", "backup",
        "专线为主、APN 无线为备：网点路由器检测到专线中断后自动拨入客户专网，适合抢通与临时网点。",
        (
            NewPart("product", "APN 专线（总部）", "apn", "LTE/5G", quantity=1, speed_kbps=10_240),
            NewPart("equipment", "无线路由器", counting="per_branch", one_time_fen=180_000),
            NewPart("equipment", "物联网卡流量包", counting="per_branch", monthly_fen=5_000),
        ),
        drawing="网点 | 专线 主用 | 总部\n网点 | LTE/5G 备用 | APN 网关 | 隧道 | 总部",
        parameters=(("切换时间", "30–60 s"),),
        advantages="无需第二方向管道，两天可开通\n临时网点可先用无线、后补专线",
        limits="无线信号与小区拥塞影响带宽，不作为 AAA 电路的唯一备份",
    ),
)  # fmt: skip
"""Codes, words, parts. Prices of equipment and work are examples; products cost what the operator's tariffs say."""
