"""The page to play with, in a browser: the slider moves, images appear, and what is counted follows."""

import functools
import http.server
import json
import threading
from pathlib import Path

import pytest

DEMO = Path(__file__).resolve().parents[1] / "docs" / "demo"


def test_it_is_small_and_asks_nobody_else():
    files = [path for path in DEMO.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 6e6
    about = json.loads((DEMO / "models" / "about.json").read_text("utf-8"))
    assert [one["file"] for one in about["generators"]] == ["plain.onnx", "repfair.onnx", "modern.onnx"]
    assert all((DEMO / "models" / one["file"]).is_file() for one in about["generators"])
    assert {one["grouping"] for one in about["generators"]} == {"invert"}
    for path in (*DEMO.glob("*.html"), *DEMO.glob("*.js"), *DEMO.glob("*.css")):
        assert "://" not in path.read_text("utf-8"), path


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(DEMO)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(chromium, address):
    """The page, opened."""
    chromium.set_window_size(1200, 1500)
    chromium.get(address)
    return chromium


def moved(browser, slider, value):
    """Moves a slider as a hand does, and waits until all is drawn."""
    browser.execute_async_script(
        """
        const [name, value, done] = arguments, slider = document.getElementById(name);
        if (value !== null) {
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        }
        (function wait() {
            if (["done", "failed"].includes(document.body.dataset.state)) done(); else setTimeout(wait, 50);
        })();
        """,
        slider,
        value,
    )


def panel(browser, name):
    """What a panel says, and how much its picture differs from one colour."""
    return browser.execute_script(
        """
        const panel = document.getElementById(arguments[0]), canvas = panel.querySelector("canvas");
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        let low = 255, high = 0;
        for (let i = 0; i < pixels.length; i += 4) { low = Math.min(low, pixels[i]); high = Math.max(high, pixels[i]); }
        return { counted: +panel.dataset.counted, missing: panel.dataset.missing === "true", text: panel.innerText,
                 range: high - low };
        """,
        name,
    )


@pytest.mark.slow
@pytest.mark.parametrize("share", [50, 20, 85])
def test_counted_shares_follow_the_slider(browser, share):
    moved(browser, "share", None)
    moved(browser, "share", share)
    assert browser.find_element("id", "asked").text == f"{share} %"
    for name in ("repfair", "modern"):
        found = panel(browser, name)
        assert abs(100 * found["counted"] - share) <= 5, found
        assert not found["missing"]
        assert found["range"] > 200
    plain = panel(browser, "plain")
    assert plain["range"] > 200
    assert plain["missing"], "this plain GAN has lost a group"
    assert "cannot be had" in plain["text"]


@pytest.mark.slow
def test_new_noise_makes_other_images(browser):
    moved(browser, "share", 50)
    before = browser.execute_script("return document.querySelector('#repfair canvas').toDataURL()")
    browser.find_element("id", "again").click()
    moved(browser, "share", None)
    assert browser.execute_script("return document.querySelector('#repfair canvas').toDataURL()") != before


@pytest.mark.slow
def test_rows_follow_what_is_asked(browser):
    def counted():
        found = browser.execute_script("return {...document.getElementById('table').dataset}")
        return {name: float(value) for name, value in found.items()}

    moved(browser, "women", 70)
    found = counted()
    assert abs(found["women"] - 0.7) < 0.002
    assert found["womenHigh"] < 0.13 and found["menHigh"] > 0.28
    browser.execute_script(
        "const choice = document.getElementById('fairness'); choice.value = 'independent';"
        "choice.dispatchEvent(new Event('input', { bubbles: true }));"
    )
    found = counted()
    assert abs(found["womenHigh"] - found["menHigh"]) < 0.01
    assert len(browser.find_elements("css selector", "#table tr")) == 9


@pytest.mark.slow
def test_nothing_went_wrong_on_the_page(browser):
    assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_is_wider_than_the_screen(browser, width):
    size = {
        "width": width,
        "height": 900,
        "deviceScaleFactor": 1,
        "mobile": width < 500,
    }  # narrower than any window
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    inside = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert inside[1] == width
    assert inside[0] <= inside[1]
