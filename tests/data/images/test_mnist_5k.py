import numpy as np


def test_the_digits_are_complete_and_sorted_by_class(digit_images):
    assert digit_images.pixels.shape == (5000, 28, 28, 1)
    assert digit_images.pixels.dtype == np.uint8
    assert (digit_images.pixels.min(), digit_images.pixels.max()) == (0, 255)
    np.testing.assert_array_equal(digit_images.labels, np.repeat(np.arange(10), 500))
    assert digit_images.labels.dtype == np.int32
    assert digit_images.class_names == tuple("0123456789")
    assert digit_images.default_grouping == "invert"


def test_the_digits_are_those_of_mnist(digit_images, shared_data):
    with np.load(shared_data / "mnist.npz") as mnist:
        known = {
            image.tobytes(): label for image, label in zip(mnist["x_train"], mnist["y_train"], strict=True)
        }
        known |= {
            image.tobytes(): label for image, label in zip(mnist["x_test"], mnist["y_test"], strict=True)
        }
    found = [known[image.tobytes()] for image in digit_images.pixels]
    np.testing.assert_array_equal(found, digit_images.labels)
