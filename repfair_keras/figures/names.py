"""Methods as figures and tables name them."""

METHOD_NAMES = {
    "gan": "plain GAN",
    "repfair": "RepFair-GAN",
    "alternation_only": "alternation only",
    "clipping_only": "clipping only",
    "real_step": "experiments on the real step",
    "group_balanced": "group-balanced batches",
    "group_cgan": "group-conditional GAN",
    "stacked_gan": "stacked GAN",
    "boosted_gan": "boosted ensemble",
    "vae_wgan_gp": "VAE + WGAN-GP",  # FLD-WGAN-GP without the penalty
    "fair_vae": "fair VAE",
    "fld_wgan_gp": "FLD-WGAN-GP",
    "fld_lsgan": "FLD-LSGAN",
    "fld_dm": "FLD-DM",
    "cart": "CART",
    "fair_trees": "fair trees",
    "tab_ddpm": "TabDDPM",
    "tab_fairgan": "TabFairGAN",
}


def method_name(method):
    """Returns a method's name as it is written in text; one that is not known stays as it is."""
    return METHOD_NAMES.get(method, method)


def count_of_seeds(n):
    """Returns a number of seeds as text."""
    return f"{n} seed" if n == 1 else f"{n} seeds"
