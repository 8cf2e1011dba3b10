"""What a look says of itself, in Chinese: its sentences are a closed list, kept in English."""

import re

# English, Chinese. \N are the groups; the longer of two that begin alike stands first.
SENTENCES = (
    (r"the column needs a browser, and (.+) is not installed: `make extras` installs it",
     r"该栏目须用浏览器读取，而本机未装 \1：`make extras` 可以安装"),
    (r"(\d+) of (\d+) entries are no longer listed", r"原有 \2 条中有 \1 条不再列出"),
    (r"(\d+) of (\d+) entries left the list without being gone:", r"\2 条离开列表，其中 \1 条的地址并未失效："),
    (r"no entry, and the page asks for a script, a password or a code", "没有条目，且页面要求脚本、密码或验证码"),
    (r"no entry, and the page speaks of an error", "没有条目，且页面提示出错"),
    (r"a page that asks for a script, a password or a code", "页面要求脚本、密码或验证码"),
    (r"the list page has no entry", "列表页没有条目"),
    (r"the page is called “(.*?)”", r"页面题为“\1”"),
    (r"expected a page, got (\S+)", r"应为网页，得到 \1"),
    (r"(\d+) of (\d+) characters cannot be read in any encoding", r"\2 个字符中有 \1 个用任何编码都无法读出"),
    (r"a title that cannot be read in any encoding", "有标题用任何编码都无法读出"),
    (r"speaks of (\d+) pages, (\d+) were found", r"自称有 \1 页，只找到 \2 页"),
    (r"speaks of (\d+) entries, (\d+) were found", r"自称有 \1 条，只找到 \2 条"),
    (r"the list has (\d+) pages, and how to reach them was not found", r"列表有 \1 页，未能找到翻页的办法"),
    (r"the list goes on by a script only", "列表只能由脚本继续"),
    (r"the list goes on when it is scrolled", "滚动页面时列表才继续"),
    (r"exactly (\d+) rows, and nothing says that they are all", r"恰为 \1 行，且未见说明是否为全部"),
    (r"the page speaks of (\d+) pages, and how to reach them was not found", r"页面称有 \1 页，未能找到翻页的办法"),
    (r"(\d+) reports are opened by a script only", r"\1 份报告只能由脚本打开"),
    (r"the next page is reached by a script only", "下一页只能由脚本打开"),
    (r"a pager that could not be read \((.*?)\)", r"有未能读懂的翻页（\1）"),
    (r"a copy that a cache has kept for (\d+) hours", r"缓存保存了 \1 小时的副本"),
    (r"more than (\d+) list pages", r"列表页超过 \1 页"),
    (r" lists what (\S+) lists", r"与 \1 所列相同"),
    (r" repeats (\S+)", r"与 \1 内容相同"),
    (r"robots\.txt of (\S+) forbids (\S+)", r"\1 的 robots.txt 不允许访问 \2"),
    (r"the name cannot be resolved", "域名无法解析"),
    (r"no answer in time", "未在时限内答复"),
    (r"fewer bytes came than were announced", "收到的字节少于所声明的"),
    (r"the connection was refused", "连接被拒"),
    (r"the connection broke", "连接中断"),
    (r"the unpacked body is larger than we take", "解压后的内容超过上限"),
    (r"the body is larger than we take", "内容超过上限"),
    (r"the body is empty", "内容为空"),
    (r"the page has no end", "页面没有结尾"),
    (r"the encrypted connection failed", "加密连接失败"),
    (r"more redirects than we follow", "跳转次数过多"),
    (r"answered (\d+) and leads to a (\S+) address", r"答复 \1，并指向 \2 地址"),
    (r"answered (\d+) without a place to go", r"答复 \1，但没有去处"),
    (r"answered (\d+)", r"答复 \1"),
    (r"could not be asked", "未能询问"),
    (r" led to (\S+): moved, to be verified", r" 转到 \1：已迁移，待核实"),
    (r" led to (\S+)", r" 转到 \1"),
    (r"a page that only leads to (\S+)", r"只转到 \1 的页面"),
    (r"its script leads to (\S+)", r"其脚本转到 \1"),
    (r"a part of the page failed", "页面的一部分未能取得"),
    (r"its scripts did not come to rest in (\d+) s", r"其脚本 \1 秒内没有停下"),
    (r"the browser failed", "浏览器出错"),
    (r"(\S+) is no host of the registry", r"\1 不在登记的主机之列"),
    (r"port (\d+) of (\S+) is not in the registry", r"\2 的 \1 端口未登记"),
    (r"(\S+) is not a public address", r"\1 不是公网地址"),
    (r"(\S+) leads to (\d+\.\d+\.\d+\.\d+)", r"\1 指向 \2"),
    (r"is no web address", "不是网址"),
    (r" \(led there by a redirect\)", "（由跳转而来）"),
    (r"our own fault", "本站自身故障"),
    (r"the crawl was stopped", "抓取被中止"),
    (r"the run's (\d+) requests are used up", r"本次 \1 个请求的额度用尽"),
    (r"the run's (\d+) seconds are used up", r"本次 \1 秒的时限已到"),
    (r"(\d+) kept but not looked into for attachments", r"\1 份已存档而未查附件"),
    (r"(\d+) on hosts that are not in the registry were not followed", r"\1 条指向未登记的主机，未跟随"),
    (r"(\d+) left for the next look", r"\1 份留待下次查看"),
)  # fmt: skip


def compiled(sentences):
    """Pairs of an English pattern and its Chinese, ready for `in_chinese`."""
    return tuple((re.compile(english), chinese) for english, chinese in sentences)


_FOUND = compiled(SENTENCES)


def in_chinese(text, found=_FOUND):
    """The sentences of a look's detail in Chinese; what is not in the list (a fault of a library) stays as it is."""
    for english, chinese in found:
        text = english.sub(chinese, text)
    return text
