"""The ways to run the same jobs, exactly as the post shows them; ways.py says more of each."""

from concurrent import futures
from multiprocessing import get_context


def for_loop(job, arguments, workers, start_method):
    """One job after the other, in this thread."""
    return [job(argument) for argument in arguments]


def threads(job, arguments, workers, start_method):
    """A pool of threads in this process."""
    with futures.ThreadPoolExecutor(workers) as pool:
        return list(pool.map(job, arguments))


def processes(job, arguments, workers, start_method):
    """A pool of processes, started as `start_method` says."""
    context = get_context(start_method)
    with futures.ProcessPoolExecutor(workers, context) as pool:
        return list(pool.map(job, arguments))


def interpreters(job, arguments, workers, start_method):
    """A pool of interpreters in this process, each with a GIL of its own (Python 3.14)."""
    with futures.InterpreterPoolExecutor(workers) as pool:
        return list(pool.map(job, arguments))


def dask(job, arguments, workers, start_method):
    """A cluster of Dask: a scheduler in this process, and worker processes of one thread each."""
    from scripts.measure import cluster

    with cluster.executor(workers) as pool:
        return list(pool.map(job, arguments))


def joblib(job, arguments, workers, start_method):
    """Processes of joblib, started by its usual backend, loky."""
    from scripts.measure import parallel

    with parallel.pool(workers) as pool:
        return list(pool.map(job, arguments))
