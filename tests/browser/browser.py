"""A real Chromium, driven over its DevTools pipe with the standard library
alone: Browser() starts one without a network, page(path) opens a file and
tells everything that went wrong while it loaded."""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time


class Page:
    def __init__(self, browser, target, session):
        self.browser, self.target, self.session = browser, target, session
        self.dialogs, self.requests, self.violations = [], [], []
        self.errors, self.loaded = [], False

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def run(self, script):
        """The value of an expression, awaited."""
        answer = self.call("Runtime.evaluate", expression=script,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def go(self, script, wait=10):
        """Run what leads to another page, and wait for that."""
        self.loaded = False
        self.run(script)
        end = time.monotonic() + wait
        while not self.loaded and time.monotonic() < end:
            self.browser.pump(0.05)

    def key(self, name, code):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                      windowsVirtualKeyCode=code)
        if name == "Enter":
            self.call("Input.dispatchKeyEvent", type="char", text="\r")

    def open(self, path, wait=20):
        self.loaded = False
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        end = time.monotonic() + wait
        while not self.loaded and time.monotonic() < end:
            self.browser.pump(0.05)
        self.run("new Promise(r => setTimeout(r, 30))")
        return self.loaded

    def picture(self, path, whole=True):
        answer = self.call("Page.captureScreenshot", format="png",
                           captureBeyondViewport=whole)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))

    def pdf(self, path, inches=(8.27, 11.69)):
        """The paper is the reader's: the style names none."""
        answer = self.call("Page.printToPDF", preferCSSPageSize=True,
                           paperWidth=inches[0], paperHeight=inches[1],
                           printBackground=True)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": name}])

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
        self.browser.pages.pop(self.session, None)


class Browser:
    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if program is None:
            raise SystemExit("no chromium: apt-get install chromium")
        self.profile = tempfile.mkdtemp(prefix="postmortem-browser.")
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f'exec "$0" "$@" 3<&{to_read} 4>&{to_write}',
             program, "--headless=new", "--remote-debugging-pipe",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync",
             "--host-resolver-rules=MAP * ~NOTFOUND",
             f"--user-data-dir={self.profile}", "about:blank"],
            pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.number, self.buffer, self.answers = 0, b"", {}
        self.pages = {}

    def call(self, method, session=None, **params):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        end = time.monotonic() + 60
        while number not in self.answers:
            if time.monotonic() > end:
                raise TimeoutError(method)
            self.pump(0.2)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def pump(self, seconds):
        if not select.select([self.back], [], [], seconds)[0]:
            return
        data = os.read(self.back, 1 << 20)
        if not data:
            raise RuntimeError("the browser is gone")
        *messages, self.buffer = (self.buffer + data).split(b"\0")
        for message in messages:
            self.take(json.loads(message))

    def take(self, message):
        if "id" in message:
            self.answers[message["id"]] = message
            return
        page = self.pages.get(message.get("sessionId"))
        if page is None:
            return
        method, params = message["method"], message["params"]
        if method == "Page.javascriptDialogOpening":
            page.dialogs.append(params["message"])
            self.number += 1
            os.write(self.to, json.dumps({
                "id": self.number, "sessionId": page.session,
                "method": "Page.handleJavaScriptDialog",
                "params": {"accept": False}}).encode() + b"\0")
        elif method == "Network.requestWillBeSent":
            page.requests.append(params["request"]["url"])
        elif method == "Audits.issueAdded":
            page.violations.append(json.dumps(params["issue"])[:300])
        elif method == "Log.entryAdded":
            page.violations.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            page.errors.append(params["exceptionDetails"]["text"])
        elif method == "Page.loadEventFired":
            page.loaded = True

    def page(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target,
                            flatten=True)["sessionId"]
        page = Page(self, target, session)
        self.pages[session] = page
        for domain in ("Page", "Network", "Runtime", "Log", "Audits"):
            page.call(domain + ".enable")
        page.size(1280, 900)
        return page

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        for end in (self.to, self.back):
            os.close(end)
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
