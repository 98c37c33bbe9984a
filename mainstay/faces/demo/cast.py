"""Who works in the demo, and who signs in as a customer?"""

from dataclasses import dataclass

from mainstay.platform.identity.actions import NewUser
from mainstay.platform.identity.choices import Duty

PASSWORD = "mainstay-demo"  # noqa: S105 -- printed at every start of the demo; the demo serves this machine only


@dataclass(frozen=True)
class Member:
    """One of the staff; those who `sign_in` have the demo's password, the others have none."""

    username: str
    name: str
    duty: str
    region: str = "42"
    sign_in: bool = False


STAFF = (
    Member("admin", "系统管理员", Duty.ADMINISTRATOR, "", sign_in=True),
    Member("zhao.lei", "赵磊", Duty.LEADER, sign_in=True),
    Member("qin.yue", "秦岳", Duty.LEADER),
    Member("li.qiang", "李强", Duty.DUTY_OFFICER, sign_in=True),
    Member("tan.jing", "谭静", Duty.DUTY_OFFICER),
    Member("xiong.wei", "熊伟", Duty.DUTY_OFFICER),
    Member("deng.lan", "邓岚", Duty.DUTY_OFFICER),
    Member("shao.feng", "邵峰", Duty.DUTY_OFFICER),
    Member("kong.xue", "孔雪", Duty.DUTY_OFFICER),
    Member("wang.min", "王敏", Duty.ACCOUNT_MANAGER, sign_in=True),
    Member("liu.fang", "刘芳", Duty.ACCOUNT_MANAGER),
    Member("he.lu", "何璐", Duty.ACCOUNT_MANAGER),
    Member("peng.hao", "彭浩", Duty.ACCOUNT_MANAGER),
    Member("cao.ting", "曹婷", Duty.ACCOUNT_MANAGER),
    Member("yuan.bo", "袁博", Duty.ACCOUNT_MANAGER),
    Member("jiang.rui", "江睿", Duty.ACCOUNT_MANAGER),
    Member("fu.xin", "付欣", Duty.ACCOUNT_MANAGER),
    Member("lu.cheng", "陆成", Duty.CUSTOMER_ENGINEER),
    Member("qian.yu", "钱昱", Duty.CUSTOMER_ENGINEER),
    Member("wei.dong", "魏东", Duty.CUSTOMER_ENGINEER),
    Member("su.han", "苏晗", Duty.CUSTOMER_ENGINEER),
    Member("chen.tao", "陈涛", Duty.TECHNICIAN, sign_in=True),
    Member("hu.jun", "胡军", Duty.TECHNICIAN, "4201"),
    Member("luo.gang", "罗刚", Duty.TECHNICIAN, "4202"),
    Member("song.jie", "宋杰", Duty.TECHNICIAN, "4206"),
    Member("ma.chao", "马超", Duty.TECHNICIAN, "4205"),
    Member("guo.liang", "郭亮", Duty.TECHNICIAN, "4210"),
    Member("bai.yun", "白云", Duty.ANALYST),
)
PORTAL = (("zhou.ying", "周颖"), ("wu.tong", "吴桐"), ("he.jing", "何静"))
"""User name and name of customers' people, in the order of the customers that `accounts` gives them."""


def with_duty(duty: str) -> list[str]:
    """Return the user names that hold a duty."""
    return [member.username for member in STAFF if member.duty == duty]


def staff_users() -> list[NewUser]:
    """Return the staff as users."""
    return [
        NewUser(
            member.username,
            member.name,
            PASSWORD if member.sign_in else "",
            ((member.duty, member.region),),
            phone=f"19900099{index:03d}",
            email=f"{member.username}@example.com",
        )
        for index, member in enumerate(STAFF, start=1)
    ]
