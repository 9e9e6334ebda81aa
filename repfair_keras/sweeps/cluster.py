"""Where a sweep's runs are executed: processes of this machine, or the workers of a dask scheduler."""

import contextlib
import logging
import signal
import sys
from multiprocessing import resource_tracker

from repfair_keras.core.errors import InputError
from repfair_keras.core.extras import needed

# One thread per process: the cores are for runs side by side, not for one run on all of them.
THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
ENVIRONMENT = {
    **dict.fromkeys(THREADS, "1"),
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
}
# What has to be there when a process starts. dask's own list also has malloc give memory back to the system
# at once; TensorFlow then asks for the same pages in every step: .3 of a worker's CPU time in fld_alpha.
BEFORE_START = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
PATIENCE = 20  # seconds to wait for a scheduler to answer


def scheduling():
    """Returns the module `distributed`, which comes with the extra `sweeps`."""
    return needed("distributed", "sweeps")


@contextlib.contextmanager
def local(workers):
    """Yields a dask client of so many processes of this machine, with one thread each."""
    dask, distributed = needed("dask", "sweeps"), scheduling()
    settings = {
        "distributed.worker.daemon": False,
        "distributed.nanny.pre-spawn-environ": BEFORE_START,
        "distributed.worker.profile.enabled": False,  # which looks at the stacks of a worker 100 times a second
        "logging.distributed": "critical",
    }
    place = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": ":0", "env": ENVIRONMENT}
    logging.getLogger("distributed").propagate = False  # to a root logger that some library has set up
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(settings))
        with _ctrl_c_held_back():
            cluster = stack.enter_context(distributed.LocalCluster(silence_logs=logging.CRITICAL, **place))
        yield stack.enter_context(distributed.Client(cluster))


@contextlib.contextmanager
def _ctrl_c_held_back():
    """Keeps Ctrl-C for the main thread of this process, and for later.

    Threads that start inside do not get the signal, nor do the processes that they start: a worker would end
    with a traceback, where this process ends it in good order. Without such signals, nothing is done.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its start, by the first process, would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def remote(address):
    """Yields a dask client of the scheduler at an address.

    Raises:
        InputError: if there is none, or a worker would make several runs at once in one process.
    """
    distributed = scheduling()
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise InputError(
            f"there is no dask scheduler at {address} ({error}): expected an address such as "
            "tcp://host:8786. Start one with `dask scheduler`, and workers with "
            "`dask worker ADDRESS --nthreads 1`."
        ) from error
    with client:
        check_workers(client.scheduler_info(n_workers=-1)["workers"])
        yield client


def check_workers(workers):
    """Raises `InputError` for a worker with several threads: seeds and models belong to a process."""
    if not workers:
        print("The scheduler has no workers yet; waiting for them.", file=sys.stderr)
    for name, worker in workers.items():
        if worker["nthreads"] != 1:
            raise InputError(
                f"the worker at {name} has {worker['nthreads']} threads: expected 1, as it would make so "
                "many runs at once in one process. Start it with `dask worker ADDRESS --nthreads 1`, and "
                "one for each run at a time; TensorFlow takes the cores that it may use."
            )


def cores():
    """Number of cores that this process may use."""
    return needed("dask.system", "sweeps").CPU_COUNT
