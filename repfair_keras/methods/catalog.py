"""The methods of this package. Naming one does not import TensorFlow: what trains is named by its place."""

from repfair_keras.methods.method import Method
from repfair_keras.methods.settings import (
    ClippingSettings,
    FairVAESettings,
    GANSettings,
    LatentDiffusionSettings,
    LatentGANSettings,
    RealStepSettings,
    StackedGANSettings,
    boosted_settings,
)
from repfair_keras.methods.tabular.settings_tab_ddpm import TabDDPMSettings
from repfair_keras.methods.tabular.settings_tab_fairgan import TabFairGANSettings
from repfair_keras.methods.tabular.settings_trees import FairTreesSettings, TreeSettings
from repfair_keras.registry import IMAGES, TABLES

M, LATENT = "repfair_keras.methods", "repfair_keras.methods.fair_latent"
NETWORK = f"{M}.checks:check_network"

GAN = Method("gan", f"{M}.gan:gan", GANSettings, check=NETWORK, title="plain GAN")
GROUP_BALANCED = Method(
    "group_balanced", f"{M}.gan:group_balanced", GANSettings, check=NETWORK, title="group-balanced batches"
)
GROUP_CGAN = Method(
    "group_cgan",
    f"{M}.gan:group_cgan",
    GANSettings,
    check=f"{NETWORK}_of_groups",
    title="group-conditional GAN",
)
REPFAIR = Method("repfair", f"{M}.repfair:repfair", ClippingSettings, check=NETWORK, title="RepFair-GAN")
CLIPPING_ONLY = Method(
    "clipping_only", f"{M}.repfair:clipping_only", ClippingSettings, check=NETWORK, title="clipping only"
)
ALTERNATION_ONLY = Method(
    "alternation_only", f"{M}.repfair:alternation_only", GANSettings, check=NETWORK, title="alternation only"
)
REAL_STEP = Method(
    "real_step",
    f"{M}.real_step:real_step",
    RealStepSettings,
    check=f"{M}.checks:check_real_step",
    may_grow=False,  # weights are of parts of the whole
    title="experiments on the real step",
)
STACKED_GAN = Method(
    "stacked_gan",
    f"{M}.stacked_gan:stacked_gan",
    StackedGANSettings,
    check=f"{M}.checks:check_classes",
    title="stacked GAN",
)
BOOSTED_GAN = Method(
    "boosted_gan",
    f"{M}.boosted_gan:boosted_gan",
    boosted_settings,
    check=f"{M}.checks:check_base",
    may_grow=False,
    title="boosted ensemble",
)
OF_LATENTS = {"modalities": (IMAGES, TABLES), "makes_images": False}
FAIR_VAE = Method(
    "fair_vae",
    f"{LATENT}.fair_vae:fair_vae",
    FairVAESettings,
    check=f"{M}.checks:check_noise",
    title="fair VAE",
    **OF_LATENTS,
)
FLD_WGAN_GP = Method(
    "fld_wgan_gp",
    f"{LATENT}.latent_gan:fld_wgan_gp",
    LatentGANSettings,
    check=f"{M}.checks:check_rows",
    title="FLD-WGAN-GP",
    **OF_LATENTS,
)
FLD_LSGAN = Method(
    "fld_lsgan",
    f"{LATENT}.latent_gan:fld_lsgan",
    LatentGANSettings,
    check=f"{M}.checks:check_rows",
    title="FLD-LSGAN",
    **OF_LATENTS,
)
FLD_DM = Method(
    "fld_dm",
    f"{LATENT}.diffusion:fld_dm",
    LatentDiffusionSettings,
    check=f"{M}.checks:check_noise",
    title="FLD-DM",
    **OF_LATENTS,
)
ROWS = f"{M}.tabular"
OF_ROWS = {"modalities": (TABLES,), "makes_images": False, "encoding": "faithful"}
CART = Method("cart", f"{ROWS}.trees:cart", TreeSettings, title="CART", may_grow=False, **OF_ROWS)
FAIR_TREES = Method(
    "fair_trees",
    f"{ROWS}.fair_trees:fair_trees",
    FairTreesSettings,
    title="fair trees",
    may_grow=False,
    **OF_ROWS,
)
TAB_DDPM = Method(
    "tab_ddpm",
    f"{ROWS}.tab_ddpm:tab_ddpm",
    TabDDPMSettings,
    check=f"{M}.checks:check_rows",
    title="TabDDPM",
    may_grow=False,  # the rate falls over the whole
    **OF_ROWS,
)
TAB_FAIRGAN = Method(
    "tab_fairgan",
    f"{ROWS}.tab_fairgan:tab_fairgan",
    TabFairGANSettings,
    check=f"{M}.checks:check_rows",
    title="TabFairGAN",
    may_grow=False,  # the first phase is a part of the whole
    **OF_ROWS,
)
