"""axe-core (Deque, MPL 2.0) in a page of the tests: what keeps people from using it.

test/setup --tests fetches it from the registry of npm; it is no part of the project.
"""
import os

VERSION = "4.14.1"
# Of axe-core-4.14.1.tgz, as test/setup fetches it.
ARCHIVE_SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
PATH = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "emoser", f"axe-core-{VERSION}.js")
SERIOUS = ("serious", "critical")
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations", "passes"]}).then(found => done({
    passed: found.passes.length,
    violations: found.violations.map(v => [v.impact, `${v.id}: ${v.nodes.slice(0, 4).map(n => `${n.target.join(" ")} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ""}`).join("; ")}`])
}), error => done({passed: 0, violations: [["critical", String(error)]]}));
"""


def skip_without():
    """Ends a test that needs it where the registry could not be reached."""
    if os.path.exists(PATH):
        return
    print(f"skipped: needs axe-core {VERSION} (test/setup --tests fetches it from registry.npmjs.org)")
    raise SystemExit(0)


def findings(browser):
    """How many of its rules are kept, and those that are not and matter."""
    if not browser.execute_script("return 'axe' in window"):
        with open(PATH, encoding="utf-8") as file:
            browser.execute_script(file.read() + "\nwindow.axe = axe;")
    found = browser.execute_async_script(RUN)
    return found["passed"], [f"{impact}: {text}" for impact, text in found["violations"] if impact in SERIOUS]
