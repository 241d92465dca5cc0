"""The card that says where the numbers come from: closed one line, open all facts of the run."""

import json

import pytest

from scripts.blog import hugo
from tests.pages import parse
from tests.site.pages import POST

MACHINE = {
    "cpu_model": "Some CPU",
    "architecture": "x86_64",
    "system": "Linux 6.1",
    "cpu_count": 2,
    "affinity_count": 2,
    "quota_cores": None,
    "cores": 2,
    "smt": False,
    "memory_bytes": 2**34,
}
RUNTIME = {
    "id": "python3.11",
    "implementation": "CPython",
    "version": "3.11.7",
    "build": "main",
    "gil": True,
    "switch_interval_s": 0.005,
    "start_method": "fork",
    "ways": ["for_loop"],
    "clock": {},
}
STEADY = {
    "speeds": [],
    "resolution": 0.02,
    "control_differs": False,
    "disturbed": 3,
    "samples": 2000,
}


def card(html: str) -> tuple[str, dict[str, str]]:
    """The line that is always seen, and the facts by name."""
    (details,) = parse(html).find("details", "run")
    (line,) = details.find("summary")
    names, texts = ([node.text.strip() for node in details.find(tag)] for tag in ("dt", "dd"))
    return line.text.strip(), dict(zip(names, texts, strict=True))


@pytest.fixture
def cards(project):
    """The cards of a run of which some is as given: in Chinese, and in English."""

    def build(**given):
        data = project.load_measured()
        data["sessions"] = data["sessions"][:1] * 2
        data |= {"apart_h": 1.5, "run_id": "20000101T000000Z-00000000", "above_ceiling": []}
        data |= {"finished": "2000-01-01T00:00:00Z", "quick": False, "runtimes": [RUNTIME]}
        data |= {"machine": MACHINE, "steadiness": STEADY, **given}
        project.measured.write_text(json.dumps(data), encoding="utf-8")
        hugo.build(project)
        pages = (project.root / "public" / folder / POST / "index.html" for folder in ("", "en"))
        return [card(page.read_text(encoding="utf-8")) for page in pages]

    return build


def test_the_card_holds_all_facts_of_the_run(cards):
    """In both languages the same."""
    chinese, (line, facts) = cards()
    calm = "2 sessions, the machine was calm"
    assert line == f"Some CPU, 2 cores, CPython 3.11.7, January 1, 2000, {calm}"
    assert facts == {
        "Machine": "Some CPU; Linux 6.1; x86_64",
        "Cores": "2, all of them for the program; no SMT",
        "Memory": "16.0 GiB",
        "CPython 3.11.7": "with a GIL, handed over every 5 ms; processes started by fork; main",
        "Sessions": "2 sessions, 1.5 hours from first to last, 2,000 timed runs",
        "Steadiness": "3 of 2,000 runs were disturbed by other programs; "
        "the same thing measured twice came out the same; nothing below 2.0% is decided",
        "Record": "20000101T000000Z-00000000; The full record (JSON)",
    }
    assert chinese == (
        "Some CPU，2核，CPython 3.11.7，2000年1月1日，测了2次，机器平静",
        {
            "机器": "Some CPU；Linux 6.1；x86_64",
            "核数": "2个，程序全都能用；没开超线程",
            "内存": "16.0 GiB",
            "CPython 3.11.7": "有GIL，每5毫秒可交接一次；进程以fork方式启动；main",
            "次数": "测了2次，头尾相隔1.5小时，计时2,000段",
            "稳不稳": "2,000段里有3段受到别的程序干扰；同一件事测两遍，没有测出差别；"
            "小于2.0%的差别不算数",
            "记录": "20000101T000000Z-00000000；完整记录（JSON）",
        },
    )


def test_a_quick_and_disturbed_run_says_so_without_being_opened(cards):
    """As does the quota; what the system does not tell is left out."""
    machine = {**MACHINE, "quota_cores": 1.5, "smt": None, "memory_bytes": None}
    speeds = [{"two_speeds": True, "apart": 1.2}]
    steady = {**STEADY, "disturbed": 300, "control_differs": True, "speeds": speeds}
    (line, facts), _ = cards(quick=True, machine=machine, steadiness=steady)
    assert line.endswith("，机器不太平静 快速试跑：规模很小，数字只供参考")
    assert facts["核数"] == "程序可用2个；系统有2个，允许用2个；配额1.5个"
    assert "内存" not in facts
    assert facts["稳不稳"] == (
        "2,000段里有300段受到别的程序干扰；同一件事测两遍也测出了差别，数字要打些折扣；"
        "小于2.0%的差别不算数；机器有两种速度，快慢之比是1.20"
    )
