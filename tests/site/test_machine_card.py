"""The card that says where the numbers come from: closed one line, open all facts of the run."""

import json

from scripts.blog import hugo
from scripts.record import load
from tests.pages import parse
from tests.site.pages import POST


def card(html: str) -> tuple[str, dict[str, str]]:
    """The line that is always seen, and the facts by name."""
    (details,) = parse(html).find("details", "run")
    (line,) = details.find("summary")
    names, texts = ([node.text.strip() for node in details.find(tag)] for tag in ("dt", "dd"))
    return line.text.strip(), dict(zip(names, texts, strict=True))


def test_the_card_holds_all_facts_of_the_run(site, sources):
    """In both languages the same facts, from the record."""
    line, facts = card((site.folder / "en" / POST / "index.html").read_text(encoding="utf-8"))
    assert line == "Measured on Generated CPU, 2 cores, CPython 3.11.7, January 1, 2000, 5 rounds"
    names = ["Machine", "Cores", "Memory", "CPython 3.11.7", "CPython 3.13.1"]
    names += ["Load before", "Steadiness", "Record", "Code"]
    assert list(facts) == names
    assert facts["Machine"] == "Generated CPU; Linux 6.1; x86_64"
    assert facts["Cores"] == "2 for the program; the system has 2, 2 may be used; no SMT"
    assert facts["Load before"] == "0.10"
    assert facts["Record"] == "20000101T000000Z-00000000; The full record (JSON)"
    code = load(sources.current_record()).code_sha256
    assert facts["Code"] == f"SHA-256 of the measuring code: {code[:12]}…"
    chinese = card((site.folder / POST / "index.html").read_text(encoding="utf-8"))[1]
    assert len(chinese) == len(facts)


def test_a_quick_and_disturbed_run_says_so_without_being_opened(project):
    """As does the quota; what the system does not tell is left out."""
    data = project.load_measured()
    data["quick"] = True
    data["machine"] |= {"quota_cores": 1.5, "smt": None, "memory_bytes": None}
    data["steadiness"] |= {"disturbed": 3, "load_before": None}
    project.measured.write_text(json.dumps(data), encoding="utf-8")
    hugo.build(project)
    line, facts = card((project.root / "public" / POST / "index.html").read_text(encoding="utf-8"))
    assert "快速试跑：规模很小，数字只供参考" in line
    assert f"{data['steadiness']['samples']} 次测量中有 3 次受到别的程序干扰" in line
    assert facts["核数"] == "程序可用 2 个；系统有 2 个，允许用 2 个；配额 1.5 个"
    assert "内存" not in facts and "开测前的负载" not in facts
