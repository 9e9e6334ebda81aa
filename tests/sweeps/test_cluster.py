"""Processes of this machine: what they are started with."""

import os
import signal

from repfair_keras.sweeps import cluster


def test_workers_have_one_thread_and_leave_ctrl_c_to_the_main_process(monkeypatch):
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)  # dask sets it, unless told otherwise
    with cluster.local(1) as client:
        assert len(client.scheduler_info()["workers"]) == 1, "as many workers as asked for, not as cores"
        blocked = client.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result()
        threads = client.submit(os.getenv, "OMP_NUM_THREADS").result()
        trim = client.submit(os.getenv, "MALLOC_TRIM_THRESHOLD_").result()
        assert client.submit(os.getpid).result() != os.getpid()
    assert signal.SIGINT in blocked
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, []), "Ctrl-C works here"
    assert threads == "1"
    assert trim is None, "memory that is used again in every step is kept"
