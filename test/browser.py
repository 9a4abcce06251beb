"""A headless Chromium, Debian's, for the tests of what is shown in a browser."""
import atexit
import http.server
import json
import shutil
import tempfile
import threading

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    IS_THERE = bool(CHROMIUM and DRIVER)
except ImportError:
    IS_THERE = False

WIDTH, HEIGHT = 1100, 1000


def open_browser(*more_arguments):
    profile = tempfile.mkdtemp(prefix="emoser-browser-")
    # After the tests have quit the browser, whose last processes may still write there.
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    # Its sandbox wants rights that containers don't give; the pages are our own.
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--hide-scrollbars", "--autoplay-policy=no-user-gesture-required", f"--window-size={WIDTH},{HEIGHT}",
                     f"--user-data-dir={profile}", *more_arguments):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(service=Service(DRIVER), options=options)
    browser.get("about:blank")
    # What it has loaded for itself is of no interest.
    browser.get_log("performance")
    return browser


def skip_without():
    """Ends a test that needs a browser where there is none."""
    if IS_THERE:
        return
    print("skipped: needs the packages chromium, chromium-driver and python3-selenium (test/setup --tests installs them)")
    raise SystemExit(0)


def show(browser, width=WIDTH, dark=False):
    """As on a screen of this width; before a page is opened."""
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": width < 600})


def console(browser):
    """What the page has complained about since the last call."""
    return [entry["message"] for entry in browser.get_log("browser")]


def requests(browser):
    """Addresses asked for since the last call, but for data: ones."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    addresses = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [address for address in addresses if not address.startswith("data:")]


def serve(directory):
    """A web server for a directory; returns its address."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=directory)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"
