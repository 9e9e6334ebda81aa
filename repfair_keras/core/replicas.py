"""Random numbers that do not depend on how many devices share a batch."""

import tensorflow as tf


def of_replica(draw, n):
    """Returns what this replica has of numbers drawn for the whole batch, which replicas share in order.

    Args:
        draw: function from a number of images to random numbers, a row for each.
        n: images of this replica, an integer tensor; each replica has as many.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return draw(n)
    first = context.replica_id_in_sync_group * n
    return draw(n * context.num_replicas_in_sync)[first : first + n]
