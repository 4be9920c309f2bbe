"""
Nothing told is heard elsewhere: what callers send is in no log, figure, trace or refusal, nor is any key or password.

It must be so because those who operate a service, and whoever collects its logs, are not those who may know about a child.
"""

from benchmarks.serving.canaries import canaries


def test_canaries() -> None:
    """A word put into every field, header, key, token and address, and into the record's own, is never found in what a service says."""
    told = canaries(postgres=False)
    assert told["found"] == {"output": 0, "metrics": 0, "traces": 0, "errors": 0}
    assert told["sent"] > 200
    assert told["errors"] > 100
    assert told["bytes_of_traces"] > 1000
    assert told["bytes_of_output"] > 1000
