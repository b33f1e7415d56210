"""Auto-encoders: likelihoods of binarised digits, layers that fall silent, principal components."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

DATA = "../shared/data/mnist"
DRAWN = (
    "training pictures are binarised anew each round by their grey values, the test part once; "
    "nats by 1,000 importance samples on all 10,000 test pictures, a lower bound of log p"
)
BURDA = (
    "Importance weighted autoencoders (Burda, Grosse, Salakhutdinov, 2015, arXiv:1509.00519), "
    "Table 1, one stochastic layer, 5,000 importance samples"
)

PPCA = "nats by which the exact bound is below the likelihood of probabilistic PCA, its optimum"
LINEAR = (
    "the best likelihood and how many latents collapse are known in closed form (Lucas et al., "
    "2019, arXiv:1911.02469)"
)

PROMISES: dict[str, Reproduction] = {
    "vae-mnist": Reproduction(
        system="VAE 200-200-50 on MNIST binarised anew each round",
        recipe="vae-mnist",
        data=DATA,
        promises=(
            Promise("nats", "−log p of the test part", None, 89.0, 86.76, BURDA),
            Promise("active", "latents of 50 that are active", 1.0),
        ),
        seconds=2400.0,
        note=DRAWN,
    ),
    "iwae-mnist": Reproduction(
        system="IWAE with five samples, 200-200-50, on MNIST binarised anew each round",
        recipe="iwae-mnist",
        data=DATA,
        promises=(
            Promise("nats", "−log p of the test part", None, 87.0, 85.54, BURDA),
            Promise("active", "latents of 50 that are active", 1.0),
        ),
        seconds=2700.0,
        note=DRAWN,
    ),
    "vae-iaf-mnist": Reproduction(
        system="VAE 200-200-50 with an inverse autoregressive posterior, and its mean-field twin",
        recipe="vae-iaf-mnist",
        data=DATA,
        promises=(
            Promise("twin_gain", "nats below the mean-field twin; beside it the twin's nats", 1.0),
            Promise("nats", "−log p of the test part", None, 91.0),
        ),
        seconds=2700.0,
        note=f"{DRAWN}; the twin has the same seed, networks and rounds",
    ),
    "ladder-digits": Reproduction(
        system="VAE with four layers of latents, warm-up and free bits, 8x8 digits cut at one half",
        recipe="ladder-digits",
        promises=(
            Promise("rate_upper", "KL of the two upper layers of 8 and 4 latents, nats", 1.5),
            Promise("rate_first", "KL of the lower layer, nats", 1.0),
        ),
        seconds=240.0,
        seeds=3,
        note="on the test part, one draw an example",
    ),
    "ladder-digits-plain": Reproduction(
        system="The same without warm-up and free bits, its twin",
        recipe="ladder-digits-plain",
        promises=(
            Promise("rate_upper", "KL of the two upper layers, nats", None, 0.5),
            Promise("rate_first", "KL of the lower layer, nats", 1.0),
        ),
        seconds=240.0,
        seeds=3,
        note="the upper layers fall silent",
    ),
    "ladder-pictures": Reproduction(
        system="VAE with latents on grids of 14x14 and 7x7 and a row above, MNIST in two levels",
        recipe="ladder-pictures",
        data=DATA,
        promises=(
            Promise("nats_100", "−log p of the test part by 100 samples", None, 95.0),
            Promise("rate_upper", "KL of the two upper layers, nats", 1.5),
        ),
        seconds=2400.0,
        note=DRAWN.replace("1,000 importance", "100 importance"),
    ),
    "ae-linear": Reproduction(
        system="Linear auto-encoder with 8 numbers to a code, 8x8 digits",
        recipe="ae-linear",
        promises=(
            Promise(
                "pca_excess", "squared error above principal components', training part", None, 1e-3
            ),
            Promise("pca_angle", "sine of the largest angle between the subspaces", None, 1e-2),
        ),
        seconds=120.0,
        note="tests hold both to 1e-6, by whole gradients in double precision",
    ),
    "linear-vae": Reproduction(
        system="Linear VAE with 8 latents and a known noise, 442 patients: probabilistic PCA",
        recipe="linear-vae",
        promises=(
            Promise("ppca_gap", PPCA, None, 2e-4),
            Promise(
                "collapsed",
                "latents that collapse, beside the eigenvalues that are not above the noise's",
                1.0,
                1.0,
                relative=True,
            ),
        ),
        seconds=120.0,
        note=f"training part; {LINEAR}",
    ),
    "linear-vae-learned": Reproduction(
        system="The same whose noise is learned",
        recipe="linear-vae-learned",
        promises=(Promise("ppca_gap", PPCA, None, 2e-4),),
        seconds=120.0,
        note=f"training part; {LINEAR}",
    ),
    "ae-digits": Reproduction(
        system="Convolutional auto-encoder on 8x8 digits, codes drawn from a mixture of normals",
        recipe="ae-digits",
        promises=(
            Promise("coverage/judge", "coverage, k = 5", 0.8, relative=True),
            Promise("confident", "share of which a judge is more than 0.9 sure", 0.8),
            Promise(
                "reconstruction",
                "mean squared error of a test pixel, beside that of 8 principal components",
                None,
                0.7,
                relative=True,
            ),
        ),
        seconds=180.0,
        seeds=3,
        note="it has no prior: the law is fitted to the codes of the last 2,048 examples",
    ),
    "dae-digits": Reproduction(
        system="Denoising auto-encoder on 8x8 digits, walked back from noise",
        recipe="dae-digits",
        promises=(
            Promise("coverage/judge", "coverage, k = 5", 0.6, relative=True),
            Promise("confident", "share of which a judge is more than 0.9 sure", 0.6),
        ),
        seconds=180.0,
        seeds=3,
        note="samples keep the noise of the chain's last step",
    ),
    "ae-pictures": Reproduction(
        system="Convolutional auto-encoder with 8 numbers to a code, MNIST",
        recipe="ae-pictures",
        data=DATA,
        promises=(
            Promise(
                "reconstruction",
                "mean squared error of a test pixel in [-1, 1], beside that of 8 principal "
                "components, of which it is at most six tenths",
                None,
                0.6,
                relative=True,
            ),
        ),
        seconds=1500.0,
        note="the run folder's reconstructions.png shows examples above both",
    ),
    "vae-gan-digits": Reproduction(
        system="VAE whose error a critic's features measure (VAE-GAN), 8x8 digits",
        recipe="vae-gan-digits",
        promises=(
            Promise("edges", "edge energy of samples over that of the test part", 0.6, 1.4),
            Promise("seen_alike", "distance to reconstructions in the judge's features", None, 0.5),
        ),
        seconds=180.0,
        seeds=3,
        note="the judge's features are others than the critic's; 1 is the distance of strangers",
    ),
    "dfc-pictures": Reproduction(
        system="VAE that compares features of frozen convolutions (DFC-VAE), MNIST",
        recipe="dfc-pictures",
        data=DATA,
        promises=(
            Promise("edges", "edge energy of samples over that of the test part", 0.6, 1.4),
            Promise("seen_alike", "distance to reconstructions in the judge's features", None, 0.3),
        ),
        seconds=1800.0,
        note="the judge's features are others than those compared; 1 is the distance of strangers",
    ),
    "dfc-pictures-pixels": Reproduction(
        system="The same comparing pixels alone, its twin",
        recipe="dfc-pictures-pixels",
        data=DATA,
        promises=(
            Promise("edges", "edge energy of samples over that of the test part", None, 1.0),
            Promise("seen_alike", "distance to reconstructions in the judge's features", 0.0),
        ),
        seconds=1800.0,
        note="to be read beside dfc-pictures",
    ),
}
