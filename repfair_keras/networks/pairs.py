"""The pairs of networks of this package. Naming one does not import TensorFlow."""

from repfair_keras.networks.network import Network

N = "repfair_keras.networks"

CGAN = Network(
    "cgan",
    f"{N}.cgan:of_spec_generator",
    f"{N}.cgan:of_spec_discriminator",
    f"{N}.sizes:check_cgan",
    ("d_kernel", "g_kernel", "last_kernel", "dropout", "label_scale"),
)
DCGAN = Network("dcgan", f"{N}.dcgan:generator", f"{N}.dcgan:discriminator", f"{N}.sizes:check_stages", ())
RESNET = Network(
    "resnet", f"{N}.resnet:generator", f"{N}.resnet:discriminator", f"{N}.sizes:check_stages", ("depth",)
)
