"""A headless Firefox, Debian's firefox-esr, told what to do by its own protocol, Marionette: no driver is needed.

Messages are JSON behind their length, such as 35:[0,1,"WebDriver:Navigate",{"url":…}]; names and parameters of commands
are those of geckodriver's sources, which speaks the same.
"""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
START_S = 60
LIGHT, DARK = 1, 0
PREFERENCES = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "media.autoplay.default": 0,
}


def skip_without():
    """Ends a test that needs it where there is none."""
    if FIREFOX:
        return
    print("skipped: needs the package firefox-esr (test/setup --tests installs it)")
    raise SystemExit(0)


class Firefox:
    """A window."""

    def __init__(self):
        self._profile = tempfile.mkdtemp(prefix="emoser-firefox-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with open(os.path.join(self._profile, "user.js"), "w", encoding="ascii") as file:
            for name, value in {**PREFERENCES, "marionette.port": port}.items():
                file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
        environment = {**os.environ, "HOME": self._profile, "MOZ_HEADLESS": "1", "MOZ_DISABLE_CONTENT_SANDBOX": "1"}
        self._process = subprocess.Popen([FIREFOX, "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", self._profile, "about:blank"],
                                         env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._buffer, self._n_sent = b"", 0
        try:
            self._socket = self._connect(port)
            self._message()  # what it is
            self.do("WebDriver:NewSession", capabilities={"alwaysMatch": {}})
        except BaseException:
            self.quit()
            raise

    def _connect(self, port):
        deadline = time.monotonic() + START_S
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=START_S)
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.1)

    def _message(self):
        while b":" not in self._buffer:
            self._receive()
        size, self._buffer = self._buffer.split(b":", 1)
        while len(self._buffer) < int(size):
            self._receive()
        text, self._buffer = self._buffer[:int(size)], self._buffer[int(size):]
        return json.loads(text)

    def _receive(self):
        part = self._socket.recv(65536)
        if not part:
            raise SystemExit("Firefox has gone")
        self._buffer += part

    def do(self, command, **parameters):
        self._n_sent += 1
        text = json.dumps([0, self._n_sent, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self._message()
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result

    def get(self, url):
        self.do("WebDriver:Navigate", url=url)

    def run(self, script, *arguments):
        return self.do("WebDriver:ExecuteScript", script=script, args=list(arguments))["value"]

    def run_async(self, script, *arguments):
        """The script's last argument is a function to call with the answer."""
        return self.do("WebDriver:ExecuteAsyncScript", script=script, args=list(arguments))["value"]

    def element(self, selector):
        return list(self.do("WebDriver:FindElement", using="css selector", value=selector)["value"].values())[0]

    def click(self, selector):
        self.do("WebDriver:ElementClick", id=self.element(selector))

    def type(self, selector, text):
        self.do("WebDriver:ElementSendKeys", id=self.element(selector), text=text)

    def _in_browser(self, script, *arguments):
        self.do("Marionette:SetContext", value="chrome")
        try:
            return self.run(script, *arguments)
        finally:
            self.do("Marionette:SetContext", value="content")

    def show_as(self, width, is_dark):
        self.do("WebDriver:SetWindowRect", width=width, height=900)
        self._in_browser("Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', arguments[0])", DARK if is_dark else LIGHT)

    def console(self, url):
        """Errors of scripts and policies at this address."""
        return self._in_browser("""
            return Services.console.getMessageArray().filter(m => m instanceof Ci.nsIScriptError && !(m.flags & Ci.nsIScriptError.warningFlag)
                && m.sourceName.startsWith(arguments[0])).map(m => m.errorMessage.slice(0, 300))""", url)

    def quit(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)
