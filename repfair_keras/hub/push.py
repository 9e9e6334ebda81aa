"""A finished run's generator, its card and its report, onto a hub."""

import shutil
import tempfile
from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.hub.address import client, read_address, refused
from repfair_keras.hub.card import with_results
from repfair_keras.runs.stored import stored_run


def push(folder, address, license, private=False):
    """Pushes a run's exported generator.

    Args:
        folder: folder of a finished run.
        address: `hf://user/name`; the repository is made where there is none.
        license: identifier of the licence that the weights are under.
        private: whether a repository that is made is private.

    Returns:
        Address of the commit on the hub, a URL.

    Raises:
        InputError: if the run is not finished, or the hub refuses.
    """
    from repfair_keras.evaluation.report import read_report_file

    place = read_address(address)
    if place.revision:
        raise InputError(f"address is {address!r}: a revision is made by pushing; expected hf://user/name.")
    if not license:
        raise InputError(
            "license is not given: which one are the weights under? As --license apache-2.0, or other; data may carry "
            "conditions."
        )
    hub = client()
    run, config = stored_run(folder)
    run.check_finished()
    report = read_report_file(run.report)
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary) / "generator"
        shutil.copytree(run.generator, made)
        shutil.copy(run.report, made / "report.json")
        card = made / "README.md"
        name = place.repository.split("/")[1]
        card.write_text(with_results(card.read_text("utf-8"), report, name, license), encoding="utf-8")
        try:
            api = hub.HfApi()
            api.create_repo(place.repository, private=private, exist_ok=True)
            message = f"{config.method.name} on {config.data.dataset}, seed {config.training.seed}"
            done = api.upload_folder(repo_id=place.repository, folder_path=made, commit_message=message)
        except Exception as error:  # of the hub's library, of its HTTP client, of the network
            raise refused(place, error) from error
    return str(done.commit_url)
