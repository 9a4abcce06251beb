"""The service's page in a browser, for the scripts test/shell/web_page*, one for each topic:

    corpus, service, page = begin_page(__file__)
    play(page, page.open, a_part, another_part)
"""
import json
import os
import time

import browser as chromium
from server import begin, check, finish, run, wait_until
from service import TOKEN, Service, prepare

chromium.skip_without()
from selenium.common.exceptions import ElementClickInterceptedException
from selenium.webdriver.common.by import By

PICTURES = ["segments", "explanation", "picture"]
SHOWN = "return document.querySelector(arguments[0])?.naturalWidth > 0"


def begin_page(script, voice=None, **settings):
    """The corpus, the service with some of it and these settings, and a browser with a microphone that hears one recording."""
    corpus = begin(script)
    prepare(corpus)
    microphone = []
    if voice:
        path = os.path.join(os.environ["EMOSER_SCRATCH"], "microphone.wav")
        with open(path, "wb") as file:
            file.write(bytes.fromhex(run(f"SELECT encode(emoser_wav(emoser_samples(audio, 48000), 48000), 'hex') FROM recordings WHERE file_name = '{voice}';")))
        microphone = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={path}"]
    service = Service(**settings)
    return corpus, service, Page(service.url, *microphone)


def play(page, *parts):
    try:
        for part in parts:
            part()
    finally:
        page.browser.quit()
    finish()


class Page:
    """A browser that shows the service's page."""

    def __init__(self, url, *arguments):
        self.url = url
        self.browser = chromium.open_browser(*arguments)
        self.addresses = set()
        self.show_as(1280, False)

    def open(self):
        """With the token, anew."""
        self.browser.get(f"{self.url}/#token={TOKEN.replace(' ', '%20')}")
        self.browser.refresh()
        self.until("recordings are listed", lambda: len(self.browser.find_elements(By.CSS_SELECTOR, "#pick-list button")) > 50)

    def show_as(self, width, is_dark):
        self.width = width
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}]})

    def at(self, name):
        return self.browser.find_element(By.ID, name)

    def text(self, name):
        return self.at(name).text

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def click(self, element):
        wait_until(lambda: self._try_click(element))

    def _try_click(self, element):
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        try:
            element.click()
        except ElementClickInterceptedException:  # a picture that came just now has moved it
            return False
        return True

    def until(self, name, condition, timeout_s=20):
        good = wait_until(lambda: bool(condition()), timeout_s)
        return check(name, good, "" if good else f"{self.text('result')[:200]!r} {self.text('training')[:200]!r} {self.console()}")

    def visible(self, name):
        return self.at(name).is_displayed()

    def open_pictures(self):
        """Of the recording as a whole; they are drawn when somebody wants them."""
        self.run("document.querySelectorAll('#result-body > details.picture').forEach(d => { d.open = true; })")

    def delay(self, seconds):
        """Answers come so much later."""
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": False, "latency": 1000 * seconds, "downloadThroughput": -1, "uploadThroughput": -1})

    def console(self, *expected):
        """Errors in the console, but for failed requests of these statuses."""
        for entry in self.browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.addresses.add(message["params"]["request"]["url"])
        return [entry["message"][:300] for entry in self.browser.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING") and not any(f"status of {status}" in entry["message"] for status in expected)]

    def screenshot(self, name):
        directory = os.environ.get("EMOSER_SCREENSHOTS")
        if not directory:
            return
        height = self.run("return document.documentElement.scrollHeight")
        size = {"width": self.width, "deviceScaleFactor": 1, "mobile": self.width < 500}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**size, "height": height})
        time.sleep(0.3)
        self.browser.save_screenshot(os.path.join(directory, f"{name}.png"))
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**size, "height": 900})
