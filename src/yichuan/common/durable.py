"""What has to outlive a loss of power."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """See to it that a file's content, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
