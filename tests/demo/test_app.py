"""The local page on a run, in a browser: it draws what is asked for, and counts it."""

import time

import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.commands import main as commands
from repfair_keras.core.errors import InputError
from repfair_keras.demo.app import make_app

pytest.importorskip("gradio", reason="no Gradio: pip install -e .[demo]")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def opened(chromium):
    """Function that serves the app of a folder, opens it, and returns the browser."""
    apps = []

    def opens(folder):
        app = make_app(folder)
        apps.append(app)
        _, address, _ = app.launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
        chromium.set_window_size(1200, 1600)
        chromium.get(address)
        return chromium

    yield opens
    for app in apps:
        app.close()


def waited(browser, ready, seconds=60):
    """Waits until the page is as a function of its text, and of the browser, says."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        text = browser.find_element("tag name", "body").text
        if ready(text):
            return text
        time.sleep(0.2)
    raise AssertionError(text)


def set_number(browser, label, value):
    """Writes a number into the field of a slider."""
    browser.execute_script(
        """
        const field = document.querySelector(`input[type=number][aria-label="number input for ${arguments[0]}"]`);
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, arguments[1]);
        for (const kind of ["input", "change", "blur"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
        """,
        label,
        str(value),
    )


def draw(browser):
    next(one for one in browser.find_elements("tag name", "button") if one.text == "Draw").click()


def cells(text):
    """Lines of the table of groups: name, asked for, counted."""
    words = text[text.index("counted (%)") :].splitlines()[1:]
    return {words[i]: words[i + 1 : i + 3] for i in range(0, 4, 2 + 1) if i + 2 < len(words)}


def test_rows_in_the_shares_that_are_asked_for(opened, tmp_path):
    sex = ["f", "m"] * 60
    frame = pd.DataFrame(
        {"sex": sex, "age": [20 + i % 50 for i in range(120)], "rich": ["no", "no", "yes"] * 40}
    )
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    run = rf.train(data, method="cart", out=tmp_path / "people", n=60, figures=False, verbose=0)
    browser = opened(run.path)
    assert cells(waited(browser, lambda text: "50.0" in text and "rows" in text))["f"] == ["50.0", "50.0"]
    set_number(browser, "f", 90)
    set_number(browser, "m", 10)
    draw(browser)
    found = cells(waited(browser, lambda text: "90.0" in text))
    assert (found["f"], found["m"]) == (["90.0", "90.0"], ["10.0", "10.0"])
    set_number(browser, "f", 0)
    set_number(browser, "m", 0)
    draw(browser)
    waited(browser, lambda text: "all sliders are at 0" in text)


def test_images_of_a_generator_without_a_classifier_are_shown_as_drawn(opened):
    browser = opened("saved_models/repfair_mnist")
    text = waited(browser, lambda text: "counted (%)" in text)
    end = time.monotonic() + 60
    while len(browser.find_elements("css selector", ".grid-container img, .gallery img, img")) < 40:
        assert time.monotonic() < end, text
        time.sleep(0.2)
    assert "no classifier that could count them" in text


def test_what_does_not_fit_is_said(tmp_path):
    with pytest.raises(InputError, match="port is 70000: expected 1 to 65535"):
        commands.main(["demo", "saved_models/repfair_mnist", "--port", "70000"])
    with pytest.raises(InputError):
        commands.main(["demo", str(tmp_path)])
